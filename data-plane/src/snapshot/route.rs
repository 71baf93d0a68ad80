//! Which model goes where: one look-up per request.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use ferrogw_config::catalog::{self, Price};
use ferrogw_config::{policy, suggest};
use ferrogw_llm::redact::Redactor;

use super::target::{Claim, Target};
use crate::plugin::Plugins;
use crate::strategy::Strategy;

/// The compiled configuration.
#[derive(Debug)]
pub struct Routes {
    /// How targets are chosen.
    pub strategy: Strategy,
    /// All targets, in the configuration's order.
    pub targets: Vec<Arc<Target>>,
    /// What looks on as requests are served.
    pub plugins: Plugins,
    /// Longest request body, in bytes.
    pub max_request_bytes: usize,
    /// End-to-end bound on one request; on a stream, up to its first content.
    pub request_timeout: Option<Duration>,
    /// Every model by name, aliases included, with whoever serves it.
    pub(super) models: HashMap<Box<str>, Arc<[Offer]>>,
    /// Hides the secrets of all targets, should a provider quote them back.
    pub(crate) redactor: Redactor,
    pub(super) aliases: BTreeMap<String, String>,
    pub(super) listing: Listing,
}

/// One target's way of serving one model.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The target.
    pub target: Arc<Target>,
    /// The model in the vendor's spelling.
    pub model: Arc<str>,
    /// Prompt and answer together, in tokens; `None`: unknown.
    pub context_window: Option<u64>,
    /// What it costs; `None`: unknown, which is not free.
    pub pricing: Option<Pricing>,
}

/// A price and where it comes from.
#[derive(Debug, Clone)]
pub struct Pricing {
    /// The price.
    pub price: &'static Price,
    /// Its source, e.g. `catalog:openai/gpt-4o`.
    pub rule: Arc<str>,
}

/// What `GET /v1/models` answers, spelt out once per configuration.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    pub(super) all: Bytes,
    pub(super) each: BTreeMap<Box<str>, Bytes>,
}

impl Default for Routes {
    fn default() -> Self {
        Self {
            strategy: Strategy::default(),
            targets: Vec::new(),
            plugins: Plugins::default(),
            max_request_bytes: policy::DEFAULT_MAX_REQUEST_BYTES,
            request_timeout: None,
            models: HashMap::new(),
            redactor: Redactor::default(),
            aliases: BTreeMap::new(),
            listing: Listing::of(&BTreeMap::new()),
        }
    }
}

impl Routes {
    /// Who serves `model`, aliases resolved; empty: nobody.
    #[must_use]
    pub fn offers(&self, model: &str) -> Arc<[Offer]> {
        match self.models.get(model) {
            Some(offers) => Arc::clone(offers),
            None => self.claims(model),
        }
    }

    /// Every name that the operator or the catalog gave a model, in the client's spelling and in the vendor's.
    pub(crate) fn models_by_name(&self) -> impl Iterator<Item = &str> {
        let of_targets = self.targets.iter().flat_map(|target| target.models().chain(target.vendor_models()));
        of_targets.chain(self.aliases.values().map(String::as_str))
    }

    /// The models whose names are most like `name`, at most three.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Vec<&str> {
        let mut found = Vec::new();
        while found.len() < 3 {
            let others = self.listing.each.keys().map(AsRef::as_ref).filter(|known| !found.contains(known));
            match suggest::nearest(name, others) {
                Some(nearest) => found.push(nearest),
                None => break,
            }
        }
        found
    }

    /// The models as `GET /v1/models` lists them.
    #[must_use]
    pub fn model_list(&self) -> Bytes {
        self.listing.all.clone()
    }

    /// One model as `GET /v1/models/{id}` shows it.
    #[must_use]
    pub fn model_entry(&self, id: &str) -> Option<Bytes> {
        self.listing.each.get(id).cloned()
    }

    /// Works out who serves `model`. Firm claims win over loose ones; the order is the configuration's.
    pub(super) fn claims(&self, model: &str) -> Arc<[Offer]> {
        let known = catalog::knows_model(model);
        let pool = self.strategy.pool(&self.targets);
        let claims: Vec<_> = pool.iter().filter_map(|target| Some((target, target.claim(model, known)?))).collect();
        let best = match claims.iter().any(|(_, (claim, _))| *claim == Claim::Firm) {
            true => Claim::Firm,
            false => Claim::Loose,
        };
        claims.into_iter().filter(|(_, (claim, _))| *claim == best).map(|(target, (_, vendor))| target.offer(vendor)).collect()
    }
}

impl Listing {
    /// Spells out `models`: each name with the offer that would be tried first.
    pub(super) fn of(models: &BTreeMap<&str, &Offer>) -> Self {
        let each: BTreeMap<Box<str>, Bytes> = models.iter().map(|(id, offer)| ((*id).into(), entry(id, offer))).collect();
        let mut all = br#"{"object":"list","data":["#.to_vec();
        for (at, entry) in each.values().enumerate() {
            if at > 0 {
                all.push(b',');
            }
            all.extend_from_slice(entry);
        }
        all.extend_from_slice(b"]}");
        Self { all: all.into(), each }
    }
}

fn entry(id: &str, offer: &Offer) -> Bytes {
    let known = offer.target.provider.model(&offer.model);
    let mut entry = serde_json::json!({
        "id": id,
        "object": "model",
        "created": 0,
        "owned_by": offer.target.provider.id,
    });
    if let Some(tokens) = offer.context_window {
        entry["context_window"] = tokens.into();
    }
    if let Some(tokens) = known.map(|known| known.max_output).filter(|tokens| *tokens > 0) {
        entry["max_output_tokens"] = tokens.into();
    }
    if let Some(mode) = known.map(|known| known.mode) {
        entry["mode"] = match mode {
            catalog::Mode::Chat => "chat",
            catalog::Mode::Embedding => "embedding",
            catalog::Mode::Other => "other",
        }
        .into();
    }
    Bytes::from(entry.to_string())
}

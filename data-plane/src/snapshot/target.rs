//! A provider with credentials, as routing and sending see it.

use std::collections::HashMap;
use std::sync::Arc;

use ferrogw_config::catalog::{self, Provider, Surface};
use ferrogw_config::policy::{AttemptLimits, RetryPolicy};
use ferrogw_llm::Operation;
use ferrogw_providers::Wire;
use http::HeaderMap;

use super::endpoint::Endpoint;
use super::route::{Offer, Pricing};
use crate::exchange::LONGEST_MODEL;
use crate::vitals::TargetVitals;

/// A provider with credentials.
pub struct Target {
    /// The name that routing, records and metrics use.
    pub name: Arc<str>,
    /// Its provider's catalog entry.
    pub provider: &'static Provider,
    /// How its provider spells.
    pub wire: &'static dyn Wire,
    /// Time limits of an attempt at a whole answer.
    pub whole: AttemptLimits,
    /// Time limits of an attempt at a stream.
    pub streamed: AttemptLimits,
    /// When and how often an attempt is repeated.
    pub retry: RetryPolicy,
    /// How it is doing.
    pub vitals: Arc<TargetVitals>,
    pub(super) access: Result<Access, String>,
    pub(super) models: Models,
}

/// Where a target is and what opens it.
pub struct Access {
    /// The API root.
    pub endpoint: Endpoint,
    /// Every header that does not depend on the request, the credential among them.
    pub headers: HeaderMap,
}

/// Which models a target serves.
pub(super) struct Models {
    /// Public name → the vendor's name.
    pub table: HashMap<Box<str>, Arc<str>>,
    pub beyond: Beyond,
}

/// Which models a target serves beyond its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beyond {
    /// None: the operator listed what it serves.
    Nothing,
    /// Those that no catalog entry of any provider knows: models of yesterday.
    Unknown,
    /// All: the operator said so.
    Everything,
}

/// How firmly a target claims a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claim {
    /// By its list, by its catalog, or because nobody knows the model.
    Firm,
    /// Its provider takes ids that no list can enumerate, so it may well have this one; yields to any firm claim.
    Loose,
}

impl Target {
    /// Why nothing can be sent to it; `None`: it is routable.
    #[must_use]
    pub fn obstacle(&self) -> Option<&str> {
        self.access.as_ref().err().map(String::as_str)
    }

    /// Where it is and what opens it; `None`: it is not routable.
    #[must_use]
    pub fn access(&self) -> Option<&Access> {
        self.access.as_ref().ok()
    }

    /// The secrets that are sent to it.
    pub(super) fn secrets(&self) -> impl Iterator<Item = &str> {
        let headers = self.access().into_iter().flat_map(|access| access.headers.values());
        let secret = headers.filter(|value| value.is_sensitive()).filter_map(|value| value.to_str().ok());
        secret.map(|text| text.strip_prefix("Bearer ").or(text.strip_prefix("Basic ")).unwrap_or(text))
    }

    /// The names of the models that it is known to serve, in no particular order.
    pub fn models(&self) -> impl Iterator<Item = &str> {
        self.models.table.keys().map(AsRef::as_ref)
    }

    /// What the provider calls them.
    pub(super) fn vendor_models(&self) -> impl Iterator<Item = &str> {
        self.models.table.values().map(AsRef::as_ref)
    }

    /// Whether it serves models beyond [`Target::models`].
    #[must_use]
    pub fn serves_any_model(&self) -> bool {
        self.models.beyond != Beyond::Nothing
    }

    /// Whether it can answer `operation`, natively or by way of chat.
    #[must_use]
    pub fn offers(&self, operation: Operation) -> bool {
        match operation {
            Operation::Chat | Operation::Completions => self.provider.serves(Surface::Chat) || self.speaks(operation, ""),
            Operation::Embeddings => self.provider.serves(Surface::Embeddings),
        }
    }

    /// Whether it answers `operation` natively for the vendor's `model`.
    #[must_use]
    pub fn speaks(&self, operation: Operation, model: &str) -> bool {
        let surface = match operation {
            Operation::Chat => Surface::Chat,
            Operation::Completions => Surface::Completions,
            Operation::Embeddings => Surface::Embeddings,
        };
        self.provider.serves_model(surface, model)
    }

    /// How firmly it claims `model`, and under which vendor's name.
    pub(super) fn claim(&self, model: &str, known_to_catalog: bool) -> Option<(Claim, Arc<str>)> {
        if let Some(vendor) = self.models.table.get(model) {
            return Some((Claim::Firm, Arc::clone(vendor)));
        }
        let claim = match self.models.beyond {
            // A name that nobody could have given a model, and that would be kept with every record.
            _ if model.len() > LONGEST_MODEL => return None,
            Beyond::Nothing => return None,
            Beyond::Everything => Claim::Firm,
            Beyond::Unknown if !known_to_catalog => Claim::Firm,
            Beyond::Unknown if self.provider.any_model => Claim::Loose,
            Beyond::Unknown => return None,
        };
        Some((claim, model.into()))
    }

    /// What it offers for the vendor's `model`.
    pub(super) fn offer(self: &Arc<Self>, model: Arc<str>) -> Offer {
        let known = self.provider.model(&model);
        let pricing = known
            .and_then(|known| known.price.as_ref())
            .map(|price| Pricing { price, rule: format!("catalog:{}/{model}", self.provider.id).into() });
        let context_window = known.map(|known| known.context_window).filter(|tokens| *tokens > 0);
        Offer { target: Arc::clone(self), context_window, pricing, model }
    }
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Target({} at {})", self.name, self.provider.id)
    }
}

impl Models {
    /// What the catalog lists for `provider`, and names that nobody knows.
    pub(super) fn of_catalog(provider: &'static Provider) -> Self {
        let known = provider.models.iter().filter(|model| model.mode != catalog::Mode::Other);
        Self { table: known.map(|model| (model.id.into(), model.id.into())).collect(), beyond: Beyond::Unknown }
    }

    /// All models; those of the catalog are the ones that a list shows.
    pub(super) fn everything(provider: &'static Provider) -> Self {
        Self { beyond: Beyond::Everything, ..Self::of_catalog(provider) }
    }

    /// Exactly these: (public name, vendor's name).
    pub(super) fn exactly<'a>(names: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        Self { table: names.map(|(public, vendor)| (public.into(), vendor.into())).collect(), beyond: Beyond::Nothing }
    }
}

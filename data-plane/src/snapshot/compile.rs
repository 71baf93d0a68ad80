//! From a checked configuration to what this worker can serve of it.

mod targets;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use ferrogw_config::{Checked, Issue, Severity, catalog};
use ferrogw_llm::redact::Redactor;

use self::targets::Targets;
use super::route::{Listing, Offer};
use super::target::{Access, Models};
use super::{Endpoint, Routes, Snapshot, Target};
use crate::environment::Environment;
use crate::plugin::Plugins;
use crate::strategy::Strategy;
use crate::vitals::Vitals;

/// A configuration, ready to be put in force.
#[derive(Debug)]
pub struct Compiled {
    /// What to serve.
    pub routes: Arc<Routes>,
    /// What this worker lacks: targets that are not routable here, and why.
    pub warnings: Vec<Issue>,
}

impl Snapshot {
    /// Compiles a configuration for this worker.
    ///
    /// # Errors
    ///
    /// Every issue that makes the document unfit for this worker, such as a `${VAR}` that is not set here.
    pub fn compile(checked: &Checked, environment: &Environment, vitals: &Vitals) -> Result<Compiled, Vec<Issue>> {
        let config = checked.config();
        let mut targets = Targets::new(environment, vitals);
        let compiled = checked.targets().iter().enumerate().filter_map(|(at, target)| targets.compile(at, target)).collect();
        let Targets { mut errors, warnings, .. } = targets;
        let strategy = Strategy::of(config.strategy.mode).ok_or("strategy.mode");
        let plugins = Plugins::of(&config.plugins);
        errors.extend(strategy.err().map(not_served));
        errors.extend(plugins.as_ref().err().map(|path| not_served(path)));
        let (true, Ok(strategy), Ok(plugins)) = (errors.is_empty(), strategy, plugins) else { return Err(errors) };
        let mut routes = Routes {
            strategy,
            targets: compiled,
            plugins,
            max_request_bytes: config.body_limit(),
            request_timeout: config.request_limit(),
            aliases: config.aliases.clone(),
            ..Routes::default()
        };
        routes.redactor = Redactor::new(routes.targets.iter().flat_map(|target| target.secrets()));
        routes.index();
        Ok(Compiled { routes: Arc::new(routes), warnings })
    }
}

impl Routes {
    /// The routes of the demo provider, which answers at `endpoint`: it takes every model.
    #[must_use]
    pub fn demo(endpoint: Endpoint, vitals: &Vitals) -> Arc<Self> {
        let target = demo_target(endpoint, vitals, Models::everything(catalog::demo()));
        let mut routes = Self { targets: vec![Arc::new(target)], ..Self::default() };
        routes.index();
        Arc::new(routes)
    }

    /// Adds the demo provider for its own models, unless the configuration gives their names to somebody else.
    pub fn add_demo(&mut self, endpoint: Endpoint, vitals: &Vitals) {
        let own = catalog::demo().models.iter().map(|model| model.id);
        let target = Arc::new(demo_target(endpoint, vitals, Models::exactly(own.clone().map(|name| (name, name)))));
        for name in own {
            self.models.entry(name.into()).or_insert_with(|| Arc::new([target.offer(name.into())]));
        }
        self.targets.push(target);
        self.listing = Listing::of(&listed(&self.models));
    }

    /// Works out once who serves each model that anybody named.
    fn index(&mut self) {
        let pool = self.strategy.pool(&self.targets);
        let named: BTreeSet<&str> = pool.iter().flat_map(|target| target.models()).collect();
        let mut models: HashMap<Box<str>, Arc<[Offer]>> =
            named.into_iter().map(|name| (name.into(), self.claims(name))).collect();
        for (alias, model) in &self.aliases {
            let offers = models.get(model.as_str()).cloned().unwrap_or_else(|| self.claims(model));
            models.insert(alias.as_str().into(), offers);
        }
        self.listing = Listing::of(&listed(&models));
        self.models = models;
    }
}

fn demo_target(endpoint: Endpoint, vitals: &Vitals, models: Models) -> Target {
    let (provider, settings) = (catalog::demo(), ferrogw_config::Target::default());
    Target {
        name: provider.id.into(),
        provider,
        wire: ferrogw_providers::wire(catalog::WireId::OpenAi),
        whole: settings.attempt_limits(false),
        streamed: settings.attempt_limits(true),
        retry: settings.retry_policy(),
        vitals: vitals.of(provider.id, provider.id),
        access: Ok(Access { endpoint, headers: targets::plain_headers() }),
        models,
    }
}

/// Models that would be routed now, with the offer that would be tried first.
fn listed(models: &HashMap<Box<str>, Arc<[Offer]>>) -> BTreeMap<&str, &Offer> {
    let routable = |offers: &'_ Arc<[Offer]>| offers.iter().position(|offer| offer.target.obstacle().is_none());
    models.iter().filter_map(|(name, offers)| Some((&**name, &offers[routable(offers)?]))).collect()
}

fn error(path: impl Into<String>, message: impl Into<String>, hint: &str) -> Issue {
    Issue { severity: Severity::Error, path: path.into(), line: None, column: None, message: message.into(), hint: hint.into() }
}

fn not_served(path: &str) -> Issue {
    error(path, "is not served by this worker's build yet", "update the worker, or choose another")
}

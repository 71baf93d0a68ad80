//! Puts in force what the worker is told: compiles a configuration, swaps the snapshot, and decides when demo answers.

use std::sync::Arc;

use ferrogw_config::{Checked, Issue, Severity};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::demo::Demo;
use crate::found::providers_found;
use crate::health::Told;
use crate::metrics::Metrics;
use crate::plane::Plane;
use crate::snapshot::{Endpoint, Routes, Snapshot};
use crate::sync::Change;

/// What a change is put in force with.
#[derive(Debug)]
pub(crate) struct InForce {
    pub(crate) plane: Arc<Plane>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) told: Arc<Told>,
    pub(crate) demo: DemoPolicy,
}

/// When the demo provider answers.
#[derive(Debug)]
pub(crate) struct DemoPolicy {
    /// Whatever else there is.
    pub(crate) always: bool,
    /// Where it runs.
    pub(crate) runtime: Handle,
    /// When it ends.
    pub(crate) shutdown: CancellationToken,
    /// The one that runs, once it has been needed.
    pub(crate) running: std::sync::OnceLock<Demo>,
}

impl InForce {
    /// Puts `change` in force. Called for one change at a time.
    ///
    /// # Errors
    ///
    /// Every reason why this worker cannot serve it; it serves on what it did before.
    pub(crate) fn apply(&self, change: Change) -> Result<Vec<Issue>, Vec<Issue>> {
        let now = self.plane.live.load();
        match change {
            Change::Configuration { checked, generation } => self.configure(&now, &checked, generation),
            Change::Unconfigured { generation } => self.unconfigure(&now, generation),
            Change::Keys { keys, revision } => {
                self.plane.live.store(now.with_keys(keys, revision));
                self.told.keys();
                Ok(Vec::new())
            }
        }
    }

    fn configure(&self, now: &Snapshot, checked: &Checked, generation: u64) -> Result<Vec<Issue>, Vec<Issue>> {
        let compiled = Snapshot::compile(checked, &self.plane.environment, &self.plane.vitals)?;
        let mut routes = compiled.routes;
        if let (true, Some(routes)) = (self.demo.always, Arc::get_mut(&mut routes)) {
            routes.add_demo(self.demo_endpoint().map_err(|issue| vec![issue])?, &self.plane.vitals);
        }
        self.swap(now.with_routes(generation, routes));
        Ok(compiled.warnings)
    }

    fn unconfigure(&self, now: &Snapshot, generation: u64) -> Result<Vec<Issue>, Vec<Issue>> {
        let has_credentials = providers_found(&self.plane.environment).next().is_some();
        if !self.demo.always && (generation > 0 || has_credentials) {
            tracing::warn!("there is no configuration in force; nothing is served until one is activated");
            self.swap(now.without_routes(generation));
            return Ok(Vec::new());
        }
        let endpoint = self.demo_endpoint().map_err(|issue| vec![issue])?;
        tracing::warn!(
            "DEMO: every request is answered by the built-in demo provider, not by a model; set a provider's credential \
             (such as OPENAI_API_KEY) or activate a configuration"
        );
        self.swap(now.demo(Routes::demo(endpoint, &self.plane.vitals)));
        Ok(Vec::new())
    }

    fn swap(&self, snapshot: Snapshot) {
        self.metrics.know(snapshot.routes.models_by_name());
        self.plane.live.store(snapshot);
        self.told.configuration();
    }

    /// Where the demo provider answers; it is started when it is first needed.
    fn demo_endpoint(&self) -> Result<Endpoint, Issue> {
        let policy = &self.demo;
        let failed = |error: &dyn std::fmt::Display| Issue {
            severity: Severity::Error,
            path: String::new(),
            line: None,
            column: None,
            message: format!("the demo provider cannot be started here: {error}"),
            hint: "it needs a free port on the loopback interface".into(),
        };
        if policy.running.get().is_none() {
            let demo = Demo::start(&policy.runtime, policy.shutdown.clone()).map_err(|error| failed(&error))?;
            let _ = policy.running.set(demo);
        }
        let base_url = policy.running.get().map(Demo::base_url).unwrap_or_default();
        Endpoint::parse(&base_url).map_err(|error| failed(&error))
    }
}

//! What is read at the scrape.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};
use time::OffsetDateTime;

use crate::app::App;
use crate::fleet::{Fleet, Standing};

/// How the control plane is at this moment.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Readings {
    /// The version of the configuration in force; 0: there has been none.
    pub(crate) version: u64,
    /// The newest key revision that is pushed.
    pub(crate) key_revision: u64,
    /// Workers, in the order of [`STANDINGS`].
    pub(crate) workers: [u64; STANDINGS.len()],
    /// Since when some connected worker lacks what is in force.
    pub(crate) push_lag: Duration,
    /// Whether the store answered.
    pub(crate) store_answers: bool,
}

const STANDINGS: [Standing; 4] = [Standing::Current, Standing::Pending, Standing::Refused, Standing::Offline];

impl Readings {
    /// Asks the store; while that is away, what this process hears itself has to do.
    pub(crate) async fn read(app: &App) -> Self {
        let (current, fleet) = tokio::join!(app.store.current(), Fleet::read(app));
        let store_answers = current.is_ok() && fleet.is_ok();
        let published = app.publisher.published().borrow().clone();
        let current = current.ok().flatten();
        let version = current.as_ref().map_or(published.stored_generation().unwrap_or_default(), |current| current.generation);
        let fleet = fleet.unwrap_or_else(|_| Fleet::here(app));
        let count = |standing| fleet.workers.iter().filter(|worker| worker.standing(version) == standing).count() as u64;
        let workers = STANDINGS.map(count);
        let behind = workers[1] + workers[2] > 0;
        let since = current.filter(|_| behind).map(|current| OffsetDateTime::now_utc() - current.at);
        let push_lag = since.and_then(|since| since.try_into().ok()).unwrap_or_default();
        Self { version, key_revision: published.key_revision, workers, push_lag, store_answers }
    }
}

type Level = Gauge<u64, AtomicU64>;

/// The metrics that hold readings.
#[derive(Clone, Default)]
pub(super) struct Levels {
    version: Level,
    key_revision: Level,
    connected: Level,
    workers: Family<[(&'static str, &'static str); 1], Level>,
    push_lag: Gauge<f64, AtomicU64>,
    store_answers: Level,
}

impl Levels {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let levels = Self::default();
        let mut level = |name: &str, help: &str, level: &Level| registry.register(name, help, level.clone());
        level("controlplane_config_version", "The version of the configuration in force", &levels.version);
        level("controlplane_key_revision", "The newest key revision that is pushed", &levels.key_revision);
        level("controlplane_workers_connected", "Workers that are connected", &levels.connected);
        level("controlplane_store_up", "Whether the store answers", &levels.store_answers);
        registry.register("controlplane_workers", "Workers by how far they are with the configuration", levels.workers.clone());
        let help = "For how long some connected worker has not served the configuration in force";
        registry.register_with_unit("controlplane_push_lag", help, Unit::Seconds, levels.push_lag.clone());
        levels
    }

    pub(super) fn set(&self, now: &Readings) {
        self.version.set(now.version);
        self.key_revision.set(now.key_revision);
        for (standing, count) in STANDINGS.iter().zip(now.workers) {
            self.workers.get_or_create(&[("status", standing.name())]).set(count);
        }
        self.connected.set(now.workers[..3].iter().sum());
        self.push_lag.set(now.push_lag.as_secs_f64());
        self.store_answers.set(now.store_answers.into());
    }
}

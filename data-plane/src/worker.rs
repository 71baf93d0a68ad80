//! A worker from its start to its end.

mod doors;

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use axum::Router;
use ferrogw_config::Secret;
use ferrogw_process::Telemetry;
use ferrogw_proto::Link;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use self::doors::{Doors, MetricsDoor};
use crate::cores::{Cores, Limits, Loads};
use crate::environment::Environment;
use crate::health::{Health, Told, report};
use crate::http::{Elsewhere, Front, Shared};
use crate::in_force::{DemoPolicy, InForce};
use crate::metrics::Metrics;
use crate::plane::{Core, Plane};
use crate::settings::Settings;
use crate::snapshot::Snapshot;
use crate::standing::Witness;
use crate::sync::{Apply, Follower, Identity, InvalidJoinToken};
use crate::telemetry::Teller;
use crate::upstream::InvalidTrust;
use crate::usage::{Deliverer, Observe, Recorder, Usage};
use crate::worker_dir::{WorkerDir, WorkerDirError};

/// Of the fifteen seconds that an end may take, those in which the last records are delivered. What is not stays on disk.
const LAST_DELIVERY: Duration = Duration::from_secs(2);

/// The way to the control plane.
#[derive(Clone)]
pub struct Uplink {
    /// A network channel, or the control plane's own routes.
    pub link: Link,
    /// What opens it.
    pub token: Secret<String>,
}

/// Why a worker does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken or not ours.
    #[error("could not listen on port {port}; if another process has it, set PORT to another one")]
    Port {
        /// The port.
        port: u16,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The address for metrics is taken or not ours.
    #[error(
        "could not listen on {address} for metrics; set FERROGW_METRICS_ADDR to a free address of this machine, or to nothing"
    )]
    MetricsAddress {
        /// The address.
        address: SocketAddr,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The data directory cannot be used.
    #[error("could not prepare the worker's directory")]
    Directory(#[from] WorkerDirError),
    /// The certificates to trust cannot be used.
    #[error("could not set up TLS to providers")]
    Trust(#[from] InvalidTrust),
    /// The join token cannot be sent.
    #[error("could not use the join token")]
    JoinToken(#[from] InvalidJoinToken),
    /// The machine has no thread, or no event queue, to give.
    #[error("could not start the worker's threads")]
    Threads(#[source] std::io::Error),
}

/// A worker that is ready to run.
pub struct DataPlane {
    doors: Doors,
    limits: Limits,
    drain_delay: Duration,
    plane: Arc<Plane>,
    health: Arc<Health>,
    shared: Arc<Shared>,
    recorders: Vec<Recorder>,
    follower: Follower,
    deliverer: Deliverer,
    uplink: Uplink,
    /// Cancelled when the cores have ended: nothing that a request needs goes before.
    ended: CancellationToken,
}

impl DataPlane {
    /// Prepares a worker: opens its doors, takes its directory, and puts in force what the last run left there. `admin` answers
    /// under `/admin`. It, and everything else but requests to models, runs on the runtime of the caller. A collector is told of
    /// requests through `telemetry`, whose end is the caller's business.
    ///
    /// # Errors
    ///
    /// [`StartError`], which says what to do.
    pub async fn build(
        settings: Settings,
        environment: Environment,
        uplink: Uplink,
        admin: Option<Router>,
        telemetry: Option<Arc<Telemetry>>,
    ) -> Result<Self, StartError> {
        let doors = Doors::open(&settings).await?;
        let directory = Arc::new(WorkerDir::claim(&settings.data_dir)?);
        let mut plane = Plane::new(environment, Snapshot::unconfigured())?;
        plane.telemetry = telemetry;
        let plane = Arc::new(plane);
        let (metrics, told, ended) = (Arc::new(Metrics::new()), Arc::new(Told::default()), CancellationToken::new());
        let loads = Arc::new(Loads::new(settings.cores()));
        let usage = {
            let observe = observer(Arc::clone(&metrics), plane.telemetry.clone());
            Usage::start(Arc::clone(&directory), settings.spool(), loads.len(), observe).map_err(StartError::Threads)?
        };
        let demo =
            DemoPolicy { always: settings.demo, runtime: Handle::current(), shutdown: ended.clone(), running: OnceLock::new() };
        let in_force = InForce { plane: Arc::clone(&plane), metrics: Arc::clone(&metrics), told: Arc::clone(&told), demo };
        let apply: Apply = Arc::new(move |change| in_force.apply(change));
        let vitals = {
            let (plane, loads) = (Arc::clone(&plane), Arc::clone(&loads));
            Arc::new(move || report(&plane, &loads))
        };
        let identity = Identity {
            name: host_name(),
            build: env!("CARGO_PKG_VERSION").to_owned(),
            started: SystemTime::now(),
            advertise_url: settings.advertise_url.clone(),
            port: doors.address.port(),
        };
        let way = (uplink.link.clone(), &uplink.token);
        let follower = Follower::new(identity, way, directory, apply, vitals, Arc::clone(&usage.gauge))?;
        follower.boot();
        let connected = follower.connected();
        let health = Arc::new(Health { plane: Arc::clone(&plane), told, metrics, loads, spool: usage.gauge, connected });
        let shared = Arc::new(Shared::new(Arc::clone(&health), &settings.cors_origins, admin.map(Elsewhere::here)));
        let Usage { recorders, deliverer, .. } = usage;
        let (limits, drain_delay) = (settings.limits(), settings.drain_delay());
        Ok(Self { doors, limits, drain_delay, plane, health, shared, recorders, follower, deliverer, uplink, ended })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.doors.address
    }

    /// Where metrics are open to everybody.
    #[must_use]
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.doors.metrics.as_ref().map(MetricsDoor::address)
    }

    /// Tells how the worker stands, also while it runs.
    #[must_use]
    pub fn witness(&self) -> Witness {
        Witness { plane: Arc::clone(&self.plane), told: Arc::clone(&self.health.told) }
    }

    /// Serves until `shutdown`, and for the settings' delay after it; then drains: no new connection is taken, requests in flight
    /// end, and their records are delivered or on disk.
    ///
    /// # Errors
    ///
    /// [`StartError`], before anything is served.
    pub async fn run(self, shutdown: CancellationToken) -> Result<(), StartError> {
        let Self { doors, limits, drain_delay, plane, health, shared, recorders, follower, deliverer, uplink, ended } = self;
        let services = recorders.into_iter().map(|recorder| {
            let (plane, shared) = (Arc::clone(&plane), Arc::clone(&shared));
            move || Front::new(Arc::new(Core::new(plane, recorder)), shared)
        });
        let limits = Limits { drain: limits.drain.saturating_sub(LAST_DELIVERY), ..limits };
        let closing = CancellationToken::new();
        tokio::spawn(leave(Arc::clone(&health.told), shutdown, drain_delay, closing.clone()));
        let cores = Cores::start(doors.api, &health.loads, &limits, services, closing).map_err(StartError::Threads)?;
        tracing::info!(address = %doors.address, cores = health.loads.len(), "serving on port {}", doors.address.port());
        if let Some(metrics) = doors.metrics {
            tokio::spawn(ended.clone().run_until_cancelled_owned(metrics.answer(health)));
        }
        let following = tokio::spawn(follower.run(ended.clone()));
        let delivering = {
            let ended = ended.clone();
            tokio::spawn(async move { deliverer.run((uplink.link, &uplink.token), ended, LAST_DELIVERY).await })
        };
        cores.ended().await;
        ended.cancel();
        let (followed, delivered) = tokio::join!(following, delivering);
        for broken in [followed.err(), delivered.err()].into_iter().flatten() {
            tracing::error!(error = %broken, "a conversation with the control plane broke");
        }
        tracing::info!("drained");
        Ok(())
    }
}

/// Whoever looks at finished requests, off the cores.
fn observer(metrics: Arc<Metrics>, telemetry: Option<Arc<Telemetry>>) -> Observe {
    let teller = telemetry.map(Teller::new);
    Arc::new(move |record| {
        metrics.observe(record);
        if let Some(teller) = &teller {
            teller.observe(record, metrics.label(record));
        }
    })
}

/// Says that no more requests are wanted once the worker is told to end, and after `delay` that none are taken.
async fn leave(told: Arc<Told>, shutdown: CancellationToken, delay: Duration, closing: CancellationToken) {
    shutdown.cancelled().await;
    told.to_end();
    tokio::time::sleep(delay).await;
    closing.cancel();
}

/// The machine's name, for people who look at a list of workers.
fn host_name() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    match name.trim() {
        "" => "worker".to_owned(),
        name => name.to_owned(),
    }
}

//! What the cores of a worker share, and what each has of its own.

use std::sync::Arc;

use ferrogw_process::Telemetry;

use crate::environment::Environment;
use crate::snapshot::{Live, Snapshot};
use crate::upstream::{Client, InvalidTrust, Transport};
use crate::usage::Recorder;
use crate::vitals::Vitals;

/// What the cores of a worker share: the snapshot in force and the atomics of [`Vitals`], no locks.
#[derive(Debug)]
pub struct Plane {
    /// The snapshot in force.
    pub live: Arc<Live>,
    /// How targets are doing.
    pub vitals: Vitals,
    /// The process's environment, read once.
    pub environment: Environment,
    /// The way to a collector, where there is one.
    pub telemetry: Option<Arc<Telemetry>>,
    transport: Transport,
}

impl Plane {
    /// A plane that serves `snapshot`.
    ///
    /// # Errors
    ///
    /// [`InvalidTrust`] when the environment names certificates that cannot be used.
    pub fn new(environment: Environment, snapshot: Snapshot) -> Result<Self, InvalidTrust> {
        let transport = Transport::of(&environment)?;
        Ok(Self { live: Arc::new(Live::new(snapshot)), vitals: Vitals::default(), environment, telemetry: None, transport })
    }
}

/// What one core has of its own. An `Arc` of it is the router's state.
#[derive(Debug)]
pub struct Core {
    /// What it shares with the other cores.
    pub plane: Arc<Plane>,
    /// Its connections to providers.
    pub upstream: Client,
    /// Where it leaves the accounts of finished requests.
    pub recorder: Recorder,
}

impl Core {
    /// A core of `plane`, without connections yet.
    #[must_use]
    pub fn new(plane: Arc<Plane>, recorder: Recorder) -> Self {
        let upstream = Client::new(&plane.transport, Arc::clone(&plane.live));
        Self { plane, upstream, recorder }
    }
}

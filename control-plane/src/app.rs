//! What a handler can reach.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use ferrogw_config::{Checked, Document, Issue};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::auth::Keyring;
use crate::auth::denials::Denials;
use crate::auth::throttle::Throttle;
use crate::http::Probe;
use crate::metrics::Metrics;
use crate::playground::Playground;
use crate::publisher::{Publisher, Roster};
use crate::settings::Settings;
use crate::store::{Store, StoreError};
use crate::tail::Tail;

/// Attempts to sign in that an address may make at once, and how often one more.
const SIGN_INS: u32 = 20;
const SIGN_IN_EVERY: Duration = Duration::from_secs(6);

/// What a handler can reach. Cloning is cheap.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub store: Store,
    /// What workers should run.
    pub publisher: Publisher,
    /// Who of them is connected here, and what they run.
    pub roster: Roster,
    /// What happens here, counted.
    pub metrics: Metrics,
    /// The request log while it grows.
    pub tail: Tail,
    /// Cancelled when the process is about to end, before anything waits for the requests under way: ends the operators' streams.
    pub closing: CancellationToken,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    keyring: Keyring,
    sign_ins: Throttle,
    denials: Denials,
    playground: Playground,
    probe: Probe,
    public_url: Option<String>,
    startup: Option<Document>,
    /// The last document that was read, by its version's id: a version never changes, and reading one may be dear.
    reading: ArcSwapOption<(Uuid, Reading)>,
    exports: Arc<Semaphore>,
}

/// Exports of the request log that may run at once.
const EXPORTS: usize = 4;

/// The configuration in force.
#[derive(Debug, Clone)]
pub struct InForce {
    /// Its number; 0: there has been none.
    pub generation: u64,
    /// What it is.
    pub reading: Reading,
}

/// What a stored document is to this build.
#[derive(Debug, Clone)]
pub enum Reading {
    /// There is none.
    None,
    /// A configuration.
    Valid(Arc<Checked>),
    /// An earlier build took it; this one refuses it.
    Invalid(Arc<[Issue]>),
}

impl App {
    /// `startup` is what `DELETE /admin/config` goes back to.
    pub(crate) fn new(store: Store, settings: &Settings, startup: Option<Document>) -> Self {
        let closing = settings.closing.child_token();
        let shared = Shared {
            keyring: Keyring::new(settings.access.master_key.as_ref()),
            sign_ins: Throttle::new(SIGN_INS, SIGN_IN_EVERY),
            denials: Denials::default(),
            playground: Playground::default(),
            probe: Probe::default(),
            public_url: Some(&settings.public_url).filter(|url| !url.is_empty()).cloned(),
            startup,
            reading: ArcSwapOption::empty(),
            exports: Arc::new(Semaphore::new(EXPORTS)),
        };
        let metrics = Metrics::default();
        let publisher = Publisher::new(store.clone()).counting(metrics.clone());
        let roster = Roster::new(store.clone()).counting(metrics.clone());
        let tail = Tail::new(store.clone(), closing.clone());
        Self { store, publisher, roster, metrics, tail, closing, shared: Arc::new(shared) }
    }

    /// Who may call.
    pub(crate) fn keyring(&self) -> &Keyring {
        &self.shared.keyring
    }

    /// How often each address may try to sign in.
    pub(crate) fn sign_ins(&self) -> &Throttle {
        &self.shared.sign_ins
    }

    /// Which refused calls are written down.
    pub(crate) fn denials(&self) -> &Denials {
        &self.shared.denials
    }

    /// What asks workers in an operator's place.
    pub(crate) fn playground(&self) -> &Playground {
        &self.shared.playground
    }

    /// What readiness was when it was last looked at.
    pub(crate) fn probe(&self) -> &Probe {
        &self.shared.probe
    }

    /// Where clients reach the API, if somebody said.
    pub(crate) fn public_url(&self) -> Option<&str> {
        self.shared.public_url.as_deref()
    }

    /// A place for one more export of the request log, while it is held; `None`: as many run as may.
    pub(crate) fn export_seat(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.shared.exports).try_acquire_owned().ok()
    }

    /// The document that this process started with.
    pub(crate) fn startup(&self) -> Option<&Document> {
        self.shared.startup.as_ref()
    }

    /// The configuration in force, read and checked by this build.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn in_force(&self) -> Result<InForce, StoreError> {
        let Some(activation) = self.store.current().await? else {
            return Ok(InForce { generation: 0, reading: Reading::None });
        };
        let generation = activation.generation;
        let Some(version) = activation.version else {
            return Ok(InForce { generation, reading: Reading::None });
        };
        if let Some(known) = self.shared.reading.load_full().filter(|known| known.0 == version.id) {
            return Ok(InForce { generation, reading: known.1.clone() });
        }
        let reading = match version.document.read() {
            Ok(checked) => Reading::Valid(Arc::new(checked)),
            Err(issues) => Reading::Invalid(issues.into()),
        };
        self.shared.reading.store(Some(Arc::new((version.id, reading.clone()))));
        Ok(InForce { generation, reading })
    }
}

impl InForce {
    /// The configuration, if there is one that this build can read.
    #[must_use]
    pub fn checked(&self) -> Option<&Checked> {
        match &self.reading {
            Reading::Valid(checked) => Some(checked),
            Reading::None | Reading::Invalid(_) => None,
        }
    }
}

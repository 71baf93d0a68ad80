//! The conversation in which a worker learns what to serve: the `Follow` client.
//!
//! The worker says what it runs, takes what is sent, and answers each change with an ack or, when it goes on serving what it had, a
//! nack with the reasons. What it took is kept on disk, so that the next start serves at once and connects in the background. Nothing
//! here knows what a snapshot is: changes are handed to a function that puts them in force.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use ferrogw_config::{Checked, Issue, Secret};
use ferrogw_proto::Link;
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tonic::metadata::MetadataValue;
use tracing::{debug, info, warn};

use crate::snapshot::keys::Keys;
use crate::usage::Gauge;
use crate::worker_dir::WorkerDir;

pub(crate) mod backoff;
pub mod connect;
mod conversation;
mod kept;
mod report;
mod state;
mod table;
#[cfg(test)]
mod tests;
mod translate;

pub use connect::connect;
pub use report::{Report, TargetReport};

use backoff::Backoff;
use conversation::{Conversation, Ended, Reason};
use state::State;

/// A worker that hears nothing for this long takes the stream for dead; the control plane sends a heartbeat every few seconds.
const SILENCE: Duration = Duration::from_secs(15);

/// How often a worker says how it is.
const REPORT_EVERY: Duration = Duration::from_secs(2);

/// Something that a worker is to serve from now on.
#[derive(Debug)]
pub enum Change {
    /// A configuration, with the generation under which it is in force.
    Configuration {
        /// The configuration.
        checked: Box<Checked>,
        /// Its generation.
        generation: u64,
    },
    /// No configuration is in force.
    Unconfigured {
        /// The one that took it away; 0: the store never held one, and the worker may answer demo.
        generation: u64,
    },
    /// The whole key table, as it is now.
    Keys {
        /// The table.
        keys: Arc<Keys>,
        /// Its revision.
        revision: u64,
    },
}

/// Puts a change in force and gives warnings, or refuses it with the reasons and leaves things as they were.
pub type Apply = Arc<dyn Fn(Change) -> Result<Vec<Issue>, Vec<Issue>> + Send + Sync>;

/// What a worker says about itself.
#[derive(Debug, Clone)]
pub struct Identity {
    /// Its host's name, for people.
    pub name: String,
    /// Its build.
    pub build: String,
    /// When it started.
    pub started: SystemTime,
    /// Where the control plane can reach its API; empty: at the address that the control plane sees, and the port.
    pub advertise_url: String,
    /// The port of its API.
    pub port: u16,
}

/// Everything that following a control plane takes.
pub struct Follower {
    identity: Identity,
    link: Link,
    token: MetadataValue<tonic::metadata::Ascii>,
    dir: Arc<WorkerDir>,
    state: Arc<Mutex<State>>,
    vitals: Arc<dyn Fn() -> Report + Send + Sync>,
    spool: Arc<Gauge>,
    connected: watch::Sender<bool>,
}

/// A join token that cannot be sent.
#[derive(Debug, thiserror::Error)]
#[error("the join token holds characters that cannot be sent; set FERROGW_JOIN_TOKEN to visible ASCII characters")]
pub struct InvalidJoinToken;

/// `Bearer <token>`, never shown in logs.
pub(crate) fn credential(token: &Secret<String>) -> Result<MetadataValue<tonic::metadata::Ascii>, InvalidJoinToken> {
    let mut value = MetadataValue::try_from(format!("Bearer {}", token.expose())).map_err(|_| InvalidJoinToken)?;
    value.set_sensitive(true);
    Ok(value)
}

impl Follower {
    /// A follower that knows nothing yet; call [`Follower::boot`] next.
    ///
    /// # Errors
    ///
    /// [`InvalidJoinToken`].
    pub fn new(
        identity: Identity,
        (link, token): (Link, &Secret<String>),
        dir: Arc<WorkerDir>,
        apply: Apply,
        vitals: Arc<dyn Fn() -> Report + Send + Sync>,
        spool: Arc<Gauge>,
    ) -> Result<Self, InvalidJoinToken> {
        let state = Arc::new(Mutex::new(State::new(dir.path(), apply)));
        Ok(Self { identity, link, token: credential(token)?, dir, state, vitals, spool, connected: watch::Sender::new(false) })
    }

    /// Puts in force what the last run kept on disk, so that requests are served before, and without, a control plane.
    pub fn boot(&self) {
        self.state().boot();
    }

    /// Whether the control plane is there.
    #[must_use]
    pub fn connected(&self) -> watch::Receiver<bool> {
        self.connected.subscribe()
    }

    /// Follows until `shutdown`, connecting again whenever the stream ends. An update that is being applied is applied, and written
    /// to disk, before this returns.
    pub async fn run(self, shutdown: CancellationToken) {
        let mut backoff = Backoff::new();
        let mut away = false;
        loop {
            let ended = self.follow(&mut backoff, &shutdown).await;
            self.connected.send_replace(false);
            let wait = backoff.next();
            match ended.reason {
                Reason::Shutdown => return,
                reason if ended.was_connected || !away => {
                    warn!(%reason, "the control plane is away; serving goes on with what is known");
                }
                reason => debug!(%reason, wait_ms = wait.as_millis(), "the control plane is still away"),
            }
            away = true;
            shutdown.run_until_cancelled(sleep(wait)).await;
        }
    }

    /// What runs here. A panic while an update was applied leaves what ran before.
    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// One stream, from hello to its end.
    async fn follow(&self, backoff: &mut Backoff, shutdown: &CancellationToken) -> Ended {
        let opened = shutdown.run_until_cancelled(Conversation::open(self)).await;
        let mut conversation = match opened.unwrap_or(Err(Reason::Shutdown)) {
            Ok(conversation) => conversation,
            Err(reason) => return Ended { was_connected: false, reason },
        };
        let mut was_connected = false;
        loop {
            match conversation.next(self, shutdown).await {
                Ok(()) if !was_connected => {
                    was_connected = true;
                    self.connected.send_replace(true);
                    info!("connected to the control plane");
                }
                Ok(()) => {}
                Err(reason) => return Ended { was_connected, reason },
            }
            backoff.reset();
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

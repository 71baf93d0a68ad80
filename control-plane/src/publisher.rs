//! What every worker should be running, read from the store once per change; and, in [`Roster`], what the workers do run.
//!
//! The streams to workers (`grpc::follow`) wait on [`Published`] and compare it with what their worker runs; so state that was never
//! sent is replaced by newer state, and a worker that comes back gets the newest at once.

use std::sync::Arc;
use std::time::Duration;

use ferrogw_config::Issue;
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use crate::metrics::{Metrics, Reader};
use crate::store::{Activation, KeyChanges, Store, StoreError};

mod published;
mod roster;
#[cfg(test)]
mod tests;

pub use published::{Configuration, Published, Unusable};
pub use roster::{Connection, Refusal, Roster, Running, Worker};

/// Upserts, and as many removals, in one step of the key table: with the longest rows still less than a message's bound of 1 MiB.
pub(crate) const KEYS_PER_STEP: u64 = 10_000;

/// How far back an activation that still checks is looked for.
const LOOK_BACK: u64 = 100;

/// How soon a store that could not be read is read again.
const RETRY: Duration = Duration::from_secs(1);

/// Reads the store whenever it changes. Cloning shares what was read.
#[derive(Debug, Clone)]
pub struct Publisher {
    store: Store,
    metrics: Metrics,
    published: watch::Sender<Arc<Published>>,
    /// Held while the store is read, so that an older reading never replaces a newer one.
    reading: Arc<tokio::sync::Mutex<()>>,
}

impl Publisher {
    /// A publisher that has not read anything; [`Publisher::run`] does.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store, metrics: Metrics::default(), published: watch::Sender::new(Arc::default()), reading: Arc::default() }
    }

    /// The same, which counts in `metrics` how often the store does not answer.
    #[must_use]
    pub fn counting(self, metrics: Metrics) -> Self {
        Self { metrics, ..self }
    }

    /// What every worker should be running, now and whenever it changes.
    #[must_use]
    pub fn published(&self) -> watch::Receiver<Arc<Published>> {
        self.published.subscribe()
    }

    /// Follows the store until `shutdown`.
    pub async fn run(self, shutdown: CancellationToken) {
        let mut changes = self.store.changes();
        let mut failing = false;
        while !shutdown.is_cancelled() {
            changes.mark_unchanged();
            let read = self.refresh().await;
            if let (Err(error), false) = (&read, failing) {
                warn!(%error, "the store cannot be read; workers keep what they have");
            }
            failing = read.is_err();
            if failing {
                self.metrics.store_error(Reader::Publisher);
            }
            let wait = async {
                if failing {
                    sleep(RETRY).await
                } else if changes.changed().await.is_err() {
                    shutdown.cancelled().await
                }
            };
            shutdown.run_until_cancelled(wait).await;
        }
    }

    /// Reads the store now. Streams ask for this when a worker runs something newer than what was read.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`]; what was read before stays published.
    pub async fn refresh(&self) -> Result<(), StoreError> {
        let _one_at_a_time = self.reading.lock().await;
        let before = self.published.borrow().clone();
        let after = self.read(&before).await?;
        if after.identity() != before.identity() {
            self.published.send_replace(Arc::new(after));
        }
        Ok(())
    }

    async fn read(&self, before: &Published) -> Result<Published, StoreError> {
        let (configuration, unusable) = self.read_configuration(before).await?;
        let mut published = Published { configuration, unusable, ..before.clone() };
        let revision = self.store.key_revision().await?;
        if revision != before.key_revision {
            published.key_revision = revision;
            published.key_step = self.key_step(before.key_revision).await?;
        }
        Ok(published)
    }

    /// The step from `revision`, unless that is not one step.
    async fn key_step(&self, revision: u64) -> Result<Option<Arc<KeyChanges>>, StoreError> {
        if revision == 0 {
            return Ok(None);
        }
        let step = self.store.key_changes_since(revision, KEYS_PER_STEP).await?;
        Ok((!step.more && step.from == revision).then(|| Arc::new(step)))
    }

    async fn read_configuration(&self, before: &Published) -> Result<(Configuration, Option<Unusable>), StoreError> {
        let Some(current) = self.store.current().await? else { return Ok((Configuration::Absent { generation: 0 }, None)) };
        if before.comes_from(&current) {
            return Ok((before.configuration.clone(), before.unusable.clone()));
        }
        let Err(issues) = check(&current) else { return Ok((push(&current), None)) };
        error!(
            generation = current.generation,
            issues = issues.len(),
            "the stored configuration is refused by this build; workers keep the last good one until it is replaced or rolled back"
        );
        let unusable = Some(Unusable { generation: current.generation, issues });
        Ok((self.last_good(current.generation).await?, unusable))
    }

    /// The newest activation before `generation` that checks. A deletion on the way is no reason to serve nothing.
    async fn last_good(&self, generation: u64) -> Result<Configuration, StoreError> {
        for earlier in (generation.saturating_sub(LOOK_BACK).max(1)..generation).rev() {
            match self.store.activation(earlier).await {
                Ok(activation) if activation.version.is_some() && check(&activation).is_ok() => return Ok(push(&activation)),
                Ok(_) | Err(StoreError::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Configuration::Absent { generation })
    }
}

/// Checks an activation's document with this build's rules; nothing in force is fine.
fn check(activation: &Activation) -> Result<(), Vec<Issue>> {
    activation.version.as_ref().map_or(Ok(()), |version| version.document.read().map(|_| ()))
}

fn push(activation: &Activation) -> Configuration {
    let generation = activation.generation;
    match &activation.version {
        Some(version) => Configuration::Present { generation, version: Arc::clone(version) },
        None => Configuration::Absent { generation },
    }
}

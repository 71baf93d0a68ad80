//! The key that the playground shows to workers.

use std::time::Duration;

use time::OffsetDateTime;
use tokio::sync::Mutex;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::store::{IssuedKey, Store, StoreError};

/// How long a key lives.
const LIFE: time::Duration = time::Duration::minutes(15);

/// A key that ends sooner than this is not shown any more: the worker's clock may be ahead.
const MARGIN: time::Duration = time::Duration::minutes(2);

/// How often dead keys are removed.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// Keeps the key, which nobody else ever sees.
#[derive(Debug, Default)]
pub(super) struct Keeper(Mutex<Option<IssuedKey>>);

impl Keeper {
    /// The next question takes a new key.
    pub(super) async fn forget(&self) {
        *self.0.lock().await = None;
    }

    /// The key at hand, or a new one where that is near its end.
    pub(super) async fn key(&self, store: &Store) -> Result<IssuedKey, StoreError> {
        let mut kept = self.0.lock().await;
        let now = OffsetDateTime::now_utc();
        let good = |key: &&IssuedKey| key.key.expires_at.is_some_and(|end| now + MARGIN < end);
        if let Some(key) = kept.as_ref().filter(good) {
            return Ok(key.clone());
        }
        // Whoever hangs up meanwhile leaves no transaction half done.
        let store = store.clone();
        let issuing = tokio::spawn(async move { store.create_internal_key(now + LIFE).await });
        let key = issuing.await.map_err(|_| StoreError::Invalid("the playground's key could not be made".to_owned()))??;
        Ok(kept.insert(key).clone())
    }
}

/// Removes dead keys until `shutdown`.
pub(crate) async fn sweep(store: Store, shutdown: CancellationToken) {
    let mut clock = interval(SWEEP_EVERY);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while shutdown.run_until_cancelled(clock.tick()).await.is_some() {
        if let Err(error) = store.remove_dead_internal_keys().await {
            // Workers refuse them by the clock all the same.
            tracing::debug!(%error, "dead keys of the playground are not removed yet");
        }
    }
}

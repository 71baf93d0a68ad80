//! Throwing away by the clock what was kept long enough, hour by hour.

use std::time::Duration;

use time::OffsetDateTime;
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;

use crate::settings::Retention;
use crate::store::{Store, StoreError};

const EVERY: Duration = Duration::from_secs(3600);

/// Between two steps, for those who want to write meanwhile.
const PAUSE: Duration = Duration::from_millis(100);

/// Throws away until `shutdown`. Several control planes may do it at once.
pub(crate) async fn run(store: Store, retention: Retention, shutdown: CancellationToken) {
    let mut clock = interval(EVERY);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while shutdown.run_until_cancelled(clock.tick()).await.is_some() {
        match expire(&store, retention, &shutdown).await {
            Ok(0) | Err(StoreError::Disabled) => {}
            Ok(requests) => tracing::info!(requests, "REQUEST_LOG_RETENTION: {requests} of the request log's oldest are gone"),
            Err(error) => tracing::warn!(%error, "what was kept long enough stays in the request log for another hour: {error}"),
        }
    }
}

/// How many requests went.
async fn expire(store: &Store, retention: Retention, shutdown: &CancellationToken) -> Result<u64, StoreError> {
    let mut requests = 0;
    let kept = retention.length().and_then(|kept| time::Duration::try_from(kept).ok());
    if let Some(before) = kept.and_then(|kept| OffsetDateTime::now_utc().checked_sub(kept)) {
        while let step @ 1.. = store.expire_requests(before).await? {
            requests += step;
            if rest(shutdown).await {
                return Ok(requests);
            }
        }
    }
    while store.expire_minute().await? > 0 && !rest(shutdown).await {}
    Ok(requests)
}

/// Waits a moment; whether it is time to end.
async fn rest(shutdown: &CancellationToken) -> bool {
    shutdown.run_until_cancelled(sleep(PAUSE)).await.is_none()
}

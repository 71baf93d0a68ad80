//! Throwing away by the clock what was kept long enough, hour by hour. Several control planes may do it at once.

use std::time::{Duration, Instant};

use time::OffsetDateTime;
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;

use crate::settings::Retention;
use crate::store::{Store, StoreError};

const EVERY: Duration = Duration::from_secs(3600);

/// How long it goes on before it rests as long, for those who want to write meanwhile. One step may take longer.
const TURN: Duration = Duration::from_millis(100);

/// Less than this is hardly what somebody wants, and cannot be undone.
const SHORT: Duration = Duration::from_secs(24 * 3600);

/// Throws away until `shutdown`.
pub(crate) async fn run(store: Store, retention: Retention, shutdown: CancellationToken) {
    match retention.length() {
        None => tracing::info!("REQUEST_LOG_RETENTION: requests stay in the log for ever"),
        Some(kept) if kept < SHORT => tracing::warn!("REQUEST_LOG_RETENTION: requests stay in the log for {kept:?} only"),
        Some(kept) => {
            tracing::info!("REQUEST_LOG_RETENTION: requests stay in the log for {} days", kept.as_secs_f64() / 86_400.0)
        }
    }
    let mut clock = interval(EVERY);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while shutdown.run_until_cancelled(clock.tick()).await.is_some() {
        requests(&store, retention, &shutdown).await;
        minutes(&store, &shutdown).await;
    }
}

/// Requests of which there were enough.
async fn requests(store: &Store, retention: Retention, shutdown: &CancellationToken) {
    let Some(before) = before(retention, OffsetDateTime::now_utc()) else { return };
    let mut gone = 0;
    let outcome = in_turns(shutdown, &mut gone, || store.expire_requests(before)).await;
    if gone > 0 {
        tracing::info!(requests = gone, "REQUEST_LOG_RETENTION: {gone} of the request log's oldest are gone");
    }
    if let Err(error) = outcome {
        tracing::warn!(%error, "what was kept long enough stays in the request log for another hour: {error}");
    }
}

/// What is older may go; `None`: nothing is.
fn before(retention: Retention, now: OffsetDateTime) -> Option<OffsetDateTime> {
    now.checked_sub(time::Duration::try_from(retention.length()?).ok()?)
}

/// Minutes that nobody asks for.
async fn minutes(store: &Store, shutdown: &CancellationToken) {
    if let Err(error) = in_turns(shutdown, &mut 0, || store.expire_minute()).await {
        tracing::warn!(%error, "old figures by minute stay for another hour: {error}");
    }
}

/// Goes on until a step finds nothing, and counts what is gone.
async fn in_turns<Step>(shutdown: &CancellationToken, gone: &mut u64, step: impl Fn() -> Step) -> Result<(), StoreError>
where
    Step: Future<Output = Result<u64, StoreError>>,
{
    let mut began = Instant::now();
    loop {
        match step().await {
            Ok(0) | Err(StoreError::Disabled) => return Ok(()),
            Ok(number) => *gone += number,
            Err(error) => return Err(error),
        }
        if began.elapsed() >= TURN {
            if shutdown.run_until_cancelled(sleep(began.elapsed())).await.is_none() {
                return Ok(());
            }
            began = Instant::now();
        } else if shutdown.is_cancelled() {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests;

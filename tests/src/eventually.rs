//! Waiting for what another process does: polls with a deadline, never sleeps for luck.

use std::time::{Duration, Instant};

/// Far longer than anything takes on a busy machine; only a failure waits that long.
const PATIENCE: Duration = Duration::from_secs(20);

/// Asks until the answer is `Some`, and panics with `what` when it never is.
///
/// # Panics
/// When the patience of twenty seconds ends first.
pub async fn eventually<T, F: AsyncFnMut() -> Option<T>>(what: &str, ask: F) -> T {
    eventually_within(PATIENCE, what, ask).await
}

/// As [`eventually`] with a deadline of its own.
///
/// # Panics
/// When the deadline ends first.
pub async fn eventually_within<T, F: AsyncFnMut() -> Option<T>>(deadline: Duration, what: &str, mut ask: F) -> T {
    let began = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(began.elapsed() < deadline, "not within {deadline:?}: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

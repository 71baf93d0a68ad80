//! What was used and spent: per key for good, and per minute, key, provider and model. Both outlive the rows they came from.

use time::OffsetDateTime;
use uuid::Uuid;

use super::Tokens;
use crate::store::{Store, StoreError};

/// What one key was used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyUse {
    /// How many requests.
    pub requests: u64,
    /// When the newest of them arrived.
    pub last_used_at: OffsetDateTime,
    /// Their known cost in nano-dollars.
    pub cost_nanos: i64,
    /// How many had no known cost.
    pub unpriced: u64,
}

/// Which minutes are meant; absent members do not filter.
#[derive(Debug, Clone, Default)]
pub struct UsageFilter {
    /// Not before.
    pub since: Option<OffsetDateTime>,
    /// Before.
    pub until: Option<OffsetDateTime>,
    /// Of this key.
    pub key_id: Option<Uuid>,
}

/// What one key used of one model in one minute (folded sums: in the first minute of their hour).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageMinute {
    /// When the minute begins.
    pub start: OffsetDateTime,
    /// The key; `None`: requests without one.
    pub key_id: Option<Uuid>,
    /// The provider; empty: none was tried.
    pub provider: String,
    /// The model as it went to the provider; empty: it never did.
    pub model: String,
    /// How many requests.
    pub requests: u64,
    /// How many of them failed.
    pub failures: u64,
    /// Their tokens.
    pub tokens: Tokens,
    /// Their known cost in nano-dollars.
    pub cost_nanos: i64,
    /// How many had no known cost.
    pub unpriced: u64,
    /// How many took at most as long as each of [`UsageMinute::LATENCY_BOUNDS_MS`] and longer than the one before; the last
    /// member counts those that took longer than all.
    pub latencies: [u64; 12],
}

impl UsageMinute {
    /// Upper bounds of the latency histogram, in milliseconds.
    pub const LATENCY_BOUNDS_MS: [u64; 11] = [25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000];
}

impl Store {
    /// What was used, oldest minute first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Disabled`] without a request log.
    pub async fn usage(&self, filter: &UsageFilter) -> Result<Vec<UsageMinute>, StoreError> {
        let _ = filter;
        Err(super::super::unbuilt())
    }
}

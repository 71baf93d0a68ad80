//! What was used and spent: per key for good, and per minute, key, provider and model. Both outlive the rows they came from.

use std::collections::HashMap;
use std::time::Duration;

use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use time::OffsetDateTime;
use uuid::Uuid;

use super::Tokens;
use crate::entity::{key_use, usage_minute};
use crate::store::column::{instant, micros, unsigned};
use crate::store::{Area, Store, StoreError};

const MINUTE_US: i64 = 60_000_000;

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

    /// Where in the histogram a request belongs.
    pub(super) fn latency_bucket(duration: Duration) -> usize {
        Self::LATENCY_BOUNDS_MS.partition_point(|&bound| Duration::from_millis(bound) < duration)
    }
}

impl Store {
    /// What was used, oldest minute first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Disabled`] without a request log.
    pub async fn usage(&self, filter: &UsageFilter) -> Result<Vec<UsageMinute>, StoreError> {
        use usage_minute::Column;
        // A minute belongs to the range in which it begins.
        let minute = |at: OffsetDateTime| micros(at).div_euclid(MINUTE_US) + i64::from(micros(at).rem_euclid(MINUTE_US) > 0);
        let matching = Condition::all()
            .add_option(filter.since.map(|since| Column::Minute.gte(minute(since))))
            .add_option(filter.until.map(|until| Column::Minute.lt(minute(until))))
            .add_option(filter.key_id.map(|key_id| Column::KeyId.eq(key_id)));
        let mut rows = usage_minute::Entity::find().filter(matching);
        for column in [Column::Minute, Column::KeyId, Column::Provider, Column::Model] {
            rows = rows.order_by_asc(column);
        }
        Ok(rows.all(&self.database(Area::Logs)?.reader).await?.into_iter().map(UsageMinute::from).collect())
    }

    /// What each key was used for; a key that was never used is absent.
    ///
    /// # Errors
    ///
    /// [`StoreError::Disabled`] without a request log.
    pub async fn key_usage(&self) -> Result<HashMap<Uuid, KeyUse>, StoreError> {
        let rows = key_use::Entity::find().all(&self.database(Area::Logs)?.reader).await?;
        Ok(rows.into_iter().map(|row| (row.key_id, KeyUse::from(row))).collect())
    }
}

impl From<key_use::Model> for KeyUse {
    fn from(row: key_use::Model) -> Self {
        Self {
            requests: unsigned(row.requests),
            last_used_at: instant(row.last_used_us),
            cost_nanos: row.cost_nanos,
            unpriced: unsigned(row.unpriced),
        }
    }
}

impl From<usage_minute::Model> for UsageMinute {
    fn from(row: usage_minute::Model) -> Self {
        let latencies = [
            row.took_25ms,
            row.took_50ms,
            row.took_100ms,
            row.took_250ms,
            row.took_500ms,
            row.took_1s,
            row.took_2500ms,
            row.took_5s,
            row.took_10s,
            row.took_30s,
            row.took_60s,
            row.took_longer,
        ];
        Self {
            start: instant(row.minute * MINUTE_US),
            key_id: (!row.key_id.is_nil()).then_some(row.key_id),
            provider: row.provider,
            model: row.model,
            requests: unsigned(row.requests),
            failures: unsigned(row.failures),
            tokens: Tokens {
                input: unsigned(row.input),
                cache_read: unsigned(row.cache_read),
                cache_write: unsigned(row.cache_write),
                cache_write_1h: unsigned(row.cache_write_1h),
                output: unsigned(row.output),
                reasoning: unsigned(row.reasoning),
                audio_input: unsigned(row.audio_input),
                audio_output: unsigned(row.audio_output),
            },
            cost_nanos: row.cost_nanos,
            unpriced: unsigned(row.unpriced),
            latencies: latencies.map(unsigned),
        }
    }
}

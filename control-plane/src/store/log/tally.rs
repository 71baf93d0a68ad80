//! What a delivery adds to the roll-ups: collected first, written with one statement per table.
//!
//! Rows are written in the order of their keys, so that two deliveries at once never wait for each other crosswise.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, Query, SimpleExpr};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbErr};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{LogRecord, LogSum, Tokens, UsageMinute};
use crate::entity::{key_use, usage_minute};
use crate::store::column::{micros, signed, text};

const MINUTE_US: i64 = 60_000_000;

/// Rows of one statement: with 28 columns this stays below the parameters that SQLite takes.
const ROWS: usize = 500;

/// Minute, key, provider, model.
type Place = (i64, Uuid, String, String);

const PLACE: [usage_minute::Column; 4] =
    [usage_minute::Column::Minute, usage_minute::Column::KeyId, usage_minute::Column::Provider, usage_minute::Column::Model];

/// The counters' columns, in the order of [`Counters::values`].
const COUNTERS: [usage_minute::Column; 24] = {
    use usage_minute::Column as C;
    [
        C::Requests,
        C::Failures,
        C::Input,
        C::CacheRead,
        C::CacheWrite,
        C::CacheWrite1h,
        C::Output,
        C::Reasoning,
        C::AudioInput,
        C::AudioOutput,
        C::CostNanos,
        C::Unpriced,
        C::Took25ms,
        C::Took50ms,
        C::Took100ms,
        C::Took250ms,
        C::Took500ms,
        C::Took1s,
        C::Took2500ms,
        C::Took5s,
        C::Took10s,
        C::Took30s,
        C::Took60s,
        C::TookLonger,
    ]
};

/// What is to be added.
#[derive(Default)]
pub(super) struct Tally {
    minutes: BTreeMap<Place, Counters>,
    keys: BTreeMap<Uuid, Used>,
}

#[derive(Default)]
struct Counters {
    requests: i64,
    failures: i64,
    tokens: Tokens,
    cost_nanos: i64,
    unpriced: i64,
    latencies: [i64; 12],
}

#[derive(Default)]
struct Used {
    requests: i64,
    last_used_us: i64,
    cost_nanos: i64,
    unpriced: i64,
}

impl Tally {
    /// Counts a request.
    pub(super) fn add(&mut self, record: &LogRecord) {
        let counters = self.minute(record.started_at, record.key_id, &record.provider, &record.model);
        counters.requests += 1;
        counters.failures += i64::from(record.error.is_some());
        counters.tokens += record.tokens.unwrap_or_default();
        counters.cost_nanos = counters.cost_nanos.saturating_add(record.cost_nanos.unwrap_or_default());
        counters.unpriced += i64::from(record.cost_nanos.is_none());
        counters.latencies[UsageMinute::latency_bucket(record.duration)] += 1;
        let unpriced = i64::from(record.cost_nanos.is_none());
        self.use_key(record.key_id, 1, record.started_at, record.cost_nanos.unwrap_or_default(), unpriced);
    }

    /// Counts what a sum stands for. How long its requests took is not known any more.
    pub(super) fn add_sum(&mut self, sum: &LogSum) {
        let counters = self.minute(sum.hour, sum.key_id, &sum.provider, &sum.model);
        counters.requests += signed(sum.requests);
        counters.failures += signed(sum.failures);
        counters.tokens += sum.tokens;
        counters.cost_nanos = counters.cost_nanos.saturating_add(sum.cost_nanos);
        counters.unpriced += signed(sum.unpriced);
        self.use_key(sum.key_id, signed(sum.requests), sum.hour, sum.cost_nanos, signed(sum.unpriced));
    }

    fn minute(&mut self, at: OffsetDateTime, key_id: Option<Uuid>, provider: &str, model: &str) -> &mut Counters {
        let place = (micros(at).div_euclid(MINUTE_US), key_id.unwrap_or_default(), text(provider), text(model));
        self.minutes.entry(place).or_default()
    }

    fn use_key(&mut self, key_id: Option<Uuid>, requests: i64, at: OffsetDateTime, cost_nanos: i64, unpriced: i64) {
        let Some(key_id) = key_id else { return };
        let used = self.keys.entry(key_id).or_default();
        used.requests += requests;
        used.last_used_us = std::cmp::max(used.last_used_us, micros(at));
        used.cost_nanos = used.cost_nanos.saturating_add(cost_nanos);
        used.unpriced += unpriced;
    }

    /// Adds everything to the tables.
    pub(super) async fn write(&self, transaction: &DatabaseTransaction) -> Result<(), DbErr> {
        let minutes: Vec<_> = self.minutes.iter().collect();
        for rows in minutes.chunks(ROWS) {
            let mut insert = Query::insert();
            insert
                .into_table(usage_minute::Entity)
                .columns(PLACE.into_iter().chain(COUNTERS))
                .on_conflict(add_up(PLACE, COUNTERS));
            for ((minute, key_id, provider, model), counters) in rows {
                let place: [SimpleExpr; 4] =
                    [(*minute).into(), (*key_id).into(), provider.as_str().into(), model.as_str().into()];
                insert.values_panic(place.into_iter().chain(counters.values().map(SimpleExpr::from)));
            }
            transaction.execute(&insert).await?;
        }
        let keys: Vec<_> = self.keys.iter().collect();
        for rows in keys.chunks(ROWS) {
            transaction.execute(&key_uses(rows)).await?;
        }
        Ok(())
    }
}

impl Counters {
    fn values(&self) -> [i64; 24] {
        let tokens = &self.tokens;
        let head = [
            self.requests,
            self.failures,
            signed(tokens.input),
            signed(tokens.cache_read),
            signed(tokens.cache_write),
            signed(tokens.cache_write_1h),
            signed(tokens.output),
            signed(tokens.reasoning),
            signed(tokens.audio_input),
            signed(tokens.audio_output),
            self.cost_nanos,
            self.unpriced,
        ];
        let mut values = [0; 24];
        values[..12].copy_from_slice(&head);
        values[12..].copy_from_slice(&self.latencies);
        values
    }
}

fn key_uses(rows: &[(&Uuid, &Used)]) -> sea_orm::sea_query::InsertStatement {
    use key_use::Column as C;
    let mut later = add_up([C::KeyId], [C::Requests, C::CostNanos, C::Unpriced]);
    let (known, new) = (Expr::col((key_use::Entity, C::LastUsedUs)), Expr::col(("excluded", C::LastUsedUs)));
    later.value(C::LastUsedUs, Expr::case(new.clone().gt(known.clone()), new).finally(known));
    let mut insert = Query::insert();
    insert
        .into_table(key_use::Entity)
        .columns([C::KeyId, C::Requests, C::LastUsedUs, C::CostNanos, C::Unpriced])
        .on_conflict(later);
    for (key_id, used) in rows {
        let values: [SimpleExpr; 5] =
            [(**key_id).into(), used.requests.into(), used.last_used_us.into(), used.cost_nanos.into(), used.unpriced.into()];
        insert.values_panic(values);
    }
    insert
}

/// On a row that is there already, adds the new row's counters to its own.
fn add_up<C: sea_orm::ColumnTrait, const K: usize, const N: usize>(key: [C; K], counters: [C; N]) -> OnConflict {
    let mut conflict = OnConflict::columns(key);
    for column in counters {
        let table = column.entity_name();
        conflict.value(column, Expr::col((table, column)).add(Expr::col(("excluded", column))));
    }
    conflict
}

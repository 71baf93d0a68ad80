//! What a delivery adds to the figures: collected first, written with a few statements.
//!
//! Rows are written in the order of their keys, so that two deliveries at once never wait for each other crosswise, and the lock of
//! the roll-ups is taken last, since nothing is waited for while it is held.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Expr, ExprTrait as _, InsertStatement, OnConflict, Query, SimpleExpr};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};
use time::OffsetDateTime;
use uuid::Uuid;

use super::rollup::grain::Grain;
use super::rollup::sums::{MOST, MOST_FOLDED, Sums};
use super::rollup::write::{self, Minute};
use super::{LogRecord, LogSum};
use crate::entity::key_use;
use crate::store::StoreError;
use crate::store::column::{micros, name, signed};
use crate::store::database::Database;

/// Rows of one statement.
const ROWS: usize = 500;

/// What is to be added.
#[derive(Default)]
pub(super) struct Tally {
    minutes: BTreeMap<Minute, Sums>,
    keys: BTreeMap<Uuid, Used>,
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
        self.minute(record.started_at, record.key_id, &record.provider, &record.model).add(record);
        let unpriced = i64::from(record.cost_nanos.is_none());
        self.use_key(record.key_id, 1, record.started_at, Ord::min(record.cost_nanos.unwrap_or_default(), MOST), unpriced);
    }

    /// Counts what a sum stands for.
    pub(super) fn add_sum(&mut self, sum: &LogSum) {
        self.minute(sum.hour, sum.key_id, &sum.provider, &sum.model).add_sum(sum);
        self.use_key(sum.key_id, signed(sum.requests), sum.hour, sum.cost_nanos, signed(sum.unpriced));
    }

    fn minute(&mut self, at: OffsetDateTime, key_id: Option<Uuid>, provider: &str, model: &str) -> &mut Sums {
        let place = (key_id.unwrap_or_default(), Grain::Minute.start(micros(at)), name(provider), name(model));
        self.minutes.entry(place).or_default()
    }

    fn use_key(&mut self, key_id: Option<Uuid>, requests: i64, at: OffsetDateTime, cost_nanos: i64, unpriced: i64) {
        let Some(key_id) = key_id else { return };
        let used = self.keys.entry(key_id).or_default();
        used.requests = used.requests.saturating_add(requests.clamp(0, MOST_FOLDED));
        used.last_used_us = std::cmp::max(used.last_used_us, micros(at));
        used.cost_nanos = used.cost_nanos.saturating_add(cost_nanos.clamp(0, MOST_FOLDED));
        used.unpriced = used.unpriced.saturating_add(unpriced.clamp(0, MOST_FOLDED));
    }

    /// Adds everything to the tables.
    pub(super) async fn write(&self, database: &Database, transaction: &DatabaseTransaction) -> Result<(), StoreError> {
        let keys: Vec<_> = self.keys.iter().collect();
        for rows in keys.chunks(ROWS) {
            transaction.execute(&key_uses(rows)).await?;
        }
        write::add(database, transaction, &self.minutes).await
    }
}

/// On a key that is there already, adds the new row's counters to its own.
fn key_uses(rows: &[(&Uuid, &Used)]) -> InsertStatement {
    use key_use::Column as C;
    let (known, new) = (|column: C| Expr::col((key_use::Entity, column)), |column: C| Expr::col(("excluded", column)));
    let mut later = OnConflict::column(C::KeyId);
    for column in [C::Requests, C::CostNanos, C::Unpriced] {
        later.value(column, known(column).add(new(column)));
    }
    let newer = new(C::LastUsedUs).gt(known(C::LastUsedUs));
    later.value(C::LastUsedUs, Expr::case(newer, new(C::LastUsedUs)).finally(known(C::LastUsedUs)));
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

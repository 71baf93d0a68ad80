//! What was stored lately, by whichever control plane, for whoever follows the log.
//!
//! A row says when it was stored, by the clock of the database. A transaction that began earlier may commit later, so the newest
//! stretch is read again and again, and what was seen in it is left out.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait as _, DatabaseConnection, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use super::LogRow;
use crate::entity::request_log::{Column, Entity};
use crate::store::{Area, Store, StoreError};

/// How long a delivery may take from writing its rows to its commit: as long as it may wait for a lock.
const OVERLAP_US: i64 = 10_000_000;

/// Most ids that are looked at in one step; where more are there, the oldest are passed over.
const IDS: u64 = 100_000;

/// Most rows that one step gives; where more are new, the oldest are passed over.
const ROWS: usize = 5_000;

/// Rows that are read with one statement.
const CHUNK: usize = 500;

/// How far somebody has followed the log.
#[derive(Debug, Clone, Default)]
pub struct LogPlace {
    newest_us: i64,
    seen: HashMap<Uuid, i64>,
}

/// What was added to the log.
#[derive(Debug, Clone, Default)]
pub struct Added {
    /// In the order in which they were stored.
    pub rows: Vec<LogRow>,
    /// How many more there were, which are older.
    pub skipped: u64,
}

impl Store {
    /// The end of the log.
    ///
    /// # Errors
    ///
    /// [`StoreError::Disabled`] without a request log.
    pub async fn log_end(&self) -> Result<LogPlace, StoreError> {
        let reader = &self.database(Area::Logs)?.reader;
        let newest = Entity::find().select_only().column(Column::StoredUs).order_by_desc(Column::StoredUs).into_tuple();
        let mut place = LogPlace { newest_us: newest.one(reader).await?.unwrap_or_default(), seen: HashMap::new() };
        place.advance(reader).await?;
        Ok(place)
    }

    /// What was stored after `place`, which moves behind it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Disabled`] without a request log. `place` has not moved then.
    pub async fn log_after(&self, place: &mut LogPlace) -> Result<Added, StoreError> {
        let reader = &self.database(Area::Logs)?.reader;
        let mut next = place.clone();
        let mut new = next.advance(reader).await?;
        let skipped = new.len().saturating_sub(ROWS);
        new.drain(..skipped);
        let mut rows = Vec::with_capacity(new.len());
        for ids in new.chunks(CHUNK) {
            rows.extend(read(reader, ids).await?);
        }
        *place = next;
        Ok(Added { rows, skipped: skipped as u64 })
    }
}

impl LogPlace {
    /// Moves to the end and gives the ids of what is new on the way, in the order of their storing.
    async fn advance(&mut self, reader: &DatabaseConnection) -> Result<Vec<Uuid>, DbErr> {
        let after = self.newest_us.saturating_sub(OVERLAP_US);
        let mut found: Vec<(i64, Uuid)> = Entity::find()
            .select_only()
            .columns([Column::StoredUs, Column::Id])
            .filter(Column::StoredUs.gt(after))
            .order_by_desc(Column::StoredUs)
            .limit(IDS)
            .into_tuple()
            .all(reader)
            .await?;
        found.retain(|(_, id)| !self.seen.contains_key(id));
        found.sort_unstable();
        self.newest_us = found.last().map_or(self.newest_us, |(stored_us, _)| *stored_us).max(self.newest_us);
        self.seen.extend(found.iter().map(|(stored_us, id)| (*id, *stored_us)));
        let kept = self.newest_us.saturating_sub(OVERLAP_US);
        self.seen.retain(|_, stored_us| *stored_us > kept);
        Ok(found.into_iter().map(|(_, id)| id).collect())
    }
}

/// The rows of `ids`, in that order, as far as they are still there.
async fn read(reader: &DatabaseConnection, ids: &[Uuid]) -> Result<Vec<LogRow>, DbErr> {
    let found = Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(reader).await?;
    let mut rows: HashMap<Uuid, _> = found.into_iter().map(|row| (row.id, row)).collect();
    ids.iter().filter_map(|id| rows.remove(id)).map(LogRow::try_from).collect()
}

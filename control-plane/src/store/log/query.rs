//! Reading the request log.

use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{LogFilter, LogRow};
use crate::entity::request_log::{Column, Entity};
use crate::store::column::micros;
use crate::store::{Area, Page, Store, StoreError};

/// A place in the log, between a row and the next older one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogCursor {
    /// When that row's request arrived.
    pub started_at: OffsetDateTime,
    /// That row's id.
    pub id: Uuid,
}

/// A part of the request log.
#[derive(Debug, Clone)]
pub struct LogPage {
    /// Newest first; rows of the same instant by id.
    pub rows: Vec<LogRow>,
    /// How many rows match in all, whatever the page.
    pub total: u64,
    /// Where the next page begins; `None`: this was the last one.
    pub next: Option<LogCursor>,
}

impl Store {
    /// The matching rows, newest first: `page`, after `cursor` where one is given.
    ///
    /// # Errors
    ///
    /// [`StoreError::Disabled`] without a request log.
    pub async fn logs(&self, filter: &LogFilter, page: Page, cursor: Option<LogCursor>) -> Result<LogPage, StoreError> {
        let reader = &self.database(Area::Logs)?.reader;
        let matching = Entity::find().filter(filter.condition());
        let total = matching.clone().count(reader).await?;
        let limit = page.bounded();
        // One row more than asked for tells whether there is a next page.
        let mut rows = matching
            .filter(Condition::all().add_option(cursor.map(LogCursor::older)))
            .order_by_desc(Column::StartedUs)
            .order_by_desc(Column::Id)
            .offset(page.offset)
            .limit(limit + 1)
            .all(reader)
            .await?
            .into_iter()
            .map(LogRow::try_from)
            .collect::<Result<Vec<_>, _>>()?;
        let more = rows.len() as u64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let next = rows.last().filter(|_| more).map(|row| LogCursor { started_at: row.record.started_at, id: row.record.id });
        Ok(LogPage { rows, total, next })
    }
}

impl LogCursor {
    fn older(self) -> Condition {
        let started = micros(self.started_at);
        let same_instant = Condition::all().add(Column::StartedUs.eq(started)).add(Column::Id.lt(self.id));
        Condition::any().add(Column::StartedUs.lt(started)).add(same_instant)
    }
}

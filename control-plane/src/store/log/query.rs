//! Reading the request log.
//!
//! Whatever is asked, a bounded number of rows is looked at: the ways that an index leads to are followed in the log's order, and
//! where a filter that no index knows is left over, no more than [`way::LOOKED`] rows of each way are held against it. A page may
//! then be short, or empty, and still name a place to go on from.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, Order, Query, SelectStatement, UnionType};
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait as _, DbErr, EntityTrait as _, QueryFilter as _};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{LogFilter, LogRow};
use crate::entity::request_log::{Column, Entity};
use crate::store::column::{instant, micros, unsigned};
use crate::store::database::Unhurried;
use crate::store::{Area, Page, Store, StoreError};
use way::{Way, ways};

mod way;

/// Rows are counted up to this number.
const COUNTED: u64 = 10_000;

/// A place in the log, between a row and the next older one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
    /// How many rows match in all, whatever the page, as far as they were counted.
    pub total: u64,
    /// There may be more than `total`.
    pub more: bool,
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
        let reader = &self.database(Area::Logs)?.unhurried;
        let ways = ways(reader, filter).await?;
        let found = find(reader, &ways, page.bounded(), page.offset, cursor).await?;
        let whole = cursor.is_none() && page.offset == 0 && !found.full;
        let (total, more) = match whole {
            true => (found.places.len() as u64, found.next.is_some()),
            false => count(reader, &ways).await?,
        };
        Ok(LogPage { rows: read(reader, &found.places).await?, total, more, next: found.next })
    }

    /// At most `limit` matching rows after `cursor`, newest first, and where to go on: the same without counting.
    ///
    /// # Errors
    ///
    /// [`StoreError::Disabled`] without a request log.
    pub async fn log_rows(
        &self,
        filter: &LogFilter,
        limit: u64,
        cursor: Option<LogCursor>,
    ) -> Result<(Vec<LogRow>, Option<LogCursor>), StoreError> {
        let reader = &self.database(Area::Logs)?.unhurried;
        let found = find(reader, &ways(reader, filter).await?, limit, 0, cursor).await?;
        Ok((read(reader, &found.places).await?, found.next))
    }

    /// One row.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`], or [`StoreError::Disabled`] without a request log.
    pub async fn log(&self, id: Uuid) -> Result<LogRow, StoreError> {
        let row = Entity::find_by_id(id).one(&self.database(Area::Logs)?.reader).await?;
        Ok(LogRow::try_from(row.ok_or(StoreError::NotFound("request"))?)?)
    }
}

/// Places of rows, newest first.
struct Found {
    places: Vec<LogCursor>,
    /// As many as fit the page, and there are more.
    full: bool,
    next: Option<LogCursor>,
}

async fn find(reader: &Unhurried, ways: &[Way], limit: u64, offset: u64, cursor: Option<LogCursor>) -> Result<Found, DbErr> {
    // One row more than asked for tells whether there is a next page.
    let reach = std::cmp::min(offset.saturating_add(limit + 1), i64::MAX.unsigned_abs());
    let query = Query::select()
        .columns(["started_us", "id"])
        .from_subquery(together(ways, cursor, reach), "found")
        .order_by("started_us", Order::Desc)
        .order_by("id", Order::Desc)
        .offset(offset)
        .limit(limit + 1)
        .to_owned();
    let mut places = Vec::new();
    for row in reader.query_all(&query).await? {
        places.push(LogCursor { started_at: instant(row.try_get("", "started_us")?), id: row.try_get("", "id")? });
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    // Several ways are as far as the one that was left first; a full page of one way is not near its end.
    let edge = if places.len() > limit && ways.len() == 1 { None } else { edge(reader, ways, cursor).await? };
    places.retain(|place| edge.is_none_or(|edge| *place >= edge));
    let full = places.len() > limit;
    places.truncate(limit);
    let next = if full { places.last().copied() } else { edge };
    Ok(Found { places, full, next })
}

/// How many rows match, and whether there may be more.
async fn count(reader: &Unhurried, ways: &[Way]) -> Result<(u64, bool), DbErr> {
    let query = Query::select()
        .expr_as(Expr::cust("COUNT(*)"), "total")
        .from_subquery(
            Query::select().column("id").from_subquery(together(ways, None, COUNTED + 1), "found").limit(COUNTED + 1).to_owned(),
            "counted",
        )
        .to_owned();
    let total = match reader.query_one(&query).await? {
        Some(row) => unsigned(row.try_get("", "total")?),
        None => 0,
    };
    if total > COUNTED {
        return Ok((COUNTED, true));
    }
    Ok((total, edge(reader, ways, None).await?.is_some()))
}

/// The newest place at which a way is left although it goes on.
async fn edge(reader: &Unhurried, ways: &[Way], cursor: Option<LogCursor>) -> Result<Option<LogCursor>, DbErr> {
    let mut edge = None;
    for query in ways.iter().filter_map(|way| way.last_looked_at(cursor)) {
        if let Some(row) = reader.query_one(&query).await? {
            let place = LogCursor { started_at: instant(row.try_get("", "started_us")?), id: row.try_get("", "id")? };
            edge = std::cmp::max(edge, Some(place));
        }
    }
    Ok(edge)
}

/// The places that the ways lead to, each once, at least the newest `reach` of them.
fn together(ways: &[Way], cursor: Option<LogCursor>, reach: u64) -> SelectStatement {
    let mut places = ways
        .iter()
        .map(|way| Query::select().columns(["started_us", "id"]).from_subquery(way.places(cursor, reach), "way").to_owned());
    let mut all = places.next().unwrap_or_else(nowhere);
    for other in places {
        all.union(UnionType::Distinct, other);
    }
    all
}

fn nowhere() -> SelectStatement {
    Query::select().columns([Column::StartedUs, Column::Id]).from(Entity).and_where(Expr::cust("1 = 0")).to_owned()
}

/// The rows at those places, as far as they are still there.
async fn read(reader: &Unhurried, places: &[LogCursor]) -> Result<Vec<LogRow>, DbErr> {
    let ids = places.iter().map(|place| place.id);
    let found = Entity::find().filter(Column::Id.is_in(ids)).all(reader).await?;
    let mut rows: HashMap<Uuid, _> = found.into_iter().map(|row| (row.id, row)).collect();
    places.iter().filter_map(|place| rows.remove(&place.id)).map(LogRow::try_from).collect()
}

impl LogCursor {
    /// Rows after this place.
    fn older(self) -> Condition {
        let started = micros(self.started_at);
        let same_instant = Condition::all().add(Column::StartedUs.eq(started)).add(Column::Id.lt(self.id));
        // The first part is implied by the others; it is what an index is entered with.
        Condition::all()
            .add(Column::StartedUs.lte(started))
            .add(Condition::any().add(Column::StartedUs.lt(started)).add(same_instant))
    }
}

#[cfg(test)]
mod tests;

//! Ways to the rows that are meant: what an index leads to in the log's order, and what has to be looked at in each row.

use sea_orm::sea_query::{Order, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait as _, DbErr, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use uuid::Uuid;

use super::LogCursor;
use crate::entity::key_use;
use crate::entity::request_log::{Column, Entity};
use crate::store::column::micros;
use crate::store::database::Unhurried;
use crate::store::log::{Beginning, KeyFilter, LogFilter, StatusFilter};

/// How many rows of a way are looked at, where an index alone does not tell which of them are meant.
pub(super) const LOOKED: u64 = if cfg!(test) { 20 } else { 10_000 };

/// Keys that are looked up by themselves where the beginning of an id stands for several.
const KEYS: u64 = 8;

/// A way.
#[derive(Debug, Clone)]
pub(super) struct Way {
    /// What an index knows.
    lead: Condition,
    /// What it does not know.
    rest: Condition,
    /// The lead is that there is no key, which an index knows as one more column to sort by.
    keyless: bool,
}

/// The ways that together lead to every row that is meant, and to no other.
pub(super) async fn ways(reader: &Unhurried, filter: &LogFilter) -> Result<Vec<Way>, DbErr> {
    let leads = leads(reader, filter).await?;
    let time = Condition::all()
        .add_option(filter.since.map(|since| Column::StartedUs.gte(micros(since))))
        .add_option(filter.until.map(|until| Column::StartedUs.lt(micros(until))));
    let and = |one: Condition, other: Condition| if other.is_empty() { one } else { one.add(other) };
    let way = |Lead { condition, unknown, rest, keyless }: Lead| Way {
        lead: and(time.clone(), condition),
        rest: and(rest.condition(reader.get_database_backend()), unknown),
        keyless,
    };
    Ok(leads.into_iter().map(way).collect())
}

/// What an index knows, and the filter without it.
struct Lead {
    condition: Condition,
    /// What else is meant by that part of the filter, and no index knows.
    unknown: Condition,
    rest: LogFilter,
    keyless: bool,
}

/// The most selective member that an index knows leads.
async fn leads(reader: &Unhurried, filter: &LogFilter) -> Result<Vec<Lead>, DbErr> {
    let mut rest = LogFilter { since: None, until: None, ..filter.clone() };
    let lead = |condition: Condition, rest: &LogFilter| Lead {
        condition,
        unknown: Condition::all(),
        rest: rest.clone(),
        keyless: false,
    };
    let all = |condition: SimpleExpr| Condition::all().add(condition);
    if let Some(text) = rest.text.take() {
        let ways = beginning(reader, &text).await?;
        return Ok(ways.into_iter().map(|(known, unknown)| Lead { unknown, ..lead(known, &rest) }).collect());
    }
    if let Some(status @ StatusFilter::Exactly(400..)) = rest.status {
        rest.status = None;
        return Ok(vec![lead(failures(status), &rest)]);
    }
    if let Some(key) = rest.key.take() {
        return Ok(vec![Lead { keyless: key == KeyFilter::None, ..lead(all(key.condition()), &rest) }]);
    }
    if let Some(status @ (StatusFilter::Failed | StatusFilter::Class(4..))) = rest.status {
        rest.status = None;
        return Ok(vec![lead(failures(status), &rest)]);
    }
    if let Some(model) = rest.model.take() {
        let renamed = all(Column::RequestedModel.eq(&model)).add(differs());
        return Ok(vec![lead(all(Column::Model.eq(&model)), &rest), lead(renamed, &rest)]);
    }
    if let Some(target) = rest.target.take() {
        return Ok(vec![lead(all(Column::Target.eq(target)), &rest)]);
    }
    if let Some(provider) = rest.provider.take() {
        return Ok(vec![lead(all(Column::Provider.eq(provider)), &rest)]);
    }
    Ok(vec![lead(Condition::all(), &rest)])
}

/// A request whose status is above 399 has failed, so the index over failures knows it.
fn failures(status: StatusFilter) -> Condition {
    Condition::all().add(Column::ErrorClass.is_not_null()).add(status.condition())
}

/// The condition of the index over requests for a model under another name.
fn differs() -> SimpleExpr {
    sea_orm::sea_query::Expr::cust("requested_model <> model")
}

/// Each kind of id has an index of its own; where many keys begin so, their requests are looked for row by row.
async fn beginning(reader: &Unhurried, text: &Beginning) -> Result<Vec<(Condition, Condition)>, DbErr> {
    let known = |condition: SimpleExpr| (Condition::all().add(condition), Condition::all());
    let mut ways = vec![known(text.request_id(reader.get_database_backend()))];
    let Some((first, last)) = text.ids() else { return Ok(ways) };
    ways.push(known(Column::Id.between(first, last)));
    let keys: Vec<Uuid> = key_use::Entity::find()
        .select_only()
        .column(key_use::Column::KeyId)
        .filter(key_use::Column::KeyId.between(first, last))
        .limit(KEYS + 1)
        .into_tuple()
        .all(reader)
        .await?;
    if keys.len() as u64 <= KEYS {
        ways.extend(keys.into_iter().map(|key| known(Column::KeyId.eq(key))));
    } else {
        ways.push((Condition::all(), Condition::all().add(Column::KeyId.between(first, last))));
    }
    Ok(ways)
}

impl Way {
    /// The newest `reach` places after `cursor` that this way leads to.
    pub(super) fn places(&self, cursor: Option<LogCursor>, reach: u64) -> SelectStatement {
        if self.rest.is_empty() {
            return self.walk(cursor).limit(reach).to_owned();
        }
        let mut looked = self.walk(cursor);
        looked.clear_selects().column(sea_orm::sea_query::Asterisk).limit(LOOKED);
        let mut places = Query::select();
        // Under the table's own name, so that conditions on rows are conditions on these rows.
        places.columns([Column::StartedUs, Column::Id]).from_subquery(looked, "request_log").cond_where(self.rest.clone());
        places.order_by(Column::StartedUs, Order::Desc).order_by(Column::Id, Order::Desc).limit(reach).to_owned()
    }

    /// The last place that is looked at after `cursor`, if the way goes that far; `None`: all of it is looked at.
    pub(super) fn last_looked_at(&self, cursor: Option<LogCursor>) -> Option<SelectStatement> {
        (!self.rest.is_empty()).then(|| self.walk(cursor).offset(LOOKED - 1).limit(1).to_owned())
    }

    fn walk(&self, cursor: Option<LogCursor>) -> SelectStatement {
        let mut walk = Query::select();
        walk.columns([Column::StartedUs, Column::Id]).from(Entity).cond_where(self.lead.clone());
        if let Some(cursor) = cursor {
            walk.cond_where(cursor.older());
        }
        if self.keyless {
            walk.order_by(Column::KeyId, Order::Desc);
        }
        walk.order_by(Column::StartedUs, Order::Desc).order_by(Column::Id, Order::Desc).to_owned()
    }
}

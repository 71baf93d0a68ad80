//! Percentiles by nearest rank, computed by the database over the newest rows: they are ranked once and only the wanted ranks
//! leave it.

use sea_orm::sea_query::{Expr, ExprTrait as _, Order, Query};
use sea_orm::{Condition, ConnectionTrait as _, DbErr};

use super::{EXACT, Latency};
use crate::entity::request_log::{Column, Entity};
use crate::store::column::{duration, signed, unsigned};
use crate::store::database::Unhurried;

/// How long `column` was, over the newest rows in which it was measured; `None`: in none.
pub(super) async fn of(db: &Unhurried, rows: Condition, column: Column) -> Result<Option<Latency>, DbErr> {
    let name = sea_orm::Iden::unquoted(&column).to_owned();
    let measured = Query::select()
        .column(column)
        .from(Entity)
        .cond_where(rows.add(Expr::col(column).is_not_null()))
        .order_by(Column::StartedUs, Order::Desc)
        .limit(EXACT)
        .to_owned();
    let overall = Query::select()
        .expr_as(Expr::cust("COUNT(*)"), "number")
        .expr_as(Expr::cust(format!("CAST(COALESCE(SUM({name}), 0) AS BIGINT)")), "total")
        .expr_as(Expr::cust(format!("COALESCE(MAX({name}), 0)")), "longest")
        .from_subquery(measured.clone(), "measured")
        .to_owned();
    let Some(row) = db.query_one(&overall).await? else { return Ok(None) };
    let (count, total, longest): (i64, i64, i64) =
        (row.try_get("", "number")?, row.try_get("", "total")?, row.try_get("", "longest")?);
    if count == 0 {
        return Ok(None);
    }

    let ranks = [50, 95, 99].map(|percent| signed((unsigned(count) * percent).div_ceil(100)));
    let ranked = Query::select()
        .expr_as(Expr::cust(name.clone()), "value")
        .expr_as(Expr::cust(format!("ROW_NUMBER() OVER (ORDER BY {name})")), "place")
        .from_subquery(measured, "measured")
        .to_owned();
    let wanted = Query::select()
        .columns(["place", "value"])
        .from_subquery(ranked, "ranked")
        .and_where(Expr::col("place").is_in(ranks))
        .to_owned();
    let mut found = Vec::new();
    for row in db.query_all(&wanted).await? {
        found.push((row.try_get::<i64>("", "place")?, row.try_get::<i64>("", "value")?));
    }
    // A rank is missing only where rows went between the two questions.
    let [p50, p95, p99] =
        ranks.map(|rank| found.iter().find(|(place, _)| *place == rank).map_or(longest, |(_, value)| *value)).map(duration);
    Ok(Some(Latency { p50, p95, p99, max: duration(longest), mean: duration(total / count), count: unsigned(count) }))
}

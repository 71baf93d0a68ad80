//! Requests, errors, tokens and money: over all rows, by group, and over time.

use sea_orm::sea_query::{Expr, ExprTrait as _, Func, Order, Query, SelectStatement};
use sea_orm::{Condition, ConnectionTrait as _, DbErr, QueryResult};
use time::OffsetDateTime;

use super::{EXACT, Group, Point, Series, TopError, Totals};
use crate::entity::request_log::{Column, Entity};
use crate::store::column::{instant, micros, now, signed, unsigned};
use crate::store::database::Unhurried;

/// How many error messages are listed.
const TOP_ERRORS: u64 = 8;

/// What is added up. Sums are cast back to `bigint`, since PostgreSQL widens them.
const SUMS: [(&str, &str); 10] = [
    ("requests", "COUNT(*)"),
    ("errors", "COUNT(error_class)"),
    ("prompt", "CAST(COALESCE(SUM(input + cache_read + cache_write + cache_write_1h), 0) AS BIGINT)"),
    ("completion", "CAST(COALESCE(SUM(output), 0) AS BIGINT)"),
    ("cost", "CAST(COALESCE(SUM(cost_nanos), 0) AS BIGINT)"),
    ("unpriced", "COUNT(*) - COUNT(cost_nanos)"),
    (
        "failed_prompt",
        "CAST(COALESCE(SUM(CASE WHEN error_class IS NOT NULL THEN input + cache_read + cache_write + cache_write_1h END), 0) \
         AS BIGINT)",
    ),
    ("failed_completion", "CAST(COALESCE(SUM(CASE WHEN error_class IS NOT NULL THEN output END), 0) AS BIGINT)"),
    ("failed_cost", "CAST(COALESCE(SUM(CASE WHEN error_class IS NOT NULL THEN cost_nanos END), 0) AS BIGINT)"),
    ("failed_unpriced", "COUNT(CASE WHEN error_class IS NOT NULL AND cost_nanos IS NULL THEN 1 END)"),
];

/// Whether more than `most` rows match.
pub(super) async fn exceed(db: &Unhurried, rows: Condition, most: u64) -> Result<bool, DbErr> {
    let first = Query::select().column(Column::Id).from(Entity).cond_where(rows).limit(most + 1).to_owned();
    let query = Query::select().expr_as(Expr::cust("COUNT(*)"), "found").from_subquery(first, "first").to_owned();
    let row = db.query_one(&query).await?;
    row.map_or(Ok(false), |row| Ok(unsigned(row.try_get("", "found")?) > most))
}

/// The totals of all rows, and of those of requests that failed.
pub(super) async fn summary(db: &Unhurried, rows: Condition) -> Result<(Totals, Totals), DbErr> {
    let Some(row) = db.query_one(&sums(rows)).await? else { return Ok((Totals::default(), Totals::default())) };
    let count = |name: &str| row.try_get("", name).map(unsigned);
    let all = totals(&row)?;
    let failed = Totals {
        requests: all.errors,
        errors: all.errors,
        prompt_tokens: count("failed_prompt")?,
        completion_tokens: count("failed_completion")?,
        cost_nanos: row.try_get("", "failed_cost")?,
        unpriced: count("failed_unpriced")?,
    };
    Ok((all, failed))
}

/// The totals of each value of `column`; nothing there counts as `unknown`. At most `limit` of them, unless that is 0.
pub(super) async fn groups(db: &Unhurried, rows: Condition, column: Column, limit: u64) -> Result<Vec<Group>, DbErr> {
    let query = sums(rows).expr_as(Expr::col(column), "name").group_by_col(column).to_owned();
    let mut groups = Vec::new();
    for row in db.query_all(&query).await? {
        groups.push((row.try_get("", "name")?, totals(&row)?));
    }
    Ok(ranked(groups, limit))
}

/// The groups with most requests first. Sorted here, so that names compare alike whatever the database's collation is.
pub(super) fn ranked(groups: impl IntoIterator<Item = (String, Totals)>, limit: u64) -> Vec<Group> {
    let name = |name: String| if name.is_empty() { "unknown".to_owned() } else { name };
    let mut groups: Vec<Group> = groups.into_iter().map(|(group, totals)| Group { name: name(group), totals }).collect();
    groups.sort_unstable_by(|a, b| b.totals.requests.cmp(&a.totals.requests).then_with(|| a.name.cmp(&b.name)));
    if let Ok(limit @ 1..) = usize::try_from(limit) {
        groups.truncate(limit);
    }
    groups
}

/// The most frequent messages among the newest failures.
pub(super) async fn top_errors(db: &Unhurried, rows: Condition) -> Result<Vec<TopError>, DbErr> {
    let newest = Query::select()
        .column(Column::ErrorMessage)
        .from(Entity)
        .cond_where(rows.add(Expr::col(Column::ErrorClass).is_not_null()))
        .order_by(Column::StartedUs, Order::Desc)
        .limit(EXACT)
        .to_owned();
    let occurrences = || Func::count(Expr::col("error_message"));
    let query = Query::select()
        .expr_as(Expr::col("error_message"), "message")
        .expr_as(occurrences(), "occurrences")
        .from_subquery(newest, "newest")
        .and_where(Expr::col("error_message").ne(""))
        .group_by_col("error_message")
        .order_by_expr(occurrences().into(), Order::Desc)
        .order_by("error_message", Order::Asc)
        .limit(TOP_ERRORS)
        .to_owned();
    let top = db
        .query_all(&query)
        .await?
        .into_iter()
        .map(|row| Ok(TopError { message: row.try_get("", "message")?, count: unsigned(row.try_get("", "occurrences")?) }));
    top.collect()
}

/// `buckets` equal steps from `since` to `until` (or now).
pub(super) async fn series(
    db: &Unhurried,
    rows: Condition,
    since: OffsetDateTime,
    until: Option<OffsetDateTime>,
    buckets: u32,
) -> Result<Series, DbErr> {
    let start = micros(since);
    let span = std::cmp::max(1, unsigned(micros(until.unwrap_or_else(now)).saturating_sub(start)));
    let step = signed(span.div_ceil(u64::from(buckets)));
    let mut points: Vec<Point> =
        (0..i64::from(buckets)).map(|index| Point { start: instant(start + index * step), totals: Totals::default() }).collect();

    // Whole numbers of ours, so they may stand in the text; division of whole numbers is whole in both dialects.
    let index = Expr::cust(format!("(started_us - ({start})) / {step}"));
    let in_reach = Expr::col(Column::StartedUs).lt(start.saturating_add(signed(points.len() as u64).saturating_mul(step)));
    let query = sums(rows.add(in_reach)).expr_as(index, "step").group_by_col("step").to_owned();
    for row in db.query_all(&query).await? {
        let index: i64 = row.try_get("", "step")?;
        if let Some(point) = usize::try_from(index).ok().and_then(|index| points.get_mut(index)) {
            point.totals = totals(&row)?;
        }
    }
    Ok(Series { start: since, end: instant(start + i64::from(buckets) * step), points })
}

fn sums(rows: Condition) -> SelectStatement {
    let mut query = Query::select();
    query.from(Entity).cond_where(rows);
    for (name, sum) in SUMS {
        query.expr_as(Expr::cust(sum), name);
    }
    query
}

fn totals(row: &QueryResult) -> Result<Totals, DbErr> {
    let count = |name: &str| row.try_get("", name).map(unsigned);
    Ok(Totals {
        requests: count("requests")?,
        errors: count("errors")?,
        prompt_tokens: count("prompt")?,
        completion_tokens: count("completion")?,
        cost_nanos: row.try_get("", "cost")?,
        unpriced: count("unpriced")?,
    })
}

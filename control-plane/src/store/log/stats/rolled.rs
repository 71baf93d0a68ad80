//! The same figures from roll-ups, where the filter is one that they know.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, Condition, DbErr};

use super::totals::{exceed, ranked};
use super::{LogStats, Point, Series, StatsFilter, Totals};
use crate::entity::request_log::Column;
use crate::store::column::{instant, micros, now, signed, unsigned};
use crate::store::database::{Database, Unhurried};
use crate::store::log::figures::finest;
use crate::store::log::rollup::grain::{Grain, Run, ceil, cover, floor};
use crate::store::log::rollup::read::{self, Dimension, Scope};
use crate::store::log::rollup::sums::Sums;
use crate::store::log::{LogFilter, StatusFilter};

/// The filter as roll-ups know it; `None`: they do not.
pub(super) async fn scope(db: &Unhurried, filter: &LogFilter) -> Result<Option<Scope>, DbErr> {
    let known = filter.target.is_none() && filter.stream.is_none() && filter.text.is_none();
    let status = matches!(filter.status, None | Some(StatusFilter::Succeeded | StatusFilter::Failed));
    if !known || !status {
        return Ok(None);
    }
    if let Some(model) = &filter.model {
        // Roll-ups know models as they went to the provider; where clients call another model by this name, rows are counted.
        let renamed = Condition::all().add(Column::RequestedModel.eq(model)).add(Expr::cust("requested_model <> model"));
        if exceed(db, renamed, 0).await? {
            return Ok(None);
        }
    }
    Ok(Some(Scope { key: filter.key, provider: filter.provider.clone(), model: filter.model.clone() }))
}

/// Counts roll-ups.
pub(super) async fn count(database: &Database, scope: &Scope, filter: &StatsFilter) -> Result<LogStats, DbErr> {
    let LogFilter { since, until, status, .. } = filter.rows;
    let grain = since.map_or(Grain::Day, |since| finest(micros(since)));
    let from_us = since.map_or(0, |since| grain.start(micros(since)));
    let to_us = ceil(micros(until.unwrap_or_else(now)).saturating_add(1), grain.micros());
    let runs = cover(from_us, to_us, grain);
    let total = read::total(database, scope, &runs).await?;
    let groups = async |dimension| {
        let groups = read::groups(database, scope, &runs, dimension).await?;
        Ok::<_, DbErr>(ranked(groups.into_iter().map(|(name, sums)| (name, totals(&sums, status))), filter.groups))
    };
    let mut stats = LogStats {
        summary: totals(&total, status),
        failed: totals(&total, Some(StatusFilter::Failed)),
        by_provider: groups(Dimension::Provider).await?,
        by_model: groups(Dimension::Model).await?,
        ..LogStats::default()
    };
    if let (Some(since), 1..) = (since, filter.buckets) {
        stats.series = Some(series(database, scope, filter, micros(since), to_us).await?);
        if status.is_none() {
            (stats.latency, stats.first_content) = (total.duration.latency(), total.first_content.latency());
        }
    }
    Ok(stats)
}

/// As many steps as are asked for, each a multiple of a grain, from the beginning of that grain on.
async fn series(database: &Database, scope: &Scope, filter: &StatsFilter, since_us: i64, to_us: i64) -> Result<Series, DbErr> {
    let buckets = i64::from(filter.buckets);
    let (run, step_us) = plan(since_us, to_us, buckets);
    let from_us = run.from_us;
    let steps = read::steps(database, scope, run, step_us).await?;
    let point = |start_us: i64| Point {
        start: instant(start_us),
        totals: steps.get(&start_us).map(|sums| totals(sums, filter.rows.status)).unwrap_or_default(),
    };
    let points = (0..buckets).map(|number| point(from_us + number * step_us)).collect();
    Ok(Series { start: instant(from_us), end: instant(run.to_us), points })
}

/// From where to where, in which grain, and how long each step is: the last one holds the end.
fn plan(since_us: i64, to_us: i64, buckets: i64) -> (Run, i64) {
    let step = |from_us: i64| signed(unsigned(to_us.saturating_sub(from_us)).div_ceil(unsigned(buckets))).max(1);
    let grain = match step(since_us) {
        step if step >= 2 * Grain::Day.micros() => Grain::Day,
        step if step >= 2 * Grain::Hour.micros() => Grain::Hour,
        _ => finest(since_us),
    };
    let from_us = floor(since_us, grain.micros());
    let step_us = ceil(step(from_us), grain.micros());
    (Run { grain, from_us, to_us: from_us.saturating_add(buckets.saturating_mul(step_us)) }, step_us)
}

/// The totals of those requests that ended so.
fn totals(sums: &Sums, status: Option<StatusFilter>) -> Totals {
    let failed = Totals {
        requests: sums.failures,
        errors: sums.failures,
        prompt_tokens: sums.failed.prompt,
        completion_tokens: sums.failed.output,
        cost_nanos: sums.failed.cost_nanos,
        unpriced: sums.failed.unpriced,
    };
    let all = Totals {
        requests: sums.requests,
        errors: sums.failures,
        prompt_tokens: sums.tokens.prompt(),
        completion_tokens: sums.tokens.output,
        cost_nanos: sums.cost_nanos,
        unpriced: sums.unpriced,
    };
    match status {
        Some(StatusFilter::Failed) => failed,
        Some(StatusFilter::Succeeded) => all.without(&failed),
        _ => all,
    }
}

#[cfg(test)]
mod tests {
    use super::{Grain, plan};

    #[test]
    fn a_series_reaches_to_its_end_wherever_it_begins() {
        let (hour, day) = (Grain::Hour.micros(), Grain::Day.micros());
        // 12 steps of two days from midnight on would end before the 25th day does.
        let (run, step) = plan(23 * hour, 24 * day + 23 * hour, 12);
        assert_eq!((run.from_us, step), (0, 3 * day));
        for since in (0..200).map(|number| number * hour / 3) {
            let to = since + 24 * day - hour / 2;
            let (run, _) = plan(since, to, 12);
            assert!(run.from_us <= since && run.to_us >= to, "{since}: {} to {}", run.from_us, run.to_us);
        }
    }
}

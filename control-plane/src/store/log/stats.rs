//! Counting the request log.
//!
//! Where no more than [`EXACT`] rows match, everything is counted over the rows themselves, so it is exact and agrees with the list.
//! Beyond that, roll-ups tell what they can: they remember what was purged too, begin and end with whole minutes (hours, where
//! minutes are not kept), and know percentiles to within 4.4 %. What they cannot tell is counted over the rows, except that
//! percentiles and error messages are then those of the newest [`EXACT`].

use std::time::Duration;

use time::OffsetDateTime;

use sea_orm::{ConnectionTrait as _, DbErr};

use super::{LogFilter, StatusFilter};
use crate::entity::request_log::Column;
use crate::store::database::Database;
use crate::store::{Area, Store, StoreError};

mod latency;
mod rolled;
mod totals;

/// Rows up to which everything is exact.
pub(super) const EXACT: u64 = 20_000;

/// What is to be counted.
#[derive(Debug, Clone, Default)]
pub struct StatsFilter {
    /// Which rows.
    pub rows: LogFilter,
    /// How many providers, and how many models, at most; 0: all.
    pub groups: u64,
    /// Into how many points the series is cut; 0, or no `since`: no series and no percentiles.
    pub buckets: u32,
}

/// Counts over the matching rows.
#[derive(Debug, Clone, Default)]
pub struct LogStats {
    /// Over all rows.
    pub summary: Totals,
    /// Of these, over those of requests that failed.
    pub failed: Totals,
    /// How long requests took; `None`: not asked for, or nothing to measure.
    pub latency: Option<Latency>,
    /// How long the first content took.
    pub first_content: Option<Latency>,
    /// By provider, those with most requests first, then by name.
    pub by_provider: Vec<Group>,
    /// By model as it went to the provider, in the same order.
    pub by_model: Vec<Group>,
    /// The most frequent error messages, up to eight.
    pub top_errors: Vec<TopError>,
    /// Over time; `None`: not asked for.
    pub series: Option<Series>,
}

/// What a set of requests adds up to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many.
    pub requests: u64,
    /// How many failed.
    pub errors: u64,
    /// Their prompt tokens.
    pub prompt_tokens: u64,
    /// Their answer tokens.
    pub completion_tokens: u64,
    /// Their known cost in nano-dollars.
    pub cost_nanos: i64,
    /// How many had no known cost.
    pub unpriced: u64,
}

impl Totals {
    /// What is left without a part of it.
    #[must_use]
    pub fn without(&self, part: &Self) -> Self {
        Self {
            requests: self.requests.saturating_sub(part.requests),
            errors: self.errors.saturating_sub(part.errors),
            prompt_tokens: self.prompt_tokens.saturating_sub(part.prompt_tokens),
            completion_tokens: self.completion_tokens.saturating_sub(part.completion_tokens),
            cost_nanos: self.cost_nanos.saturating_sub(part.cost_nanos),
            unpriced: self.unpriced.saturating_sub(part.unpriced),
        }
    }
}

/// The totals of one provider or model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name; `unknown` for none.
    pub name: String,
    /// Its totals.
    pub totals: Totals,
}

/// How long something took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Latency {
    /// Half took no longer.
    pub p50: Duration,
    /// 95 % took no longer.
    pub p95: Duration,
    /// 99 % took no longer.
    pub p99: Duration,
    /// The longest.
    pub max: Duration,
    /// The mean.
    pub mean: Duration,
    /// How many were measured.
    pub count: u64,
}

/// How often an error message occurred.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopError {
    /// The message.
    pub message: String,
    /// How often.
    pub count: u64,
}

/// Totals over time: equal steps, empty ones included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// When the first step begins.
    pub start: OffsetDateTime,
    /// When the last step ends.
    pub end: OffsetDateTime,
    /// The steps.
    pub points: Vec<Point>,
}

/// One step of a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// When it begins.
    pub start: OffsetDateTime,
    /// What was asked in it.
    pub totals: Totals,
}

impl Store {
    /// Counts the matching rows.
    ///
    /// # Errors
    ///
    /// [`StoreError::Disabled`] without a request log.
    pub async fn log_stats(&self, filter: &StatsFilter) -> Result<LogStats, StoreError> {
        let database = self.database(Area::Logs)?;
        let reader = &database.unhurried;
        let rows = filter.rows.condition(reader.get_database_backend());
        let many = totals::exceed(reader, rows.clone(), EXACT).await?;
        let scope = if many { rolled::scope(reader, &filter.rows).await? } else { None };
        let mut stats = match scope {
            Some(scope) => rolled::count(database, &scope, filter).await?,
            None => count(database, filter).await?,
        };
        // Among what went well there is none, and finding that out would walk all failures.
        if filter.rows.status != Some(StatusFilter::Succeeded) {
            stats.top_errors = totals::top_errors(reader, rows.clone()).await?;
        }
        if filter.rows.since.is_some() && filter.buckets > 0 && stats.latency.is_none() {
            stats.latency = latency::of(reader, rows.clone(), Column::DurationUs).await?;
            stats.first_content = latency::of(reader, rows, Column::FirstContentUs).await?;
        }
        Ok(stats)
    }
}

/// Counts the rows themselves.
async fn count(database: &Database, filter: &StatsFilter) -> Result<LogStats, DbErr> {
    let reader = &database.unhurried;
    let rows = filter.rows.condition(reader.get_database_backend());
    let (summary, failed) = totals::summary(reader, rows.clone()).await?;
    let mut stats = LogStats {
        summary,
        failed,
        by_provider: totals::groups(reader, rows.clone(), Column::Provider, filter.groups).await?,
        by_model: totals::groups(reader, rows.clone(), Column::Model, filter.groups).await?,
        ..LogStats::default()
    };
    if let (Some(since), 1..) = (filter.rows.since, filter.buckets) {
        stats.series = Some(totals::series(reader, rows, since, filter.rows.until, filter.buckets).await?);
    }
    Ok(stats)
}

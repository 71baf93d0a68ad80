//! Counting the request log. Figures are computed by the database over the matching rows themselves, so they are exact and agree
//! with the list; percentiles are by nearest rank.

use std::time::Duration;

use time::OffsetDateTime;

use super::LogFilter;
use crate::store::{Area, Store, StoreError};

mod latency;
mod totals;

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
        use crate::entity::request_log::Column;
        let reader = &self.database(Area::Logs)?.reader;
        let rows = filter.rows.condition();
        let mut stats = LogStats {
            summary: totals::summary(reader, rows.clone()).await?,
            by_provider: totals::groups(reader, rows.clone(), Column::Provider, filter.groups).await?,
            by_model: totals::groups(reader, rows.clone(), Column::Model, filter.groups).await?,
            top_errors: totals::top_errors(reader, rows.clone()).await?,
            ..LogStats::default()
        };
        if let (Some(since), 1..) = (filter.rows.since, filter.buckets) {
            stats.latency = latency::of(reader, rows.clone(), Column::DurationUs).await?;
            stats.first_content = latency::of(reader, rows.clone(), Column::FirstContentUs).await?;
            stats.series = Some(totals::series(reader, rows, since, filter.rows.until, filter.buckets).await?);
        }
        Ok(stats)
    }
}

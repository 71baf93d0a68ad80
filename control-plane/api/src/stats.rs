//! The request log in figures.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

/// The request log in figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = LogStats)]
pub struct Stats {
    /// Over everything that matches.
    pub summary: Summary,
    /// Duration; `null`: not asked for (`buckets` and `since`), or nothing was measured.
    pub latency_ms: Option<Percentiles>,
    /// Time to the first content; `null` as `latency_ms`.
    pub ttft_ms: Option<Percentiles>,
    /// By stage.
    pub by_stage: BTreeMap<String, Group>,
    /// By provider.
    pub by_provider: BTreeMap<String, Group>,
    /// By model.
    pub by_model: BTreeMap<String, Group>,
    /// The commonest failures.
    pub top_errors: Vec<TopError>,
    /// Over time.
    pub series: Series,
    /// The filters as they were understood.
    pub filters: StatsFilters,
}

/// Totals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = StatsSummary)]
pub struct Summary {
    /// Requests.
    pub total_entries: u64,
    /// Of these, failed.
    pub error_entries: u64,
    /// All tokens.
    pub total_tokens: u64,
    /// Input.
    pub prompt_tokens: u64,
    /// Output.
    pub completion_tokens: u64,
    /// Of the requests whose cost is known.
    pub cost_usd: f64,
    /// Requests whose cost is unknown.
    pub unpriced_requests: u64,
}

/// How long something took, in milliseconds. Out of roll-ups, percentiles are within 4.4 % of the true ones; the rest is exact.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Percentiles {
    /// Median.
    pub p50: f64,
    /// 95th percentile.
    pub p95: f64,
    /// 99th percentile.
    pub p99: f64,
    /// Largest.
    pub max: f64,
    /// Mean.
    pub mean: f64,
    /// Requests measured: those whose detail was folded into sums are not among them.
    pub count: u64,
}

/// Totals of one group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = StatsGroup)]
pub struct Group {
    /// Requests.
    pub count: u64,
    /// Of these, failed.
    pub errors: u64,
    /// All tokens.
    pub tokens: u64,
    /// Of the requests whose cost is known.
    pub cost_usd: f64,
    /// Requests whose cost is unknown.
    pub unpriced: u64,
}

/// A failure and how often it happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TopError {
    /// Its text.
    pub message: String,
    /// How often.
    pub count: u64,
}

/// Totals over time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Series {
    /// Buckets of equal length, oldest first.
    pub points: Vec<Point>,
    /// The series does not reach back to `since`.
    pub truncated: bool,
    /// Where it begins.
    #[serde(default, with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub start: Option<OffsetDateTime>,
    /// Where it ends.
    #[serde(default, with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub end: Option<OffsetDateTime>,
}

/// Totals of one bucket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Point {
    /// Its beginning.
    #[serde(with = "time::serde::rfc3339")]
    pub start: OffsetDateTime,
    /// Requests.
    pub requests: u64,
    /// Of these, failed.
    pub errors: u64,
    /// Input.
    pub prompt_tokens: u64,
    /// Output.
    pub completion_tokens: u64,
}

/// The filters as they were understood.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatsFilters {
    /// Groups of each kind; 0: all.
    pub limit: u64,
    /// Points of the series; 0: none.
    pub buckets: u64,
    /// The stage.
    pub stage: String,
    /// The model.
    pub model: String,
    /// The provider.
    pub provider: String,
    /// Earliest time, as it was sent.
    pub since: String,
}

/// What to count.
#[derive(Debug, Clone, Default, Serialize)]
pub struct StatsQuery {
    /// Groups of each kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// Points of the series.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buckets: Option<u64>,
    /// The stage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// The model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Earliest time.
    #[serde(with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub since: Option<OffsetDateTime>,
}

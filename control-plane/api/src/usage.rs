//! What was used, spent and waited for over a range of time.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::stats::Percentiles;

/// What was used, spent and waited for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Usage {
    /// From when on: the beginning of a step, at or before what was asked for.
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
    /// Until when: the end of a step, at or after what was asked for.
    #[serde(with = "time::serde::rfc3339")]
    pub until: OffsetDateTime,
    /// How long a step is: whole minutes, hours or days.
    pub step_seconds: u64,
    /// Over the whole range.
    pub summary: UsageFigures,
    /// Over each step, oldest first, empty ones included.
    pub series: Vec<UsageStep>,
    /// Over each group, those with most requests first: fifty at most, and `other` for the rest. Empty: not asked for.
    pub groups: Vec<UsageGroup>,
}

/// What a set of requests adds up to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct UsageFigures {
    /// Requests.
    pub requests: u64,
    /// Of these, failed.
    pub errors: u64,
    /// All input: fresh, read from a cache and written to one.
    pub prompt_tokens: u64,
    /// All output, reasoning included.
    pub completion_tokens: u64,
    /// Of the input, read from a cache.
    pub cached_tokens: u64,
    /// Of the output, reasoning.
    pub reasoning_tokens: u64,
    /// Of the requests whose cost is known.
    pub cost_usd: f64,
    /// Requests whose cost is unknown.
    pub unpriced: u64,
    /// To the end of the answer; `null`: nothing was measured.
    pub latency_ms: Option<Percentiles>,
    /// To the first content; `null`: nothing was measured.
    pub ttft_ms: Option<Percentiles>,
}

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct UsageStep {
    /// When it begins.
    #[serde(with = "time::serde::rfc3339")]
    pub start: OffsetDateTime,
    /// What was used in it.
    #[serde(flatten)]
    pub figures: UsageFigures,
}

/// One group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct UsageGroup {
    /// The provider, the model or the key's id; `unknown` for requests that reached no provider, `none` for those without a key,
    /// `other` for all groups that are not told by name.
    pub name: String,
    /// The key's name, if it is still there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What it used.
    #[serde(flatten)]
    pub figures: UsageFigures,
}

/// By what figures are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    /// By provider.
    Provider,
    /// By model, as it went to the provider.
    Model,
    /// By key.
    Key,
}

/// What to tell.
#[derive(Debug, Clone, Default, Serialize)]
pub struct UsageQuery {
    /// From when on; absent: a day before `until`.
    #[serde(with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub since: Option<OffsetDateTime>,
    /// Until when; absent: now.
    #[serde(with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub until: Option<OffsetDateTime>,
    /// Most steps, save one that ragged ends may add; 1: the range itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<u64>,
    /// Tell it by group too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_by: Option<GroupBy>,
    /// Only of this provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Only of this model, as it went to the provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Only with this key; `none`: without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key_id: Option<String>,
}

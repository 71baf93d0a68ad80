//! The request log.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

/// One page of the request log, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LogPage {
    /// The requests. Where a filter is rare, a page may be short, or empty, and still have a next one.
    pub data: Vec<LogEntry>,
    /// How many match in all.
    pub summary: LogSummary,
    /// The filters as they were understood.
    pub filters: LogFilters,
    /// The `cursor` of the next, older page; absent: this is the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// One request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LogEntry {
    /// The record's id.
    pub id: String,
    /// The request's `X-Request-ID`.
    pub trace_id: String,
    /// `after_request`, or `on_error` where it failed.
    pub stage: String,
    /// The API that was called, e.g. `chat_completions`.
    pub surface: String,
    /// The model that the caller named.
    pub requested_model: String,
    /// The model that answered, or was tried last.
    pub model: String,
    /// The provider that answered, or was tried last.
    pub provider: String,
    /// The target that answered, or was tried last.
    pub target: String,
    /// The key that it was made with; empty: none.
    pub api_key_id: String,
    /// The status that the caller was told.
    pub status: u16,
    /// Whether the answer was streamed.
    pub stream: bool,
    /// The caller hung up before the end.
    pub client_gone: bool,
    /// Why the answer ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finish_reason: Option<String>,
    /// The class of failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_class: Option<String>,
    /// The code of failure that the caller was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    /// What went wrong; empty: nothing.
    pub error_message: String,
    /// All input: fresh, read from a cache and written to one.
    pub prompt_tokens: u64,
    /// All output, reasoning included.
    pub completion_tokens: u64,
    /// Both.
    pub total_tokens: u64,
    /// Of the input, read from a cache.
    pub cached_tokens: u64,
    /// When it arrived.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// To the end of the answer; `null`: unknown.
    pub duration_ms: Option<f64>,
    /// To the first content; `null`: there was none, or it was not streamed.
    pub ttft_ms: Option<f64>,
    /// `null`: unknown, which is not free.
    pub cost_usd: Option<f64>,
    /// The configuration that it was served with.
    pub version: u64,
    /// What was tried, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<Attempt>,
}

impl LogEntry {
    /// The model that answered, or was asked for where none did.
    #[must_use]
    pub fn shown_model(&self) -> &str {
        if self.model.is_empty() { &self.requested_model } else { &self.model }
    }
}

/// One try at one target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Attempt {
    /// The target.
    pub target: String,
    /// Its provider.
    pub provider: String,
    /// The model that was asked for.
    pub model: String,
    /// The provider's status; 0: none.
    pub status: u16,
    /// `ok`, or the class of failure.
    pub outcome: String,
    /// What the provider said, redacted.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// From the request's start.
    pub started_ms: f64,
    /// How long it took.
    pub duration_ms: f64,
}

/// How many requests there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogSummary {
    /// That match, as far as they were counted: up to 10,000.
    pub total_entries: u64,
    /// On this page.
    pub returned_entries: u64,
    /// There are, or may be, more than `total_entries`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
}

/// Everything that is known of one request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LogDetail {
    /// What the list tells too.
    #[serde(flatten)]
    pub entry: LogEntry,
    /// Tokens in buckets; `null`: the provider did not say.
    pub usage: Option<LogTokens>,
    /// Which price was applied, e.g. `catalog:openai/gpt-4o`; `null`: none is known.
    pub price_rule: Option<String>,
    /// What that price is in this release; `null`: it does not know the rule.
    pub price: Option<LogPrice>,
    /// The worker that served it.
    pub worker_id: String,
    /// Its host's name; `null`: the worker is not remembered any more.
    pub worker_name: Option<String>,
    /// Frames that were supplied or mended on the way.
    pub repairs: u32,
}

/// Tokens in buckets, of which prompt (`input`, `cache_read`, `cache_write`, `cache_write_1h`) and `output` add up to all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogTokens {
    /// Fresh input.
    pub input: u64,
    /// Read from the provider's cache.
    pub cache_read: u64,
    /// Written to the cache.
    pub cache_write: u64,
    /// Written to the cache for an hour.
    pub cache_write_1h: u64,
    /// Output.
    pub output: u64,
    /// Of `output`: reasoning.
    pub reasoning: u64,
    /// Of `input`: audio.
    pub audio_input: u64,
    /// Of `output`: audio.
    pub audio_output: u64,
}

/// A price, in US dollars per million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LogPrice {
    /// Fresh input.
    pub input: f64,
    /// Output, reasoning included.
    pub output: f64,
    /// Cache reads; absent: as input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_read: Option<f64>,
    /// Cache writes; absent: as input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write: Option<f64>,
    /// Cache writes for an hour; absent: as `cache_write`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write_1h: Option<f64>,
}

/// Something that is seen while the log is followed.
#[derive(Debug, Clone, PartialEq)]
pub enum LogEvent {
    /// A request that was stored.
    Record(Box<LogEntry>),
    /// So many were stored too quickly to be shown, whether or not they match.
    Skipped(u64),
}

/// The data of a `skipped` event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogSkipped {
    /// How many requests.
    pub records: u64,
}

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// A header and a line per request.
    Csv,
    /// A JSON object per line (NDJSON).
    Json,
}

/// The last line of an export that does not hold everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExportCut {
    /// Always.
    pub cut: bool,
    /// Requests that were exported.
    pub records: u64,
    /// The `cursor` to go on with.
    pub next_cursor: String,
}

/// The filters as they were understood.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogFilters {
    /// Longest page.
    pub limit: u64,
    /// Requests left out before it.
    pub offset: u64,
    /// The stage, as it was sent.
    pub stage: String,
    /// The stages that this means; `null`: every one.
    pub stages: Option<Vec<String>>,
    /// The model.
    pub model: String,
    /// The key; `none`: requests without one.
    pub api_key_id: String,
    /// The provider.
    pub provider: String,
    /// Earliest time, as it was sent.
    pub since: String,
    /// Time before which they arrived, as it was sent.
    pub until: String,
    /// How they ended, as it was sent.
    #[serde(default)]
    pub status: String,
    /// Whether a stream was asked for; empty: both.
    #[serde(default)]
    pub stream: String,
    /// The target.
    #[serde(default)]
    pub target: String,
    /// The beginning of an id, as it was sent.
    #[serde(default)]
    pub q: String,
}

/// What to look for in the request log.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LogQuery {
    /// Longest page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// Requests to leave out before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// Where the page begins: a page's `next_cursor`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// `after_request` or `on_error`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// The model that answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The provider that answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The key; `none`: requests without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key_id: Option<String>,
    /// Earliest time.
    #[serde(with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub since: Option<OffsetDateTime>,
    /// Time before which they arrived.
    #[serde(with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub until: Option<OffsetDateTime>,
    /// `ok`, `error`, `4xx`, `5xx` or a status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Whether a stream was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream: Option<bool>,
    /// The target that answered, or was tried last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The beginning, at least four characters, of a request id, a record's id or a key's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
}

/// The answer to a purge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Purged {
    /// Requests that are gone. Their sums stay.
    pub deleted: u64,
    /// The filters as they were understood.
    pub filters: PurgeFilters,
}

/// The filters of a purge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PurgeFilters {
    /// Strictly older than this, as it was sent.
    pub before: String,
    /// The stage.
    pub stage: String,
    /// The model.
    pub model: String,
    /// The provider.
    pub provider: String,
}

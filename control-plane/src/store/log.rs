//! The request log: one row per request, and what remains in sums when detail had to go.
//!
//! Rows arrive from workers at least once and are stored exactly once (`record`); they are read by [`LogFilter`] (`query`), followed
//! (`tail`), counted (`stats`) and thrown away (`purge`). What they add up to per key (`key_use`) and over time (`rollup`, read by
//! `figures`) moves only with new rows (`tally`) and outlives them.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

mod beginning;
mod expire;
mod figures;
mod filter;
mod insert;
mod key_use;
mod purge;
mod query;
mod record;
mod rollup;
mod row;
mod stats;
mod tail;
mod tally;

pub use beginning::Beginning;
pub use figures::{Figures, Usage, UsageGroup, UsageQuery, UsageStep};
pub use filter::{KeyFilter, LogFilter, StatusFilter};
pub use key_use::KeyUse;
pub use purge::Purge;
pub use query::{LogCursor, LogPage};
pub(crate) use rollup::is_reserved_key_id;
pub use rollup::read::Dimension;
pub use stats::{Group, Latency, LogStats, Point, Series, StatsFilter, TopError, Totals};
pub use tail::{Added, LogPlace};

/// One numbered thing of a worker's spool.
#[derive(Debug, Clone)]
pub struct LogItem {
    /// Its place within the worker's epoch; they ascend.
    pub sequence: u64,
    /// What it is.
    pub entry: LogEntry,
}

/// What a worker has to tell.
#[derive(Debug, Clone)]
pub enum LogEntry {
    /// One request's account.
    Record(Box<LogRecord>),
    /// What remains of requests whose detail had to go.
    Sum(LogSum),
}

/// One request's account.
#[derive(Debug, Clone, PartialEq)]
pub struct LogRecord {
    /// UUIDv7, minted when the request arrived.
    pub id: Uuid,
    /// `X-Request-ID`.
    pub request_id: String,
    /// When it arrived.
    pub started_at: OffsetDateTime,
    /// From arrival to the last byte handed to the client.
    pub duration: Duration,
    /// From arrival to the first content of a stream.
    pub first_content: Option<Duration>,
    /// `chat_completions`, `completions` or `embeddings`.
    pub surface: String,
    /// The model as the client spelt it.
    pub requested_model: String,
    /// The model as it went to the provider; empty: it never did.
    pub model: String,
    /// The provider that answered, or was tried last; empty: none was.
    pub provider: String,
    /// The target that answered, or was tried last; empty: none was.
    pub target: String,
    /// The caller's key.
    pub key_id: Option<Uuid>,
    /// The HTTP status that the client was told.
    pub status: u16,
    /// Whether a stream was asked for.
    pub stream: bool,
    /// The client hung up before the end.
    pub client_gone: bool,
    /// Why the model stopped.
    pub finish_reason: Option<String>,
    /// Why the request failed; `None`: it did not.
    pub error: Option<LogError>,
    /// Tokens; `None`: the provider did not say.
    pub tokens: Option<Tokens>,
    /// Cost in nano-dollars; `None`: unknown, which is not free.
    pub cost_nanos: Option<i64>,
    /// Which price was applied.
    pub price_rule: Option<String>,
    /// Every try at a target, in order.
    pub attempts: Vec<LogAttempt>,
    /// The generation that the request was served under.
    pub generation: u64,
    /// Frames that were supplied or mended.
    pub repairs: u32,
}

/// Why a request failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogError {
    /// The failure's class.
    pub class: String,
    /// The error envelope's `code`.
    pub code: String,
    /// The error envelope's `message`.
    pub message: String,
}

/// Tokens in disjoint buckets; `reasoning` and `audio_output` are parts of `output`, `audio_input` is part of `input`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Fresh prompt tokens.
    pub input: u64,
    /// Read from the provider's cache.
    pub cache_read: u64,
    /// Written to the cache.
    pub cache_write: u64,
    /// Written to the cache for an hour.
    pub cache_write_1h: u64,
    /// Answer tokens.
    pub output: u64,
    /// Of `output`: reasoning.
    pub reasoning: u64,
    /// Of `input`: audio.
    pub audio_input: u64,
    /// Of `output`: audio.
    pub audio_output: u64,
}

impl Tokens {
    /// All prompt tokens.
    #[must_use]
    pub fn prompt(&self) -> u64 {
        self.input + self.cache_read + self.cache_write + self.cache_write_1h
    }

    /// Prompt and answer tokens.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.prompt() + self.output
    }
}

impl std::ops::AddAssign for Tokens {
    fn add_assign(&mut self, more: Self) {
        self.input = self.input.saturating_add(more.input);
        self.cache_read = self.cache_read.saturating_add(more.cache_read);
        self.cache_write = self.cache_write.saturating_add(more.cache_write);
        self.cache_write_1h = self.cache_write_1h.saturating_add(more.cache_write_1h);
        self.output = self.output.saturating_add(more.output);
        self.reasoning = self.reasoning.saturating_add(more.reasoning);
        self.audio_input = self.audio_input.saturating_add(more.audio_input);
        self.audio_output = self.audio_output.saturating_add(more.audio_output);
    }
}

/// One try at one target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogAttempt {
    /// The target.
    pub target: String,
    /// Its provider.
    pub provider: String,
    /// The model in the provider's spelling.
    pub model: String,
    /// The provider's status; 0: none came.
    pub status: u16,
    /// `ok`, or the failure's class.
    pub outcome: String,
    /// The failure's message; empty on success.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// From the request's arrival to the try's start, in microseconds.
    pub started_us: u64,
    /// How long the try took, in microseconds.
    pub duration_us: u64,
}

/// What remains of requests whose detail had to go: totals of one key, model and hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSum {
    /// The sum's own id.
    pub id: Uuid,
    /// The hour.
    pub hour: OffsetDateTime,
    /// The key.
    pub key_id: Option<Uuid>,
    /// The provider.
    pub provider: String,
    /// The model.
    pub model: String,
    /// How many requests.
    pub requests: u64,
    /// How many of them failed.
    pub failures: u64,
    /// Their tokens.
    pub tokens: Tokens,
    /// Their known cost in nano-dollars.
    pub cost_nanos: i64,
    /// How many had no known cost.
    pub unpriced: u64,
}

/// A stored account.
#[derive(Debug, Clone, PartialEq)]
pub struct LogRow {
    /// The worker that served the request.
    pub worker_id: Uuid,
    /// The account.
    pub record: LogRecord,
}

//! Accounts of requests, as tests need them.

use std::time::Duration;

use ferrogw_control_plane::store::{LogEntry, LogError, LogItem, LogRecord, LogSum, Store, Tokens, UsageQuery};
use time::OffsetDateTime;
use time::macros::datetime;
use uuid::Uuid;

/// When the tests' requests begin.
pub(crate) const NOON: OffsetDateTime = datetime!(2026-03-01 12:00 UTC);

/// What was used from noon on, for a day, in steps of an hour.
pub(crate) fn day() -> UsageQuery {
    let until = NOON + Duration::from_secs(24 * 3600);
    UsageQuery { since: NOON, until, points: 24, groups: None, key: None, provider: None, model: None }
}

/// A good answer of a common model, at noon.
pub(crate) fn record() -> LogRecord {
    let id = Uuid::now_v7();
    LogRecord {
        id,
        request_id: id.simple().to_string(),
        started_at: NOON,
        duration: Duration::from_millis(80),
        first_content: None,
        surface: "chat_completions".to_owned(),
        requested_model: "fast".to_owned(),
        model: "gpt-4o-mini".to_owned(),
        provider: "openai".to_owned(),
        target: "openai".to_owned(),
        key_id: None,
        status: 200,
        stream: false,
        client_gone: false,
        finish_reason: Some("stop".to_owned()),
        error: None,
        tokens: Some(Tokens { input: 10, output: 5, ..Tokens::default() }),
        cost_nanos: Some(1_000),
        price_rule: Some("catalog:openai/gpt-4o-mini".to_owned()),
        attempts: Vec::new(),
        generation: 1,
        repairs: 0,
    }
}

/// A request that no provider answered.
pub(crate) fn failed(message: &str) -> LogRecord {
    let error = LogError { class: "server".to_owned(), code: "upstream_error".to_owned(), message: message.to_owned() };
    LogRecord { status: 502, error: Some(error), tokens: None, cost_nanos: None, finish_reason: None, ..record() }
}

pub(crate) fn sum(requests: u64) -> LogSum {
    LogSum {
        id: Uuid::now_v7(),
        hour: NOON,
        key_id: None,
        provider: "openai".to_owned(),
        model: "gpt-4o-mini".to_owned(),
        requests,
        failures: 1,
        tokens: Tokens { input: 100, output: 50, ..Tokens::default() },
        cost_nanos: 9_000,
        unpriced: 1,
    }
}

/// Numbers records from `first` on.
pub(crate) fn items(first: u64, records: impl IntoIterator<Item = LogRecord>) -> Vec<LogItem> {
    (first..).zip(records).map(|(sequence, record)| LogItem { sequence, entry: LogEntry::Record(Box::new(record)) }).collect()
}

/// Stores records as a worker of their own.
pub(crate) async fn deliver(store: &Store, records: impl IntoIterator<Item = LogRecord>) {
    store.record(Uuid::now_v7(), 1, &items(1, records)).await.expect("they are stored");
}

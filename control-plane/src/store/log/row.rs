//! Accounts as rows, and back.

use std::time::Duration;

use sea_orm::DbErr;
use uuid::Uuid;

use super::rollup::sums::MOST;
use super::{LogAttempt, LogError, LogRecord, LogRow, Tokens};
use crate::entity::request_log::Model;
use crate::store::column::{beginning, duration, duration_micros, instant, micros, name, now, signed, text, unsigned};
use crate::store::redact::redact;

/// Longest message of a failure, in bytes.
const LONGEST_MESSAGE: usize = 4_096;

/// The row of an account. Numbers are bounded as in roll-ups, so that rows can be added up too, and come to the same.
pub(super) fn row(worker_id: Uuid, record: &LogRecord) -> Model {
    let error = record.error.as_ref();
    let tokens = |count: fn(&Tokens) -> u64| record.tokens.as_ref().map(|tokens| signed(count(tokens)).min(MOST));
    Model {
        id: record.id,
        worker_id,
        request_id: name(&record.request_id.to_lowercase()),
        started_us: micros(record.started_at),
        duration_us: micros_of(record.duration),
        first_content_us: record.first_content.map(micros_of),
        surface: name(&record.surface),
        requested_model: name(&record.requested_model),
        model: name(&record.model),
        provider: name(&record.provider),
        target: name(&record.target),
        key_id: record.key_id,
        status: i32::from(record.status),
        stream: record.stream,
        client_gone: record.client_gone,
        finish_reason: record.finish_reason.as_deref().map(name),
        error_class: error.map(|error| name(&error.class)),
        error_code: error.map(|error| name(&error.code)),
        error_message: error.map(|error| message(&error.message)),
        input: tokens(|tokens| tokens.input),
        cache_read: tokens(|tokens| tokens.cache_read),
        cache_write: tokens(|tokens| tokens.cache_write),
        cache_write_1h: tokens(|tokens| tokens.cache_write_1h),
        output: tokens(|tokens| tokens.output),
        reasoning: tokens(|tokens| tokens.reasoning),
        audio_input: tokens(|tokens| tokens.audio_input),
        audio_output: tokens(|tokens| tokens.audio_output),
        cost_nanos: record.cost_nanos.map(|nanos| nanos.clamp(0, MOST)),
        price_rule: record.price_rule.as_deref().map(name),
        attempts: attempts(record),
        generation: signed(record.generation),
        repairs: i32::try_from(record.repairs).unwrap_or(i32::MAX),
        stored_us: micros(now()),
    }
}

fn micros_of(took: Duration) -> i64 {
    duration_micros(took).min(MOST)
}

/// It is masked before it is cut: half a credential does not look like one any more.
fn message(said: &str) -> String {
    beginning(redact(&text(said)).into_owned(), LONGEST_MESSAGE)
}

fn attempts(record: &LogRecord) -> String {
    let attempts: Vec<LogAttempt> = record.attempts.iter().map(bounded).collect();
    let json = serde_json::to_string(&attempts).expect("attempts hold strings and numbers only");
    redact(&json).into_owned()
}

fn bounded(attempt: &LogAttempt) -> LogAttempt {
    LogAttempt {
        target: name(&attempt.target),
        provider: name(&attempt.provider),
        model: name(&attempt.model),
        status: attempt.status,
        outcome: name(&attempt.outcome),
        message: message(&attempt.message),
        started_us: attempt.started_us,
        duration_us: attempt.duration_us,
    }
}

impl TryFrom<Model> for LogRow {
    type Error = DbErr;

    fn try_from(row: Model) -> Result<Self, DbErr> {
        let tokens = tokens(&row);
        let error = row.error_class.map(|class| LogError {
            class,
            code: row.error_code.unwrap_or_default(),
            message: row.error_message.unwrap_or_default(),
        });
        let record = LogRecord {
            id: row.id,
            request_id: row.request_id,
            started_at: instant(row.started_us),
            duration: duration(row.duration_us),
            first_content: row.first_content_us.map(duration),
            surface: row.surface,
            requested_model: row.requested_model,
            model: row.model,
            provider: row.provider,
            target: row.target,
            key_id: row.key_id,
            status: u16::try_from(row.status).unwrap_or_default(),
            stream: row.stream,
            client_gone: row.client_gone,
            finish_reason: row.finish_reason,
            error,
            tokens,
            cost_nanos: row.cost_nanos,
            price_rule: row.price_rule,
            attempts: serde_json::from_str(&row.attempts).map_err(|error| DbErr::Json(error.to_string()))?,
            generation: unsigned(row.generation),
            repairs: u32::try_from(row.repairs).unwrap_or_default(),
        };
        Ok(Self { worker_id: row.worker_id, record })
    }
}

/// Tokens are told altogether or not at all.
fn tokens(row: &Model) -> Option<Tokens> {
    let count = |column: Option<i64>| unsigned(column.unwrap_or_default());
    row.input.map(|input| Tokens {
        input: unsigned(input),
        cache_read: count(row.cache_read),
        cache_write: count(row.cache_write),
        cache_write_1h: count(row.cache_write_1h),
        output: count(row.output),
        reasoning: count(row.reasoning),
        audio_input: count(row.audio_input),
        audio_output: count(row.audio_output),
    })
}

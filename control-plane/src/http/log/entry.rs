//! Accounts as the API tells them.

use ferrogw_api::log::{Attempt, LogEntry};

use super::stage::Stage;
use crate::http::figures::{dollars, micros, millis};
use crate::store::{LogAttempt, LogRecord};

/// What a list tells of a request.
pub(in crate::http) fn entry(record: LogRecord) -> LogEntry {
    let tokens = record.tokens.unwrap_or_default();
    let (class, code, message) = match record.error {
        Some(error) => (Some(error.class), Some(error.code), error.message),
        None => (None, None, String::new()),
    };
    LogEntry {
        id: record.id.to_string(),
        trace_id: record.request_id,
        stage: if class.is_some() { Stage::ERROR } else { Stage::AFTER }.to_owned(),
        surface: record.surface,
        requested_model: record.requested_model,
        model: record.model,
        provider: record.provider,
        target: record.target,
        api_key_id: record.key_id.map(|id| id.to_string()).unwrap_or_default(),
        status: record.status,
        stream: record.stream,
        client_gone: record.client_gone,
        finish_reason: record.finish_reason,
        error_class: class,
        error_code: code,
        error_message: message,
        prompt_tokens: tokens.prompt(),
        completion_tokens: tokens.output,
        total_tokens: tokens.total(),
        cached_tokens: tokens.cache_read,
        created_at: record.started_at,
        duration_ms: Some(millis(record.duration)),
        ttft_ms: record.first_content.map(millis),
        cost_usd: record.cost_nanos.map(dollars),
        version: record.generation,
        attempts: record.attempts.into_iter().map(attempt).collect(),
    }
}

fn attempt(attempt: LogAttempt) -> Attempt {
    Attempt {
        target: attempt.target,
        provider: attempt.provider,
        model: attempt.model,
        status: attempt.status,
        outcome: attempt.outcome,
        message: attempt.message,
        started_ms: micros(attempt.started_us),
        duration_ms: micros(attempt.duration_us),
    }
}

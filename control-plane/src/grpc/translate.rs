//! Between the wire's types and ours.

use std::time::Duration;

use ferrogw_api::worker::{Report, Target};
use ferrogw_config::{Issue, Severity};
use ferrogw_proto::{sync, usage};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::store::{
    KeyChanges, KeyGrant, LogAttempt, LogEntry, LogError, LogItem, LogRecord, LogSum, Scope, Tokens, Version, counted_as,
};

pub(super) fn activation(generation: u64, version: &Version) -> sync::Activation {
    sync::Activation {
        generation,
        version: version.id.to_string(),
        format: version.document.format(),
        digest: version.document.digest().0.to_vec().into(),
        document: version.document.bytes().to_vec().into(),
    }
}

pub(super) fn key_changes(step: &KeyChanges) -> sync::KeyChanges {
    sync::KeyChanges {
        from: step.from,
        to: step.to,
        more: step.more,
        upserts: step.upserts.iter().map(key).collect(),
        removed: step.removed.iter().map(|digest| digest.to_vec().into()).collect(),
    }
}

fn key(grant: &KeyGrant) -> sync::Key {
    sync::Key {
        digest: grant.digest.to_vec().into(),
        id: grant.id.into_bytes().to_vec().into(),
        // 0 says that it never does, so a key that ended by then, or before, ended a second later.
        expires_at_unix: grant.expires_at.map_or(0, |at| at.unix_timestamp().max(1)),
        scopes: grant.scopes.iter().map(|scope| self::scope(scope).into()).collect(),
    }
}

fn scope(scope: Scope) -> sync::Scope {
    match scope {
        Scope::Admin => sync::Scope::Admin,
        Scope::ReadOnly => sync::Scope::ReadOnly,
        Scope::Inference => sync::Scope::Inference,
    }
}

pub(super) fn issues(issues: Vec<sync::Issue>, severity: Severity) -> Vec<Issue> {
    let issue = |sync::Issue { path, message, hint }| Issue { severity, path, line: None, column: None, message, hint };
    issues.into_iter().map(issue).collect()
}

pub(super) fn report(report: sync::Report) -> Report {
    Report {
        targets: report.targets.into_iter().map(target).collect(),
        requests_in_flight: report.requests_in_flight,
        demo: report.demo,
        providers_found: report.providers_found,
        spool_records: report.spool_records,
        spool_bytes: report.spool_bytes,
        spool_full: report.spool_full,
        records_folded: report.records_folded,
        started_at: instant(report.started_unix_ms),
    }
}

fn target(target: sync::Target) -> Target {
    let last_error_at = instant(target.last_error_unix_ms);
    Target {
        name: target.name,
        provider: target.provider,
        credential_found: target.credential_found,
        models: target.models,
        any_model: target.any_model,
        in_flight: target.in_flight,
        requests: target.requests,
        failures: target.failures,
        failures_in_row: target.failures_in_row,
        latency_ms: (target.latency_ms > 0.0).then_some(target.latency_ms),
        misconfigured: target.misconfigured,
        last_error: last_error_at.map(|_| target.last_error),
        last_error_at,
    }
}

/// An item that a worker cannot have meant.
#[derive(Debug, thiserror::Error)]
#[error("item {sequence} has no valid {what}")]
pub(super) struct Malformed {
    sequence: u64,
    what: &'static str,
}

pub(super) fn item(item: usage::Item) -> Result<LogItem, Malformed> {
    let malformed = |what| Malformed { sequence: item.sequence, what };
    let entry = match item.item {
        Some(usage::item::Item::Record(sent)) => LogEntry::Record(Box::new(record(sent).map_err(malformed)?)),
        Some(usage::item::Item::Sum(sent)) => LogEntry::Sum(sum(sent).map_err(malformed)?),
        None => return Err(malformed("content")),
    };
    Ok(LogItem { sequence: item.sequence, entry })
}

fn record(sent: usage::Record) -> Result<LogRecord, &'static str> {
    Ok(LogRecord {
        id: Uuid::from_slice(&sent.id).map_err(|_| "id")?,
        request_id: sent.request_id,
        started_at: at(i128::from(sent.started_unix_us) * 1_000).ok_or("time")?,
        duration: Duration::from_micros(sent.duration_us),
        first_content: sent.first_content_us.map(Duration::from_micros),
        surface: sent.surface,
        requested_model: sent.requested_model,
        model: sent.model,
        provider: sent.provider,
        target: sent.target,
        key_id: key_id(&sent.key_id)?,
        status: u16::try_from(sent.status).map_err(|_| "status")?,
        stream: sent.stream,
        client_gone: sent.client_gone,
        finish_reason: present(sent.finish_reason),
        error: present(sent.error_class).map(|class| LogError { class, code: sent.error_code, message: sent.error_message }),
        tokens: sent.tokens.map(tokens),
        cost_nanos: sent.cost_nanos,
        price_rule: present(sent.price_rule),
        attempts: sent.attempts.into_iter().map(attempt).collect::<Result<_, _>>()?,
        generation: sent.generation,
        repairs: sent.repairs,
    })
}

fn attempt(sent: usage::Attempt) -> Result<LogAttempt, &'static str> {
    Ok(LogAttempt {
        target: sent.target,
        provider: sent.provider,
        model: sent.model,
        status: u16::try_from(sent.status).map_err(|_| "status of an attempt")?,
        outcome: sent.outcome,
        message: sent.message,
        started_us: sent.started_us,
        duration_us: sent.duration_us,
    })
}

fn sum(sent: usage::Sum) -> Result<LogSum, &'static str> {
    Ok(LogSum {
        id: Uuid::from_slice(&sent.id).map_err(|_| "id")?,
        hour: OffsetDateTime::from_unix_timestamp(sent.hour_unix).map_err(|_| "hour")?,
        key_id: key_id(&sent.key_id)?,
        provider: sent.provider,
        model: sent.model,
        requests: sent.requests,
        failures: sent.failures,
        tokens: tokens(sent.tokens.unwrap_or_default()),
        cost_nanos: sent.cost_nanos,
        unpriced: sent.unpriced,
    })
}

fn tokens(sent: usage::Tokens) -> Tokens {
    Tokens {
        input: sent.input,
        cache_read: sent.cache_read,
        cache_write: sent.cache_write,
        cache_write_1h: sent.cache_write_1h,
        output: sent.output,
        reasoning: sent.reasoning,
        audio_input: sent.audio_input,
        audio_output: sent.audio_output,
    }
}

fn key_id(bytes: &[u8]) -> Result<Option<Uuid>, &'static str> {
    if bytes.is_empty() {
        return Ok(None);
    }
    Uuid::from_slice(bytes).map(|id| Some(counted_as(id))).map_err(|_| "key id")
}

fn present(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// A moment in milliseconds since 1970; 0 stands for none.
fn instant(unix_ms: i64) -> Option<OffsetDateTime> {
    if unix_ms > 0 { at(i128::from(unix_ms) * 1_000_000) } else { None }
}

fn at(unix_nanos: i128) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(unix_nanos).ok()
}

#[cfg(test)]
mod tests;

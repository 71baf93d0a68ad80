//! From what comes over gRPC to the words of the admin API, so that a watched record looks as a listed one does.

use ferrogw_api::{log, worker};
use ferrogw_config::{Issue, Severity};
use ferrogw_proto::operator as proto;
use time::OffsetDateTime;

pub(crate) fn worker(worker: proto::Worker) -> worker::Worker {
    worker::Worker {
        id: worker.id,
        name: worker.name,
        build: worker.build,
        address: some(worker.address),
        url: some(worker.url),
        connected: worker.connected,
        last_seen_at: instant(i128::from(worker.last_seen_unix_ms) * 1_000_000),
        status: worker.status,
        version: worker.version,
        key_revision: worker.key_revision,
        issues: worker.issues.into_iter().map(issue).collect(),
        report: worker.report.map(report).unwrap_or_default(),
    }
}

pub(crate) fn entry(entry: proto::LogEntry) -> log::LogEntry {
    log::LogEntry {
        stage: if entry.error_class.is_empty() { "after_request" } else { "on_error" }.to_owned(),
        id: entry.id,
        trace_id: entry.request_id,
        surface: entry.surface,
        requested_model: entry.requested_model,
        model: entry.model,
        provider: entry.provider,
        target: entry.target,
        api_key_id: entry.api_key_id,
        status: u16::try_from(entry.status).unwrap_or_default(),
        stream: entry.stream,
        client_gone: entry.client_gone,
        finish_reason: some(entry.finish_reason),
        error_class: some(entry.error_class),
        error_code: some(entry.error_code),
        error_message: entry.error_message,
        prompt_tokens: entry.prompt_tokens,
        completion_tokens: entry.completion_tokens,
        total_tokens: entry.prompt_tokens + entry.completion_tokens,
        cached_tokens: entry.cached_tokens,
        created_at: instant(i128::from(entry.started_unix_us) * 1_000),
        duration_ms: entry.duration_ms,
        ttft_ms: entry.ttft_ms,
        cost_usd: entry.cost_usd,
        version: entry.version,
        attempts: entry.attempts.into_iter().map(attempt).collect(),
    }
}

fn attempt(attempt: proto::Attempt) -> log::Attempt {
    log::Attempt {
        target: attempt.target,
        provider: attempt.provider,
        model: attempt.model,
        status: u16::try_from(attempt.status).unwrap_or_default(),
        outcome: attempt.outcome,
        message: attempt.message,
        started_ms: attempt.started_ms,
        duration_ms: attempt.duration_ms,
    }
}

fn issue(issue: proto::Issue) -> Issue {
    Issue {
        severity: if issue.error { Severity::Error } else { Severity::Warning },
        path: issue.path,
        line: None,
        column: None,
        message: issue.message,
        hint: issue.hint,
    }
}

fn report(report: proto::Report) -> worker::Report {
    worker::Report {
        demo: report.demo,
        requests_in_flight: report.requests_in_flight,
        spool_records: report.spool_records,
        spool_bytes: report.spool_bytes,
        spool_full: report.spool_full,
        records_folded: report.records_folded,
        providers_found: report.providers_found,
        targets: report.targets.into_iter().map(target).collect(),
        started_at: happened(report.started_unix_ms),
    }
}

fn target(target: proto::Target) -> worker::Target {
    worker::Target {
        name: target.name,
        provider: target.provider,
        credential_found: target.credential_found,
        models: target.models,
        any_model: target.any_model,
        in_flight: target.in_flight,
        requests: target.requests,
        failures: target.failures,
        failures_in_row: target.failures_in_row,
        latency_ms: target.latency_ms,
        misconfigured: target.misconfigured,
        last_error: some(target.last_error),
        last_error_at: happened(target.last_error_unix_ms),
    }
}

/// Absent texts travel as empty ones.
fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// A moment in milliseconds since 1970; 0 stands for none.
fn happened(unix_ms: i64) -> Option<OffsetDateTime> {
    (unix_ms > 0).then(|| instant(i128::from(unix_ms) * 1_000_000))
}

fn instant(nanos: i128) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

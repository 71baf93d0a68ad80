//! From our types to the wire's.

use ferrogw_api::worker as report;
use ferrogw_config::{Issue, Severity};
use ferrogw_proto::operator;
use time::OffsetDateTime;

use crate::fleet::Worker;
use crate::http::figures;
use crate::store::{LogAttempt, LogRecord};

pub(super) fn worker(worker: Worker, generation: u64) -> operator::Worker {
    let status = worker.standing(generation).name().to_owned();
    let issues = worker.refused.unwrap_or_default().into_iter().chain(worker.warnings);
    operator::Worker {
        id: worker.id.to_string(),
        name: worker.name,
        build: worker.build,
        address: worker.address.unwrap_or_default(),
        connected: worker.connected,
        last_seen_unix_ms: unix_ms(worker.last_seen),
        status,
        version: worker.running.generation,
        key_revision: worker.running.key_revision,
        issues: issues.map(issue).collect(),
        report: Some(self::report(worker.report)),
        url: worker.url.unwrap_or_default(),
    }
}

fn issue(issue: Issue) -> operator::Issue {
    let error = issue.severity == Severity::Error;
    operator::Issue { error, path: issue.path, message: issue.message, hint: issue.hint }
}

fn report(report: report::Report) -> operator::Report {
    operator::Report {
        demo: report.demo,
        requests_in_flight: report.requests_in_flight,
        spool_records: report.spool_records,
        spool_bytes: report.spool_bytes,
        spool_full: report.spool_full,
        records_folded: report.records_folded,
        providers_found: report.providers_found,
        targets: report.targets.into_iter().map(target).collect(),
        started_unix_ms: report.started_at.map_or(0, unix_ms),
    }
}

fn target(target: report::Target) -> operator::Target {
    operator::Target {
        name: target.name,
        provider: target.provider,
        credential_found: target.credential_found,
        models: target.models,
        any_model: target.any_model,
        in_flight: target.in_flight,
        requests: target.requests,
        failures: target.failures,
        latency_ms: target.latency_ms,
        misconfigured: target.misconfigured,
        last_error: target.last_error.unwrap_or_default(),
        last_error_unix_ms: target.last_error_at.map_or(0, unix_ms),
        failures_in_row: target.failures_in_row,
    }
}

pub(super) fn record(record: LogRecord) -> operator::LogEntry {
    let tokens = record.tokens.unwrap_or_default();
    let (error_class, error_code, error_message) =
        record.error.map(|error| (error.class, error.code, error.message)).unwrap_or_default();
    operator::LogEntry {
        id: record.id.to_string(),
        request_id: record.request_id,
        started_unix_us: i64::try_from(record.started_at.unix_timestamp_nanos().div_euclid(1_000)).unwrap_or(i64::MAX),
        surface: record.surface,
        requested_model: record.requested_model,
        model: record.model,
        provider: record.provider,
        target: record.target,
        api_key_id: record.key_id.map(|id| id.to_string()).unwrap_or_default(),
        status: record.status.into(),
        stream: record.stream,
        client_gone: record.client_gone,
        finish_reason: record.finish_reason.unwrap_or_default(),
        error_class,
        error_code,
        error_message,
        prompt_tokens: tokens.prompt(),
        completion_tokens: tokens.output,
        cached_tokens: tokens.cache_read,
        duration_ms: Some(figures::millis(record.duration)),
        ttft_ms: record.first_content.map(figures::millis),
        cost_usd: record.cost_nanos.map(figures::dollars),
        version: record.generation,
        attempts: record.attempts.into_iter().map(attempt).collect(),
        left_out: 0,
    }
}

fn attempt(attempt: LogAttempt) -> operator::Attempt {
    operator::Attempt {
        target: attempt.target,
        provider: attempt.provider,
        model: attempt.model,
        status: attempt.status.into(),
        outcome: attempt.outcome,
        message: attempt.message,
        started_ms: figures::micros(attempt.started_us),
        duration_ms: figures::micros(attempt.duration_us),
    }
}

fn unix_ms(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos().div_euclid(1_000_000)).unwrap_or(i64::MAX)
}

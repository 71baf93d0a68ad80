//! Retries, time limits, circuit breakers and bounds on concurrency.

use super::duration;
use crate::model::{CircuitBreaker, Concurrency, Retry, Target, Timeouts};
use crate::path::Path;
use crate::policy::can_pass;
use crate::report::Report;

pub(super) fn check(path: &Path<'_>, target: &Target, report: &mut Report) {
    if let Some(block) = &target.retry {
        retry(&path.key("retry"), block, report);
    }
    if let Some(block) = &target.timeouts {
        timeouts(&path.key("timeouts"), block, report);
    }
    if let Some(block) = &target.circuit_breaker {
        let path = path.key("circuit_breaker");
        circuit_breaker(&path, block, report);
        report.not_yet_served(&path, "`circuit_breaker`", "remove it");
    }
    if let Some(block) = &target.concurrency {
        let path = path.key("concurrency");
        concurrency(&path, block, report);
        report.not_yet_served(&path, "`concurrency`", "remove it");
    }
}

fn retry(path: &Path<'_>, retry: &Retry, report: &mut Report) {
    within(&path.key("attempts"), retry.attempts, 0, 100, report);
    within(&path.key("initial_backoff_ms"), retry.initial_backoff_ms, 0, 600_000, report);
    let codes = path.key("on_status_codes");
    for (index, code) in retry.on_status_codes.iter().flatten().enumerate() {
        let path = codes.index(index);
        within(&path, Some(*code), 400, 599, report);
        if (400..=599).contains(code) && !u16::try_from(*code).is_ok_and(can_pass) {
            let message = format!("{code} is never repeated: the same target would answer the same again");
            report.warning(&path, message, "leave it out; 408, 424, 429, 498 and every 5xx can be listed");
        }
    }
}

fn timeouts(path: &Path<'_>, timeouts: &Timeouts, report: &mut Report) {
    let limits = [
        ("connect", &timeouts.connect),
        ("head", &timeouts.head),
        ("first_content", &timeouts.first_content),
        ("between_frames", &timeouts.between_frames),
        ("total", &timeouts.total),
    ];
    for (key, limit) in limits {
        duration(&path.key(key), limit.as_ref(), report);
    }
}

fn circuit_breaker(path: &Path<'_>, breaker: &CircuitBreaker, report: &mut Report) {
    let thresholds = [
        ("failure_threshold", breaker.failure_threshold),
        ("success_threshold", breaker.success_threshold),
        ("max_half_threshold", breaker.max_half_threshold),
    ];
    for (key, threshold) in thresholds {
        within(&path.key(key), threshold, 0, 1_000_000, report);
    }
    duration(&path.key("timeout"), breaker.timeout.as_ref().filter(|timeout| !timeout.is_empty()), report);
}

fn concurrency(path: &Path<'_>, concurrency: &Concurrency, report: &mut Report) {
    within(&path.key("max_concurrency"), Some(concurrency.max_concurrency), 1, 10_000, report);
    within(&path.key("queue_size"), concurrency.queue_size, 0, 10_000, report);
}

fn within(path: &Path<'_>, number: Option<i64>, least: i64, most: i64, report: &mut Report) {
    if let Some(number) = number.filter(|number| !(least..=most).contains(number)) {
        report.error(path, format!("{number} is out of range"), format!("write a number from {least} to {most}"));
    }
}

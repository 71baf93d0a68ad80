//! How long a provider asks to wait.
//!
//! Dates are measured against the answer's own `Date`, so that no clock is needed and the provider's may be wrong.

use std::time::Duration;

use http::{HeaderMap, StatusCode, header};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// More is no advice but a mistake.
const LONGEST: Duration = Duration::from_hours(24);

/// Families of rate-limit headers: what is left, and when it is full again.
const RESETS: [(&str, &str); 7] = [
    ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
    ("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
    ("x-ratelimit-remaining", "x-ratelimit-reset"),
    ("anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"),
    ("anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"),
    ("anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-input-tokens-reset"),
    ("anthropic-ratelimit-output-tokens-remaining", "anthropic-ratelimit-output-tokens-reset"),
];

/// The wait that the headers ask for, if they ask.
pub(super) fn asked(status: StatusCode, headers: &HeaderMap) -> Option<Duration> {
    let now =
        text(headers, header::DATE.as_str()).and_then(|date| httpdate::parse_http_date(date).ok()).map(OffsetDateTime::from);
    let wait = milliseconds(headers)
        .or_else(|| seconds_or_date(text(headers, header::RETRY_AFTER.as_str())?, now))
        .or_else(|| if status == StatusCode::TOO_MANY_REQUESTS { reset(headers, now) } else { None })?;
    Some(wait.min(LONGEST))
}

fn milliseconds(headers: &HeaderMap) -> Option<Duration> {
    let milliseconds: f64 = text(headers, "retry-after-ms")?.parse().ok()?;
    Duration::try_from_secs_f64(milliseconds / 1_000.0).ok()
}

fn seconds_or_date(value: &str, now: Option<OffsetDateTime>) -> Option<Duration> {
    match value.parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).ok(),
        Err(_) => until(OffsetDateTime::from(httpdate::parse_http_date(value).ok()?), now?),
    }
}

/// When the last exhausted limit is full again; a limit of which something is left is not what refused.
fn reset(headers: &HeaderMap, now: Option<OffsetDateTime>) -> Option<Duration> {
    let exhausted = RESETS.iter().filter(|(remaining, _)| text(headers, remaining).is_none_or(|left| left == "0"));
    exhausted.filter_map(|(_, reset)| moment(text(headers, reset)?, now)).max()
}

/// A reset is spelt as a length (`1m12s`, `0.5s`, `20`), as seconds or milliseconds since 1970, or as an RFC 3339 date.
fn moment(value: &str, now: Option<OffsetDateTime>) -> Option<Duration> {
    const YEAR_2001: f64 = 1e9;
    const YEAR_2001_IN_MILLISECONDS: f64 = 1e12;
    match value.parse::<f64>() {
        Ok(number) if number < YEAR_2001 => Duration::try_from_secs_f64(number).ok(),
        Ok(number) => {
            let seconds = if number < YEAR_2001_IN_MILLISECONDS { number } else { number / 1_000.0 };
            let moment = OffsetDateTime::UNIX_EPOCH.checked_add(time::Duration::checked_seconds_f64(seconds)?)?;
            until(moment, now?)
        }
        Err(_) => length(value).or_else(|| until(OffsetDateTime::parse(value, &Rfc3339).ok()?, now?)),
    }
}

/// `1d2h3m4.5s`, `250ms`: every number with its unit.
fn length(value: &str) -> Option<Duration> {
    let mut rest = value;
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let unit_at = rest.find(|c: char| c.is_ascii_alphabetic())?;
        let number: f64 = rest[..unit_at].parse().ok()?;
        let tail = &rest[unit_at..];
        let unit_end = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        let seconds = match &tail[..unit_end] {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3_600.0,
            "d" => 86_400.0,
            _ => return None,
        };
        total = total.checked_add(Duration::try_from_secs_f64(number * seconds).ok()?)?;
        rest = &tail[unit_end..];
    }
    (!value.is_empty()).then_some(total)
}

fn until(moment: OffsetDateTime, now: OffsetDateTime) -> Option<Duration> {
    Duration::try_from(moment - now).ok()
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

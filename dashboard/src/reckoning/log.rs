//! Which requests are listed: what the address says, and what the admin API is asked for.

use ferrogw_api::log::{Attempt, LogEntry, LogQuery};
use time::OffsetDateTime;

use crate::address::Query;
use crate::range::{Range, rfc3339};

/// Requests on one page.
pub const PAGE: u64 = 50;

/// The shortest beginning of an id that is looked for.
pub const SHORTEST: usize = 4;

/// What an address says about requests, besides the range of time.
pub const FILTERS: [&str; 7] = ["model", "provider", "target", "key", "status", "stream", "q"];

/// The choices of how a request ended: their words in addresses and for people.
pub const STATUSES: [(&str, &str); 5] =
    [("", "Any outcome"), ("ok", "Answered"), ("error", "Failed"), ("4xx", "Refused (4xx)"), ("5xx", "Broken (5xx)")];

/// The question for the requests that an address means. Without a `now`, the range is left out: what is followed live has none.
#[must_use]
pub fn question(query: &Query, now: Option<OffsetDateTime>) -> LogQuery {
    let word = |name: &str| query.get(name).map(str::to_owned);
    let range = Range::of(query);
    let bounds = now.map(|now| range.bounds(now));
    LogQuery {
        limit: Some(PAGE),
        cursor: word("cursor"),
        model: word("model"),
        provider: word("provider"),
        target: word("target"),
        api_key_id: word("key"),
        status: word("status"),
        stream: query.get("stream").and_then(|text| text.parse().ok()),
        q: word("q").filter(|text| text.chars().count() >= SHORTEST),
        since: bounds.map(|(since, _)| since),
        // What ends now has no end, so that nothing is missed while the answer is on its way.
        until: bounds.filter(|_| !range.is_live()).map(|(_, until)| until),
        ..LogQuery::default()
    }
}

/// The same as an address of the admin API, for links and streams, which no client makes.
#[must_use]
pub fn address(path: &str, question: &LogQuery, more: &[(&str, &str)]) -> String {
    let moment = |at: Option<OffsetDateTime>| at.map(rfc3339).unwrap_or_default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let pairs = [
        ("model", text(&question.model)),
        ("provider", text(&question.provider)),
        ("target", text(&question.target)),
        ("api_key_id", text(&question.api_key_id)),
        ("status", text(&question.status)),
        ("stream", question.stream.map(|stream| stream.to_string()).unwrap_or_default()),
        ("q", text(&question.q)),
        ("since", moment(question.since)),
        ("until", moment(question.until)),
    ];
    let all = pairs.iter().map(|(name, value)| (*name, value.as_str())).chain(more.iter().copied());
    let query = all.fold(Query::default(), |query, (name, value)| query.with(name, value));
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.text()) }
}

/// How a request ended, for the eye: `good`, `warn` or `bad`.
#[must_use]
pub fn tone(entry: &LogEntry) -> &'static str {
    match entry.status {
        _ if entry.client_gone => "warn",
        500.. => "bad",
        400.. => "warn",
        _ if entry.stage == "on_error" => "bad",
        _ => "good",
    }
}

/// Where an attempt lies within its request: its beginning and its length, as shares of the whole.
#[must_use]
pub fn share(attempt: &Attempt, entry: &LogEntry) -> (f64, f64) {
    let end = entry
        .attempts
        .iter()
        .map(|attempt| attempt.started_ms + attempt.duration_ms)
        .fold(entry.duration_ms.unwrap_or(0.0), f64::max);
    if end <= 0.0 {
        return (0.0, 1.0);
    }
    let begin = (attempt.started_ms / end).clamp(0.0, 1.0);
    (begin, (attempt.duration_ms / end).clamp(0.005, 1.0 - begin.min(0.995)))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-25 12:00 UTC);

    #[test]
    fn what_the_address_says_is_asked_for() {
        let asked = question(&Query::of("model=gpt-4o&status=5xx&stream=true&q=0190a8&range=1h&cursor=abc"), Some(NOW));
        assert_eq!((asked.model.as_deref(), asked.status.as_deref(), asked.stream), (Some("gpt-4o"), Some("5xx"), Some(true)));
        assert_eq!((asked.q.as_deref(), asked.cursor.as_deref()), (Some("0190a8"), Some("abc")));
        assert_eq!((asked.since, asked.until), (Some(datetime!(2026-11-25 11:00 UTC)), None));
    }

    #[test]
    fn what_is_too_short_to_be_looked_for_is_not() {
        assert_eq!(question(&Query::of("q=019"), Some(NOW)).q, None);
        assert_eq!(question(&Query::of("stream=perhaps"), None).stream, None);
    }

    #[test]
    fn links_say_the_same() {
        let asked = question(&Query::of("model=a%20b&key=none&since=2026-11-25T10:00:00Z&until=2026-11-25T11:00:00Z"), Some(NOW));
        let link = address("/admin/logs/export", &asked, &[("format", "csv")]);
        assert_eq!(
            link,
            "/admin/logs/export?model=a%20b&api_key_id=none&since=2026-11-25T10:00:00Z&until=2026-11-25T11:00:00Z&format=csv"
        );
        assert_eq!(address("/admin/logs/tail", &question(&Query::default(), None), &[]), "/admin/logs/tail");
    }

    #[test]
    fn attempts_lie_within_their_request() {
        let attempt = |started_ms, duration_ms| Attempt {
            target: String::new(),
            provider: String::new(),
            model: String::new(),
            status: 200,
            outcome: "ok".into(),
            message: String::new(),
            started_ms,
            duration_ms,
        };
        let entry: LogEntry = serde_json::from_value(serde_json::json!({
            "id": "", "trace_id": "", "stage": "after_request", "surface": "", "requested_model": "", "model": "", "provider": "",
            "target": "", "api_key_id": "", "status": 200, "stream": false, "client_gone": false, "error_message": "",
            "prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0, "cached_tokens": 0,
            "created_at": "2026-11-25T12:00:00Z", "duration_ms": 200.0, "ttft_ms": null, "cost_usd": null, "version": 1
        }))
        .unwrap();
        assert_eq!(share(&attempt(0.0, 100.0), &entry), (0.0, 0.5));
        assert_eq!(share(&attempt(100.0, 100.0), &entry), (0.5, 0.5));
        let (begin, length) = share(&attempt(500.0, 1.0), &entry);
        assert!(begin <= 1.0 && begin + length <= 1.005, "{begin} {length}");
        assert_eq!(
            (tone(&entry), tone(&LogEntry { status: 502, ..entry.clone() }), tone(&LogEntry { status: 429, ..entry.clone() })),
            ("good", "bad", "warn")
        );
    }
}

//! A clock that is wrong by an hour: times are reckoned by the gateway's.

use time::OffsetDateTime;
use time::format_description::well_known::{Rfc2822, Rfc3339};

use crate::canned::{Canned, answer, scripted};
use crate::program::cli;

/// A gateway whose clock is an hour behind this machine's.
fn behind() -> Canned {
    let there = (OffsetDateTime::now_utc() - time::Duration::HOUR).format(&Rfc2822).unwrap().replace("+0000", "GMT");
    let key = r#"{"id":"k","key":"sk-ferro-x","name":"ci","scopes":["read_only"],"created_at":"2026-01-01T00:00:00Z","usage_count":0,"active":true}"#;
    scripted(move |request| match request.split(' ').nth(1) {
        Some("/livez") => answer("200 OK", &format!("date: {there}\r\n"), r#"{"status":"ok"}"#),
        Some(path) if path.starts_with("/admin/logs") => answer(
            "200 OK",
            "",
            r#"{"data":[],"summary":{"total_entries":0,"returned_entries":0},"filters":{"limit":50,"offset":0,"stage":"","stages":null,"model":"","api_key_id":"","provider":"","since":"","until":""}}"#,
        ),
        _ => answer("201 Created", "", key),
    })
}

fn asked(server: &Canned, what: &str) -> String {
    std::iter::from_fn(|| server.asked.try_recv().ok()).find(|request| request.contains(what)).unwrap_or_default()
}

#[test]
fn a_new_key_lives_as_long_as_was_said_by_the_gateways_clock() {
    let server = behind();
    let run = cli(&["admin", "keys", "create", "--name", "ci", "--expires-in", "30m", "--gateway-url", &server.url]).run().ok();
    assert!(run.stderr.contains("60 min ahead of the gateway's") || run.stderr.contains("59 min ahead"), "{}", run.stderr);
    assert!(asked(&server, "POST").starts_with("POST /admin/keys "), "the key was made");
}

#[test]
fn how_long_ago_is_reckoned_by_the_gateways_clock() {
    let server = behind();
    cli(&["admin", "logs", "list", "--since", "30m", "--gateway-url", &server.url]).run().ok();
    let request = asked(&server, "/admin/logs");
    let since = request.split("since=").nth(1).unwrap().split([' ', '&']).next().unwrap().replace("%3A", ":");
    let since = OffsetDateTime::parse(&since, &Rfc3339).unwrap();
    let expected = OffsetDateTime::now_utc() - time::Duration::minutes(90);
    assert!((since - expected).abs() < time::Duration::minutes(1), "{since} is not {expected}");
}

#[test]
fn a_time_that_was_said_is_taken_as_it_is() {
    let server = behind();
    let run = cli(&["admin", "logs", "list", "--since", "2026-01-31", "--gateway-url", &server.url]).run().ok();
    assert!(!run.stderr.contains("clock"), "{}", run.stderr);
    assert!(asked(&server, "/admin/logs").contains("since=2026-01-31T00%3A00%3A00Z"));
}

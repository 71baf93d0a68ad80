//! Every command that reads knows all three formats, and says the same in both that programs read.

use serde_json::{Value, json};

use crate::canned::{answer, scripted};
use crate::gateway::Gateway;
use crate::program::{Done, cli};

/// What the command writes as a table and what as data; it ends in the same way whichever is asked for.
#[track_caller]
fn in_each_format(command: &[&str], run: impl Fn(&[&str]) -> Done) -> (Done, Value) {
    let [table, json, yaml] = ["table", "json", "yaml"].map(|format| run(&[command, &["--format", format]].concat()));
    assert!(table.code <= 1 && [json.code, yaml.code] == [table.code; 2], "{command:?}: {table:?} {json:?} {yaml:?}");
    let data: Value = serde_json::from_str(&json.stdout).unwrap_or_else(|error| panic!("{command:?}: {error} in {json:?}"));
    let same: Value = serde_yaml::from_str(&yaml.stdout).unwrap_or_else(|error| panic!("{command:?}: {error} in {yaml:?}"));
    assert_eq!(data, same, "{command:?}");
    (table, data)
}

#[test]
fn what_a_gateway_without_workers_tells_is_told_in_each_format() {
    let gateway = Gateway::start();
    let first = gateway.file("first.yaml", "targets: [{ virtual_key: openai }]\n");
    let second = gateway.file("second.yaml", "targets: [{ virtual_key: groq }]\n");
    for file in [&first, &second] {
        gateway.cli(&["admin", "config", "apply", file]).ok();
    }
    let id = gateway.make(&["--name", "ci"]).json()["id"].as_str().unwrap().to_owned();
    let commands: [&[&str]; 21] = [
        &["status"],
        &["doctor", "--offline"],
        &["plugins"],
        &["providers"],
        &["validate", &first],
        &["workers", "list"],
        &["admin", "keys", "list"],
        &["admin", "keys", "get", &id],
        &["admin", "config", "get"],
        &["admin", "config", "get", "1"],
        &["admin", "config", "check", &first],
        &["admin", "config", "diff", "1"],
        &["admin", "config", "history"],
        &["admin", "config", "export"],
        &["admin", "logs", "list"],
        &["admin", "logs", "stats", "--all"],
        &["admin", "usage", "--since", "2026-01-01", "--until", "2026-01-02"],
        &["admin", "providers", "list"],
        &["admin", "providers", "health"],
        &["admin", "audit", "list"],
        &["admin", "sessions", "list"],
    ];
    for command in commands {
        let run = |arguments: &[&str]| gateway.program(arguments).within(gateway.folder.path()).run();
        let (table, _) = in_each_format(command, run);
        // Where there is nothing to list, people are told so.
        assert!(!table.stdout.is_empty() || !table.stderr.is_empty(), "{command:?} says nothing");
    }
}

#[test]
fn what_workers_and_requests_are_like_is_told_in_each_format() {
    let entry = json!({
        "id": "0197c0de-0000-7000-8000-000000000000", "trace_id": "r-1", "stage": "on_error", "surface": "chat_completions",
        "requested_model": "fast", "model": "gpt-4o", "provider": "openai", "target": "eu", "api_key_id": "", "status": 502,
        "stream": true, "client_gone": false, "finish_reason": null, "error_class": "server_error", "error_message": "it \"broke\"",
        "prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5, "cached_tokens": 0, "created_at": "2026-01-01T00:00:00Z",
        "duration_ms": 12.5, "ttft_ms": null, "cost_usd": 0.000_012, "version": 3,
        "attempts": [{
            "target": "eu", "provider": "openai", "model": "gpt-4o", "status": 500, "outcome": "server_error",
            "started_ms": 0.5, "duration_ms": 11.0
        }]
    });
    let mut detail = entry.clone();
    let more = json!({
        "usage": null, "price_rule": null, "price": null, "worker_id": "w", "worker_name": "worker-1", "repairs": 0
    });
    detail.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let log = json!({
        "data": [entry], "summary": { "total_entries": 1, "returned_entries": 1 },
        "filters": {
            "limit": 50, "offset": 0, "stage": "", "stages": null, "model": "", "api_key_id": "", "provider": "", "since": "", "until": ""
        }
    });
    let workers = json!({ "data": [{
        "id": "w", "name": "worker-1", "build": "0.1.0", "connected": true, "last_seen_at": "2026-01-01T12:00:00Z",
        "status": "current", "version": 3, "key_revision": 1, "report": { "started_at": "2026-01-01T09:00:00Z" }
    }] });
    let providers = json!([{ "name": "openai", "models": [], "targets": [{
        "name": "eu", "workers": 1, "misconfigured": 0, "failing": 1, "in_flight": 0, "requests": 9, "failures": 9, "latency_ms": null
    }] }]);
    let server = scripted(move |request| {
        let body = match request.split([' ', '?']).nth(1).unwrap_or_default() {
            "/admin/workers" => &workers,
            "/admin/providers" => &providers,
            "/admin/logs" => &log,
            _ => &detail,
        };
        answer("200 OK", "", &body.to_string())
    });
    let commands: [(&[&str], &str); 4] = [
        (&["workers", "list"], "3 h 0 min"),
        (&["admin", "providers", "list"], "openai"),
        (&["admin", "logs", "list"], "it \"broke\""),
        (&["admin", "logs", "get", "0197c0de-0000-7000-8000-000000000000"], "worker-1"),
    ];
    for (command, told) in commands {
        let (table, data) = in_each_format(command, |arguments| cli(arguments).env("FERROGW_URL", &server.url).run());
        assert!(table.stdout.contains(told), "{command:?}: {table:?}");
        assert!(data.to_string().contains("eu") || data.to_string().contains("worker-1"), "{command:?}: {data}");
    }
}

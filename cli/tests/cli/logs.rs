//! The request log, the audit trail, workers and providers of a gateway that has seen little.

use serde_json::json;

use crate::gateway::Gateway;

#[test]
fn figures_of_an_empty_log_are_zero() {
    let gateway = Gateway::start();
    let table = gateway.cli(&["admin", "logs", "stats"]).ok();
    assert!(table.stdout.starts_with("REQUESTS   ERRORS") && table.stderr.starts_with("since "), "{table:?}");
    let stats = gateway.cli(&["admin", "logs", "stats", "--format", "json", "--since", "7d"]).ok().json();
    assert_eq!(stats["summary"]["total_entries"], 0);
    let all = gateway.cli(&["admin", "logs", "stats", "--all", "--format", "json"]).ok().json();
    assert_eq!(all["filters"]["since"], "");
}

#[test]
fn what_was_used_is_told_by_what_was_asked_for() {
    let gateway = Gateway::start();
    for by in ["provider", "model", "key"] {
        let usage = gateway.cli(&["admin", "usage", "--since", "7d", "--by", by, "--format", "json"]).ok().json();
        assert_eq!((&usage["summary"]["requests"], &usage["groups"]), (&json!(0), &json!([])));
    }
    assert!(gateway.cli(&["admin", "usage"]).ok().stdout.starts_with("REQUESTS   ERRORS   PROMPT TOKENS"));
}

#[test]
fn a_request_that_is_not_in_the_log_is_not_found_and_an_empty_export_has_its_header() {
    let gateway = Gateway::start();
    for id in ["0197c0de-0000-7000-8000-000000000000", "nobody"] {
        assert_eq!(gateway.cli(&["admin", "logs", "get", id]).code, 5, "{id}");
    }
    let export = gateway.cli(&["admin", "logs", "export", "--status", "5xx", "--stream=false"]).ok();
    assert!(export.stdout.starts_with("created_at,id,") && export.stdout.lines().count() == 1, "{export:?}");
    assert_eq!(gateway.cli(&["admin", "logs", "list", "--status", "fine"]).code, 1);
}

#[test]
fn what_a_purge_would_delete_is_counted_first() {
    let gateway = Gateway::start();
    let run = gateway.cli(&["admin", "logs", "purge", "--before", "30d", "--dry-run"]).ok();
    assert!(run.stdout.is_empty() && run.stderr.contains("0 requests from before"), "{run:?}");
    let purged = gateway.cli(&["admin", "logs", "purge", "--before", "30d", "--yes", "--format", "json"]).ok().json();
    assert_eq!(purged["deleted"], 0);
    assert_eq!(gateway.cli(&["admin", "logs", "purge", "--before", "soon", "--yes"]).code, 2);
}

#[test]
fn how_results_are_written_holds_for_exports_and_for_plans() {
    let gateway = Gateway::start();
    let export = |arguments: &[&str]| gateway.cli(&[&["admin", "logs", "export"], arguments].concat());
    assert_eq!(export(&["--format", "json"]).ok().stdout, "", "no header, as it is not CSV");
    assert!(export(&["--format", "json", "--as", "csv"]).ok().stdout.starts_with("created_at,"));
    assert_eq!(export(&["--format", "yaml"]).code, 2);
    let plan = gateway.cli(&["admin", "logs", "purge", "--before", "1d", "--dry-run", "--format", "json"]).ok();
    assert_eq!(plan.json(), json!({ "matching": 0, "more": false }));
}

#[test]
fn what_was_done_is_in_the_audit_trail() {
    let gateway = Gateway::start();
    let id = gateway.make(&["--name", "ci"]).json()["id"].as_str().unwrap().to_owned();
    let entries =
        gateway.cli(&["admin", "audit", "list", "--action", "key.create", "--since", "1h", "--format", "json"]).ok().json();
    assert_eq!((&entries[0]["target_id"], &entries[0]["outcome"]), (&json!(id), &json!("ok")));
    let table = gateway.cli(&["admin", "audit", "list", "--target", &id]).ok();
    assert!(table.stdout.starts_with("TIME") && table.stdout.contains("key.create"), "{table:?}");
    let denied = gateway.cli(&["admin", "audit", "list", "--outcome", "denied"]).ok();
    assert_eq!((denied.stdout.as_str(), denied.stderr.trim_end()), ("", "0 of 0 entries"));
}

#[test]
fn where_there_is_nothing_people_are_told_and_programs_get_an_empty_list() {
    let gateway = Gateway::start();
    for command in
        [&["workers", "list"][..], &["admin", "providers", "list"], &["admin", "providers", "health"], &["admin", "keys", "list"]]
    {
        let table = gateway.cli(command).ok();
        assert!(table.stdout.is_empty() && table.stderr.contains("no "), "{table:?}");
        assert_eq!(gateway.cli(&[command, &["--format", "json"]].concat()).ok().json(), json!([]));
        assert_eq!(gateway.cli(&[command, &["--format", "yaml"]].concat()).ok().stdout, "[]\n");
        let quiet = gateway.cli(&[command, &["--quiet"]].concat()).ok();
        assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    }
}

//! Against a real control plane.

use serde_json::json;

use crate::gateway::{Gateway, KEY};
use crate::program::cli;

const FIRST: &str = "targets: [{ virtual_key: openai }]\n";
const SECOND: &str =
    r#"{ "strategy": { "mode": "fallback" }, "targets": [{ "virtual_key": "openai" }, { "virtual_key": "groq" }] }"#;

#[test]
fn a_made_key_is_a_record_whose_secret_opens_the_gateway() {
    let gateway = Gateway::start();
    let made = gateway.make(&["--name", "ci", "--scope", "admin,inference", "--expires-in", "30d"]);
    let key = made.json();
    assert_eq!((&key["name"], &key["scopes"]), (&json!("ci"), &json!(["admin", "inference"])));
    assert!(key["expires_at"].is_string() && made.stderr.contains("shown this once"), "{made:?}");
    let secret = key["key"].as_str().unwrap();
    cli(&["admin", "keys", "list", "--api-key", secret, "--gateway-url", &gateway.url]).run().ok();
}

#[test]
fn without_a_scope_a_key_may_only_read() {
    let gateway = Gateway::start();
    let key = gateway.make(&["--name", "ci"]).json();
    assert_eq!(key["scopes"], json!(["read_only"]));
}

#[test]
fn keys_are_listed_as_a_table_or_as_bare_records() {
    let gateway = Gateway::start();
    gateway.cli(&["admin", "keys", "create", "--name", "ci"]).ok();
    let table = gateway.cli(&["admin", "keys", "list"]).ok().stdout;
    let lines: Vec<Vec<&str>> =
        table.lines().map(|line| line.split("   ").map(str::trim).filter(|cell| !cell.is_empty()).collect()).collect();
    assert_eq!(lines[0], ["ID", "NAME", "KEY", "SCOPES", "EXPIRES", "REVOKED", "USES", "COST USD", "LAST USED"]);
    assert_eq!((lines[1][1], &lines[1][3..]), ("ci", &["read_only", "-", "-", "0", "0.0000", "-"][..]));
    let records = gateway.cli(&["admin", "keys", "list", "--format", "json"]).ok().json();
    assert_eq!(records.as_array().unwrap().len(), 1);
    let yaml = gateway.cli(&["--format", "yaml", "admin", "keys", "list"]).ok().stdout;
    assert!(yaml.starts_with("- id: "), "{yaml}");
}

#[test]
fn a_revoked_key_is_said_to_be_and_an_unknown_one_is_a_failure() {
    let gateway = Gateway::start();
    let id = gateway.make(&["--name", "ci"]).json()["id"].as_str().unwrap().to_owned();
    let revoked = gateway.cli(&["admin", "keys", "revoke", &id]).ok();
    assert_eq!((revoked.stdout.as_str(), revoked.stderr.trim_end()), ("", format!("{id} is revoked").as_str()));
    for id in ["usage", "a/b?c", "..", "nobody"] {
        let unknown = gateway.cli(&["admin", "keys", "revoke", id]);
        assert!(unknown.code == 5 && unknown.stdout.is_empty(), "{id}: {unknown:?}");
    }
}

#[test]
fn a_configuration_is_applied_read_and_rolled_back() {
    let gateway = Gateway::start();
    let none = gateway.cli(&["admin", "config", "get"]);
    assert_eq!((none.code, none.stdout.as_str()), (5, ""));
    assert!(none.stderr.contains("no configuration is in force (version 0)"), "{}", none.stderr);
    let (first, second) = (gateway.file("first.yaml", FIRST), gateway.file("second.json", SECOND));
    gateway.cli(&["admin", "config", "apply", &first]).ok();
    let applied = gateway.cli(&["admin", "config", "apply", &second, "--format", "json"]).ok().json();
    assert_eq!(applied, json!({ "status": "updated", "version": 2 }));
    assert_eq!(gateway.cli(&["admin", "config", "get"]).ok().json()["targets"][1]["virtual_key"], "groq");
    let rolled_back = gateway.cli(&["admin", "config", "rollback", "1", "--format", "json"]).ok().json();
    assert_eq!((&rolled_back["rolled_back_to"], &rolled_back["version"]), (&json!(1), &json!(3)));
    let history = gateway.cli(&["admin", "config", "history", "--format", "json"]).ok().json();
    let versions: Vec<_> = history.as_array().unwrap().iter().map(|entry| entry["version"].as_u64().unwrap()).collect();
    assert_eq!(versions, [1, 2, 3]);
    let table = gateway.cli(&["admin", "config", "history"]).ok();
    assert!(table.stdout.starts_with("VERSION") && table.stderr.contains("3 of 3 versions"), "{table:?}");
}

#[test]
fn a_write_against_another_version_fails_unless_it_is_forced() {
    let gateway = Gateway::start();
    let (first, second) = (gateway.file("first.yaml", FIRST), gateway.file("second.json", SECOND));
    gateway.cli(&["admin", "config", "apply", &first]).ok();
    gateway.cli(&["admin", "config", "apply", &second]).ok();
    let late = gateway.cli(&["admin", "config", "apply", &first, "--if-version", "1"]);
    assert_eq!((late.code, late.stdout.as_str()), (6, ""));
    assert!(late.stderr.contains("version_conflict") && late.stderr.contains("Version 2"), "{}", late.stderr);
    gateway.cli(&["admin", "config", "apply", &first, "--force"]).ok();
}

#[test]
fn a_refused_configuration_is_told_by_file_line_and_column() {
    let gateway = Gateway::start();
    let wrong = gateway.file("wrong.yaml", "targets:\n  - virtual_key: opnai\nstrategi: {}\n");
    let refused = gateway.cli(&["admin", "config", "apply", &wrong]);
    assert_eq!((refused.code, refused.stdout.as_str()), (1, ""));
    assert!(
        refused.stderr.contains(&format!("{wrong}:2:")) && refused.stderr.contains(&format!("{wrong}:3:")),
        "{}",
        refused.stderr
    );
}

#[test]
fn the_request_log_and_the_providers_are_empty_lists_at_first() {
    let gateway = Gateway::start();
    let logs =
        gateway.cli(&["admin", "logs", "list", "--format", "json", "--since", "2026-01-01T00:00:00Z", "--stage", "all"]).ok();
    assert_eq!((logs.json(), logs.stderr.trim_end()), (json!([]), "0 of 0 requests"));
    assert_eq!(gateway.cli(&["admin", "providers", "list", "--format", "json"]).ok().json(), json!([]));
}

#[test]
fn the_flag_beats_the_key_variable_which_beats_the_master_key() {
    let gateway = Gateway::start();
    let list = ["admin", "keys", "list"];
    cli(&list).env("FERROGW_URL", &gateway.url).env("MASTER_KEY", KEY).run().ok();
    let wrong = cli(&list).env("FERROGW_URL", &gateway.url).env("MASTER_KEY", KEY).env("FERROGW_API_KEY", "wrong").run();
    assert!(wrong.code == 4 && wrong.stderr.contains("invalid_api_key"), "{wrong:?}");
    cli(&["admin", "keys", "list", "--api-key", KEY]).env("FERROGW_URL", &gateway.url).env("FERROGW_API_KEY", "wrong").run().ok();
    cli(&list).env("FERROGW_URL", &gateway.url).env("MASTER_KEY", KEY).env("FERROGW_API_KEY", "").run().ok();
    let none = cli(&list).env("FERROGW_URL", &gateway.url).run();
    assert!(none.code == 4 && none.stderr.contains("missing_api_key") && none.stderr.contains("hint:"), "{none:?}");
}

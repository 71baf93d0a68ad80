//! What can be done to a key after it was made.

use serde_json::json;

use crate::gateway::Gateway;

#[test]
fn a_key_is_shown_changed_and_forgotten() {
    let gateway = Gateway::start();
    let id = gateway.make(&["--name", "ci", "--expires-in", "1h"]).json()["id"].as_str().unwrap().to_owned();
    let details = gateway.cli(&["admin", "keys", "get", &id]).ok().stdout;
    assert!(details.lines().any(|line| line.starts_with("name ") && line.ends_with(" ci")), "{details}");
    let change = ["admin", "keys", "update", &id, "--name", "cd", "--scope", "inference", "--never-expires", "--format", "json"];
    let changed = gateway.cli(&change).ok().json();
    assert_eq!(
        (&changed["name"], &changed["scopes"], &changed["expires_at"]),
        (&json!("cd"), &json!(["inference"]), &json!(null))
    );
    let ended =
        gateway.cli(&["admin", "keys", "update", &id, "--expires-at", "2030-01-01T00:00:00Z", "--format", "json"]).ok().json();
    assert_eq!((&ended["name"], &ended["expires_at"]), (&json!("cd"), &json!("2030-01-01T00:00:00Z")));
    assert_eq!(gateway.cli(&["admin", "keys", "update", &id]).code, 2, "nothing to change");
    assert_eq!(gateway.cli(&["admin", "keys", "delete", &id]).code, 2, "a script says --yes");
    gateway.cli(&["admin", "keys", "delete", &id, "--yes"]).ok();
    assert_eq!(gateway.cli(&["admin", "keys", "get", &id]).code, 5);
}

#[test]
fn a_rotated_key_has_another_secret_and_quiet_leaves_nothing_else() {
    let gateway = Gateway::start();
    let made = gateway.cli(&["admin", "keys", "create", "--name", "ci", "--scope", "admin", "--quiet"]).ok();
    let first = made.stdout.trim_end();
    assert!(first.starts_with("sk-ferro-") && !first.contains(char::is_whitespace) && made.stderr.is_empty(), "{made:?}");
    let ids = gateway.cli(&["admin", "keys", "list", "--quiet"]).ok().stdout;
    let id = ids.lines().next().unwrap();
    let second = gateway.cli(&["admin", "keys", "rotate", id, "--quiet"]).ok().stdout;
    assert!(second.starts_with("sk-ferro-") && second.trim_end() != first);
    let list = |key: &str| {
        crate::program::cli(&["admin", "keys", "list", "--gateway-url", &gateway.url]).env("FERROGW_API_KEY", key).run()
    };
    assert_eq!(list(first).code, 4);
    list(second.trim_end()).ok();
}

#[test]
fn what_a_rule_forbids_is_a_conflict_and_what_a_scope_forbids_a_refusal() {
    let gateway = Gateway::start();
    let admin = gateway.make(&["--name", "boss", "--scope", "admin"]).json();
    let (id, secret) = (admin["id"].as_str().unwrap(), admin["key"].as_str().unwrap());
    let own =
        crate::program::cli(&["admin", "keys", "revoke", id, "--gateway-url", &gateway.url]).env("FERROGW_API_KEY", secret).run();
    assert!(own.code == 6 && own.stderr.contains("hint:"), "{own:?}");
    let reader = gateway.make(&["--name", "reader"]).json();
    let reader = reader["key"].as_str().unwrap();
    let create = ["admin", "keys", "create", "--name", "x", "--gateway-url", &gateway.url];
    let refused = crate::program::cli(&create).env("FERROGW_API_KEY", reader).run();
    assert!(refused.code == 4 && refused.stderr.contains("insufficient_scope"), "{refused:?}");
}

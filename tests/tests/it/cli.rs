//! The command line tool: what it prints, in which form, and the exit codes that scripts rely on.

use std::process::{Command, Output};

use ferrogw_tests::{MASTER_KEY, World, Worlds, over_both, program, repository};
use serde_json::Value;

use crate::setting::alone;

static WORLDS: Worlds = Worlds::of(alone);

over_both!(WORLDS: keys_are_created_listed_and_revoked, a_configuration_is_applied_and_rolled_back, logs_are_listed, a_wrong_key_fails);

fn cli(world: Option<&World>, arguments: &[&str]) -> Output {
    let mut command = Command::new(program("ferrogw-cli"));
    command.env_clear().args(arguments);
    if let Some(world) = world {
        command.env("FERROGW_URL", world.gateway.admin().origin()).env("FERROGW_API_KEY", MASTER_KEY);
    }
    command.output().expect("the tool runs")
}

fn json_of(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error} in {}", String::from_utf8_lossy(&output.stdout)))
}

async fn keys_are_created_listed_and_revoked(world: &World) {
    let created =
        cli(Some(world), &["admin", "keys", "create", "--name", "from-the-cli", "--scope", "inference", "--format", "json"]);
    let id = json_of(&created)["id"].as_str().expect("an id").to_owned();

    let listed = cli(Some(world), &["admin", "keys", "list", "--format", "json"]);
    assert!(json_of(&listed).to_string().contains(&id));
    let table = cli(Some(world), &["admin", "keys", "list"]);
    assert!(String::from_utf8_lossy(&table.stdout).contains("from-the-cli"));

    assert!(cli(Some(world), &["admin", "keys", "revoke", &id]).status.success());
    let again = cli(Some(world), &["admin", "keys", "revoke", "00000000-0000-0000-0000-000000000000"]);
    assert!(!again.status.success() && !again.stderr.is_empty());
}

async fn a_configuration_is_applied_and_rolled_back(world: &World) {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let file = folder.path().join("config.json");
    std::fs::write(&file, alone(&world.upstream).to_string()).expect("a file");

    let applied = cli(Some(world), &["admin", "config", "apply", &file.to_string_lossy(), "--format", "json"]);
    let version = json_of(&applied)["version"].to_string();
    let history = cli(Some(world), &["admin", "config", "history", "--format", "json"]);
    assert!(json_of(&history).to_string().contains(&format!("\"version\":{version}")));

    let rolled = cli(Some(world), &["admin", "config", "rollback", &version, "--format", "json"]);
    assert_eq!(json_of(&rolled)["rolled_back_to"].to_string(), version);
    let got = cli(Some(world), &["admin", "config", "get", "--format", "yaml"]);
    assert!(String::from_utf8_lossy(&got.stdout).contains("alpha"));
}

async fn logs_are_listed(world: &World) {
    let logs = cli(Some(world), &["admin", "logs", "list", "--format", "json"]);
    assert!(json_of(&logs).is_array());
}

async fn a_wrong_key_fails(world: &World) {
    let output = cli(Some(world), &["--api-key", "sk-ferro-wrong", "admin", "keys", "list"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("key"), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_gateway_that_is_not_there_fails() {
    let output = cli(None, &["--gateway-url", "http://127.0.0.1:9", "--api-key", "x", "admin", "keys", "list"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(output.stdout.is_empty() && !output.stderr.is_empty());
}

#[test]
fn the_example_configurations_are_valid() {
    for name in ["config.example.yaml", "config.example.json"] {
        let output = cli(None, &["validate", &repository().join(name).to_string_lossy()]);
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_wrong_configuration_is_told_with_its_line() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let file = folder.path().join("config.yaml");
    std::fs::write(&file, "stategy:\n  mode: fallback\ntargets:\n  - virtual_key: opanai\n").expect("a file");

    let output = cli(None, &["validate", &file.to_string_lossy()]);

    let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    for expected in ["stategy", "strategy", "1", "opanai", "openai", "4"] {
        assert!(told.contains(expected), "`{expected}` is missing in\n{told}");
    }
}

#[test]
fn plugins_and_providers_are_listed() {
    assert!(String::from_utf8_lossy(&cli(None, &["plugins"]).stdout).contains("request-logger"));
    assert!(String::from_utf8_lossy(&cli(None, &["providers"]).stdout).contains("anthropic"));
}

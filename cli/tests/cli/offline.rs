//! Without a gateway.

use serde_json::Value;

use crate::program::cli;

fn file(folder: &tempfile::TempDir, name: &str, text: &str) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn a_valid_file_is_said_to_be_and_prints_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "ok.yaml", "targets: [{ virtual_key: openai }]\naliases: { fast: gpt-4o-mini }\n");
    let run = cli(&["validate", &path]).run().ok();
    assert_eq!(run.stdout, "");
    assert_eq!(run.stderr.trim_end(), format!("{path} is valid: strategy single; targets openai; plugins: 0; aliases: 1"));
}

#[test]
fn every_problem_is_printed_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "wrong.yaml", "targets:\n  - virtual_key: opnai\nstrategi: {}\n");
    let run = cli(&["validate", &path]).run();
    assert_eq!(run.code, 1);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(lines.len() >= 2 && lines.iter().all(|line| line.starts_with(&format!("{path}:"))), "{lines:?}");
    assert!(run.stdout.contains(&format!("{path}:2:")) && run.stdout.contains("strategy"), "{lines:?}");
    let issues: Vec<Value> = serde_json::from_str(&cli(&["validate", &path, "--format", "json"]).run().stdout).unwrap();
    assert_eq!(issues.len(), lines.len());
}

#[test]
fn standard_input_is_read_for_a_dash() {
    cli(&["validate", "-"]).run_with("{\"targets\": [{\"virtual_key\": \"openai\"}]}").ok();
    assert_eq!(cli(&["validate", "-"]).run_with("targets: []").code, 1);
}

#[test]
fn what_cannot_be_meant_is_told_apart_from_what_fails() {
    let missing = cli(&["validate", "/nowhere/gateway.yaml"]).run();
    assert!(missing.code == 1 && missing.stderr.contains("/nowhere/gateway.yaml"), "{missing:?}");
    assert_eq!(cli(&["validate", "/nowhere/gateway.toml"]).run().code, 2);
    assert_eq!(cli(&["admin", "keys", "list", "--gateway-url", "localhost"]).run().code, 2);
    assert_eq!(cli(&["--format", "xml", "plugins"]).run().code, 2);
    let misspelt = cli(&["plugin"]).run();
    assert!(misspelt.code == 2 && misspelt.stderr.contains("plugins"), "{misspelt:?}");
}

#[test]
fn plugins_and_providers_are_listed_with_what_is_served() {
    let plugins: Vec<Value> = serde_json::from_str(&cli(&["plugins", "--format", "json"]).run().ok().stdout).unwrap();
    assert_eq!(plugins.len(), 6);
    let table = cli(&["plugins"]).run().ok().stdout;
    assert!(table.lines().any(|line| line.starts_with("request-logger") && line.contains("yes")), "{table}");
    let providers = cli(&["providers"]).run().ok().stdout;
    let line = |id: &str| providers.lines().find(|line| line.starts_with(&format!("{id} "))).unwrap_or_default().to_owned();
    assert!(line("openai").contains("OPENAI_API_KEY") && line("openai").contains("yes"), "{providers}");
    assert!(line("gemini").contains("not yet"), "{providers}");
}

#[test]
fn help_documents_the_exit_codes_and_shows_no_secret() {
    let help = cli(&["--help"]).env("FERROGW_API_KEY", "sk-ferro-secret").env("MASTER_KEY", "break-glass").run().ok().stdout;
    assert!(help.contains("Exit codes:") && help.contains("FERROGW_URL"), "{help}");
    assert!(!help.contains("sk-ferro-secret") && !help.contains("break-glass") && !help.contains('\u{1b}'), "{help}");
}

#[test]
fn nothing_is_coloured_where_nobody_looks() {
    let run = cli(&["validate", "/nowhere/gateway.yaml"]).run();
    assert!(!run.stderr.contains('\u{1b}') && run.stderr.starts_with("error: "), "{}", run.stderr);
}

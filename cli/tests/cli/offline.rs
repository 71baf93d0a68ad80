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
fn every_problem_is_printed_with_its_place_and_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "wrong.yaml", "targets:\n  - virtual_key: opnai\nstrategi: {}\n");
    let run = cli(&["validate", &path]).run();
    assert_eq!(run.code, 1);
    insta::assert_snapshot!(run.stdout.replace(&path, "wrong.yaml"), @r"
    wrong.yaml:2:5: targets[0].virtual_key: there is no provider `opnai` (did you mean `openai`?)
        2 |   - virtual_key: opnai
          |     ^~~~~~~~~~~
    wrong.yaml:3:1: strategi: unknown key `strategi` (did you mean `strategy`?)
        3 | strategi: {}
          | ^~~~~~~~
    ");
    let issues: Vec<Value> = serde_json::from_str(&cli(&["validate", &path, "--format", "json"]).run().stdout).unwrap();
    assert_eq!(issues.len(), run.stdout.lines().filter(|line| line.starts_with(&path)).count());
    let quiet = cli(&["validate", &path, "--quiet"]).run();
    assert_eq!((quiet.code, quiet.stdout.as_str()), (1, ""));
}

#[test]
fn json_is_pointed_at_as_yaml_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "wrong.json", "{\n  \"targets\": [\n    { \"virtual_key\": \"openai\", \"weigth\": 1 }\n  ]\n}\n");
    let run = cli(&["validate", &path]).run();
    insta::assert_snapshot!(run.stdout.replace(&path, "wrong.json"), @r#"
    wrong.json:3:32: targets[0].weigth: unknown key `weigth` (did you mean `weight`?)
        3 |     { "virtual_key": "openai", "weigth": 1 }
          |                                ^~~~~~~~
    "#);
    let syntax = file(&folder, "syntax.json", "{ \"targets\": [,] }");
    let run = cli(&["validate", &syntax]).run();
    insta::assert_snapshot!(run.stdout.replace(&syntax, "syntax.json"), @r#"
    syntax.json:1:15: this is not JSON: expected value (comments, trailing commas and single quotes are not JSON; YAML is taken too)
        1 | { "targets": [,] }
          |               ^
    "#);
}

#[test]
fn a_configuration_of_two_megabytes_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let aliases: String = (0..40_000).map(|at| format!("  alias-number-{at:06}: a-model-with-a-long-name-{at:06}\n")).collect();
    let path = file(&folder, "large.yaml", &format!("targets: [{{ virtual_key: openai }}]\naliases:\n{aliases}"));
    assert!(std::fs::metadata(&path).unwrap().len() > 2_000_000);
    assert!(cli(&["validate", &path]).run().ok().stderr.contains("aliases: 40000"));
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

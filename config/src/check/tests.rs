mod plugins;
mod secrets;
mod targets;
mod unserved;

use crate::{Checked, Config, Issue, Syntax, read};

/// What checking `text` (YAML) finds: `!` in front of an error, `~` of a warning, then path and message.
fn issues(text: &str) -> Vec<String> {
    let line = |issue: &Issue| {
        let mark = if issue.severity == crate::Severity::Error { '!' } else { '~' };
        format!("{mark} {}: {}", issue.path, issue.message)
    };
    match read(text, Syntax::Yaml) {
        Ok(checked) => checked.warnings().iter().map(line).collect(),
        Err(issues) => issues.iter().map(line).collect(),
    }
}

/// Checks one OpenAI target and what `text` adds at the top level.
fn check(text: &str, expected: &[&str]) {
    assert_eq!(issues(&format!("targets: [{{virtual_key: openai}}]\n{text}\n")), expected, "{text}");
}

/// Checks one OpenAI target with what `text` adds to it.
fn check_target(text: &str, expected: &[&str]) {
    assert_eq!(issues(&format!("targets: [{{virtual_key: openai, {text}}}]\n")), expected, "{text}");
}

#[test]
fn there_is_at_least_one_target() {
    assert_eq!(issues("targets: []"), ["! targets: there is no target, so nothing would be served"]);
}

#[test]
fn another_version_of_the_format_is_a_warning() {
    check("apiVersion: v2", &["~ apiVersion: `v2` is not a version that this build knows; it is read as `v1`"]);
    check("apiVersion: ''", &[]);
    check("apiVersion: v1", &[]);
}

#[test]
fn request_limits_are_positive() {
    check("request_timeout: 0s", &["! request_timeout: `0s` is not longer than zero"]);
    check("request_timeout: abc", &["! request_timeout: `abc` is not a duration"]);
    check("request_timeout: 90s", &[]);
    check("max_request_bytes: -1", &["! max_request_bytes: is less than zero"]);
    check("max_request_bytes: 0", &[]);
}

#[test]
fn aliases_lead_to_models() {
    check("aliases: {fast: gpt-4o-mini, smart: gpt-4o}", &[]);
    check("aliases: {a: a}", &["! aliases.a: stands for itself"]);
    check("aliases: {a: b, b: gpt-4o}", &["! aliases.a: stands for `b`, which is an alias itself"]);
    check("aliases: {'': gpt-4o, b: ' '}", &["! aliases[\"\"]: is blank", "! aliases.b: is blank"]);
}

#[test]
fn a_name_has_a_bearable_length() {
    let (longest, longer) = ("x".repeat(256), "x".repeat(257));
    let refused = |path: &str| format!("! {path}: has 257 bytes, and a name has at most 256");
    check(&format!("aliases: {{fast: {longest}}}"), &[]);
    check(&format!("aliases: {{fast: {longer}}}"), &[&refused("aliases.fast")]);
    check_target(&format!("name: {longer}"), &[&refused("targets[0].name")]);
    check_target(&format!("models: [{longest}, {longer}]"), &[&refused("targets[0].models[1]")]);
}

#[test]
fn a_rule_whose_target_is_not_there_is_told_their_names_where_they_are_few() {
    let hint = |count: usize, rule: &str| {
        let targets: Vec<String> = (0..count).map(|number| format!("{{virtual_key: openai, name: target-{number}}}")).collect();
        let text = format!("targets: [{}]\nbatch_target: {rule}\n", targets.join(", "));
        let issues = read(&text, Syntax::Yaml).unwrap_err();
        issues.into_iter().find(|issue| issue.path == "batch_target").unwrap().hint
    };
    assert_eq!(hint(2, "target_1"), "did you mean `target-1`?");
    assert_eq!(hint(2, "nowhere"), "one of: target-0, target-1");
    assert_eq!(hint(101, "target_1"), "name one of the targets");
}

#[test]
fn a_value_without_a_text_has_no_lines() {
    let issues = Config::default().check().unwrap_err();
    assert_eq!((issues.len(), issues[0].line), (1, None));
}

#[test]
fn a_document_has_to_fit_one_message() {
    let aliases = (0..120_000).map(|number| (format!("a-rather-long-alias-{number}"), "gpt-4o".to_owned())).collect();
    let Checked { config, .. } = read("targets: [{virtual_key: openai}]", Syntax::Yaml).unwrap();
    let issues = Config { aliases, ..config }.check().unwrap_err();
    assert!(issues[0].message.ends_with("bytes as a document, which is more than 3145728"), "{}", issues[0]);
}

#[test]
fn every_issue_says_what_to_do() {
    let text = "
targets:
  - {virtual_key: opnai, api_key: sk-1, models: [], circuit_breaker: {timeout: banana}, concurrency: {max_concurrency: 0}}
  - {virtual_key: cohere, base_url: nowhere, headers: {Authorization: x, Host: y}}
strategy: {mode: ab-test}
aliases: {a: a}
plugins: [{name: x, enabled: true}]
mcp_servers: [{name: ''}]
observability: {tracing: {privacy_level: Full}}
compatibility: {on_unsupported_param: drp}
batch_target: x
";
    let issues = read(text, Syntax::Yaml).unwrap_err();
    assert!(issues.len() > 20, "{issues:#?}");
    assert!(issues.iter().all(|issue| !issue.hint.is_empty() && issue.line.is_some()), "{issues:#?}");
}

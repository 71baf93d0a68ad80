//! Comparing, exporting and two editors at once.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use crate::gateway::Gateway;

const FIRST: &str = "targets: [{ virtual_key: openai }]\naliases: { fast: gpt-4o-mini }\n";
const SECOND: &str = "strategy: { mode: fallback }\ntargets: [{ virtual_key: openai }, { virtual_key: groq }]\n";

/// A gateway with two versions; the second is in force.
fn edited() -> (Gateway, String, String) {
    let gateway = Gateway::start();
    let (first, second) = (gateway.file("first.yaml", FIRST), gateway.file("second.yaml", SECOND));
    gateway.cli(&["admin", "config", "apply", &first]).ok();
    gateway.cli(&["admin", "config", "apply", &second]).ok();
    (gateway, first, second)
}

#[test]
fn a_file_is_compared_with_what_is_in_force() {
    let (gateway, first, second) = edited();
    let same = gateway.cli(&["admin", "config", "diff", &second]);
    assert_eq!((same.code, same.stdout.as_str(), same.stderr.trim_end()), (0, "", "no differences"));
    let other = gateway.cli(&["admin", "config", "diff", &first]);
    assert_eq!(other.code, 1);
    insta::assert_snapshot!(other.stdout.replace(&first, "first.yaml"), @r"
    --- version 2 (running)
    +++ first.yaml
    @@ -1,5 +1,6 @@
    +aliases:
    +  fast: gpt-4o-mini
     strategy:
    -  mode: fallback
    +  mode: single
     targets:
     - virtual_key: openai
    -- virtual_key: groq
    ");
    let quiet = gateway.cli(&["admin", "config", "diff", &first, "--quiet"]);
    assert_eq!((quiet.code, quiet.stdout.as_str(), quiet.stderr.as_str()), (1, "", ""));
}

#[test]
fn versions_are_compared_with_each_other_and_with_what_is_in_force() {
    let (gateway, ..) = edited();
    let since = gateway.cli(&["admin", "config", "diff", "1", "--format", "json"]);
    let told = since.json();
    assert_eq!((since.code, &told["from"], &told["to"]), (1, &json!("version 1"), &json!("version 2 (running)")));
    assert!(told["differ"] == true && told["diff"].as_str().unwrap().contains("\n+- virtual_key: groq\n"), "{told}");
    assert_eq!(gateway.cli(&["admin", "config", "diff", "2", "running"]).code, 0);
    assert_eq!(gateway.cli(&["admin", "config", "diff", "1", "2", "--quiet"]).code, 1);
}

#[test]
fn what_cannot_be_compared_is_not_said_to_differ() {
    let (gateway, ..) = edited();
    let code = |side: &str| gateway.cli(&["admin", "config", "diff", side]).code;
    assert_eq!((code("99"), code("/nowhere/file.yaml"), code("running")), (5, 2, 2));
    let wrong = gateway.file("wrong.yaml", "targets: []\n");
    let run = gateway.cli(&["admin", "config", "diff", &wrong]);
    assert!(run.code == 2 && run.stderr.contains("wrong.yaml:1:"), "{run:?}");
}

#[test]
fn hidden_values_that_differ_are_said_to() {
    let gateway = Gateway::start();
    let with = |value: &str| format!("targets: [{{ virtual_key: openai, headers: {{ X-Team: {value} }} }}]\n");
    gateway.cli(&["admin", "config", "apply", &gateway.file("first.yaml", &with("red"))]).ok();
    let run = gateway.cli(&["admin", "config", "diff", &gateway.file("second.yaml", &with("blue"))]);
    assert!(run.code == 1 && run.stdout.is_empty() && run.stderr.contains("hidden"), "{run:?}");
    assert_eq!(gateway.cli(&["admin", "config", "diff", &gateway.file("same.yaml", &with("red"))]).code, 0);
    let exported = gateway.cli(&["admin", "config", "export"]).ok();
    assert!(exported.stderr.contains("`targets[0].headers.X-Team` is hidden"), "{}", exported.stderr);
}

#[test]
fn what_is_exported_can_be_applied_and_is_the_same() {
    let (gateway, ..) = edited();
    for name in ["out.yaml", "out.json"] {
        let file = gateway.folder.path().join(name);
        let path = file.display().to_string();
        gateway.cli(&["admin", "config", "export", &path]).ok();
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(gateway.cli(&["admin", "config", "diff", &path]).code, 0);
        let again = gateway.cli(&["admin", "config", "export", &path]);
        assert!(again.code == 1 && again.stderr.contains("--force"), "{again:?}");
        gateway.cli(&["admin", "config", "export", &path, "--of", "1", "--force"]).ok();
        assert_eq!(gateway.cli(&["admin", "config", "diff", &path, "1"]).code, 0);
    }
    let written = gateway.cli(&["admin", "config", "export"]).ok().stdout;
    assert!(written.starts_with("strategy:\n  mode: fallback\ntargets:\n"), "{written}");
}

#[test]
fn a_file_is_checked_by_the_gateway_and_not_stored() {
    let (gateway, first, _) = edited();
    assert!(gateway.cli(&["admin", "config", "check", &first]).ok().stderr.contains("would be taken"));
    let wrong = gateway.file("wrong.yaml", "targets:\n  - virtual_key: opnai\n");
    let refused = gateway.cli(&["admin", "config", "check", &wrong]);
    assert!(refused.code == 1 && refused.stdout.contains("wrong.yaml:2:5: ") && refused.stdout.contains('^'), "{refused:?}");
    let issues = gateway.cli(&["admin", "config", "check", &wrong, "--format", "json"]).json();
    assert_eq!(issues["issues"].as_array().map(Vec::len), Some(1));
    assert!(gateway.cli(&["admin", "config", "history"]).ok().stderr.contains("2 of 2 versions"));
}

#[test]
fn an_earlier_version_is_shown() {
    let (gateway, ..) = edited();
    let first = gateway.cli(&["admin", "config", "get", "1"]).ok().json();
    assert_eq!(first["aliases"]["fast"], "gpt-4o-mini");
    let none = gateway.cli(&["admin", "config", "get", "7"]);
    assert!(none.code == 5 && none.stderr.contains("there is no version 7; the newest is 2"), "{none:?}");
}

#[test]
fn of_two_editors_the_slower_one_is_told_who_was_faster_and_how_to_see_it() {
    let (gateway, first, _) = edited();
    let late = gateway.cli(&["admin", "config", "apply", &first, "--if-version", "1"]);
    assert_eq!((late.code, late.stdout.as_str()), (6, ""));
    for expected in ["version_conflict", "was faster: version 2 since", "admin config diff 1 2", "--if-version 2"] {
        assert!(late.stderr.contains(expected), "`{expected}` is missing in {}", late.stderr);
    }
    let rollback = gateway.cli(&["admin", "config", "rollback", "1", "--if-version", "1"]);
    assert!(rollback.code == 6 && rollback.stderr.contains("was faster"), "{rollback:?}");
}

#[test]
fn whoever_changes_it_can_say_why() {
    let (gateway, first, _) = edited();
    gateway.cli(&["admin", "config", "apply", &first, "--note", "groq is down"]).ok();
    gateway.cli(&["admin", "config", "rollback", "2", "--note", "groq is back"]).ok();
    gateway.cli(&["admin", "config", "delete", "--yes", "--note", "start over"]).ok();
    let history = gateway.cli(&["admin", "config", "history", "--format", "json"]).ok().json();
    let notes: Vec<Option<&str>> = history.as_array().unwrap().iter().map(|entry| entry["note"].as_str()).collect();
    assert_eq!(notes, [None, None, Some("groq is down"), Some("groq is back"), Some("start over")]);
    let refused = gateway.cli(&["admin", "config", "apply", &first, "--note", "two\nlines"]);
    assert!(refused.code != 0 && refused.stderr.contains("one line"), "{refused:?}");
}

#[test]
fn the_configuration_is_taken_away_after_a_word() {
    let (gateway, ..) = edited();
    assert_eq!(gateway.cli(&["admin", "config", "delete"]).code, 2);
    let deleted = gateway.cli(&["admin", "config", "delete", "--yes", "--quiet"]).ok();
    assert_eq!(deleted.stdout, "3\n");
    let get = gateway.cli(&["admin", "config", "get", "3"]);
    assert!(get.code == 5 && get.stderr.contains("took the configuration away"), "{get:?}");
}

#[test]
fn a_configuration_that_is_too_long_is_refused_with_what_may_help() {
    let gateway = Gateway::start();
    let aliases: String = (0..60_000).map(|at| format!("  alias-number-{at:06}: a-model-with-a-long-name-{at:06}\n")).collect();
    let large = gateway
        .file("large.yaml", &format!("{FIRST}  # \n").replace("aliases: { fast: gpt-4o-mini }", &format!("aliases:\n{aliases}")));
    let run = gateway.cli(&["admin", "config", "apply", &large]);
    assert!(run.code == 1 && run.stderr.contains("request_too_large") && run.stderr.contains("3 MiB"), "{run:?}");
}

#[test]
fn a_configuration_of_two_megabytes_is_applied_compared_and_exported() {
    let gateway = Gateway::start();
    let aliases =
        |to: &str| -> String { (0..36_000).map(|at| format!("  alias-number-{at:06}: a-model-of-the-{to}-{at:06}\n")).collect() };
    let text = |to: &str| format!("targets: [{{ virtual_key: openai }}]\naliases:\n{}", aliases(to));
    let (first, second) = (gateway.file("first.yaml", &text("past")), gateway.file("second.yaml", &text("future")));
    gateway.cli(&["admin", "config", "apply", &first]).ok();
    let diff = gateway.cli(&["admin", "config", "diff", &second]);
    assert!(diff.code == 1 && diff.stdout.lines().count() > 72_000, "{}", diff.stderr);
    assert_eq!(gateway.cli(&["admin", "config", "diff", &first]).code, 0);
    assert!(gateway.cli(&["admin", "config", "export"]).ok().stdout.len() > 1_500_000);
}

#[test]
fn without_a_worker_waiting_ends() {
    let gateway = Gateway::start();
    let first = gateway.file("first.yaml", FIRST);
    let waited = gateway.cli(&["admin", "config", "apply", &first, "--wait=1s"]);
    assert!(
        waited.code == 1 && waited.stderr.contains("0 of 0 connected workers") && waited.stderr.contains("gave up"),
        "{waited:?}"
    );
}

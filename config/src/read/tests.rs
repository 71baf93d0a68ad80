mod bounds;
mod syntax;

use super::*;

/// Reads `text` and compares what it finds, one issue a line.
fn check(syntax: Syntax, text: &str, expected: &[&str]) {
    let found: Vec<String> = match read(text, syntax) {
        Ok(checked) => checked.warnings().iter().map(Issue::to_string).collect(),
        Err(issues) => issues.iter().map(Issue::to_string).collect(),
    };
    assert_eq!(found, expected, "{text}");
}

#[test]
fn three_misspelt_keys_at_different_depths_are_named_in_one_go() {
    let expected = [
        "line 3: startegy: unknown key `startegy` (did you mean `strategy`?)",
        "line 6: targets[0].wieght: unknown key `wieght` (did you mean `weight`?)",
        "line 9: targets[0].retry.atempts: unknown key `atempts` (did you mean `attempts`?)",
    ];
    let yaml = "\
# A comment.
apiVersion: v1
startegy: {mode: fallback}
targets:
  - virtual_key: openai
    wieght: 1
    retry:
      on_status_codes: [429]
      atempts: 3
";
    let json = r#"{
  "apiVersion": "v1",
  "startegy": {"mode": "fallback"},
  "targets": [{
    "virtual_key": "openai",
    "wieght": 1,
    "retry": {
      "on_status_codes": [429],
      "atempts": 3
    }
  }]
}"#;
    check(Syntax::Yaml, yaml, &expected);
    check(Syntax::Json, json, &expected);
}

#[test]
fn rules_are_reported_beside_misspelt_keys_with_their_lines() {
    check(
        Syntax::Yaml,
        "targets:\n  - virtual_key: opnai\n    timeouts:\n      head: 30\n      conect: 5s\nalias: {}\naliases:\n  fast: fast\n",
        &[
            "line 2: targets[0].virtual_key: there is no provider `opnai` (did you mean `openai`?)",
            "line 4: targets[0].timeouts.head: must be a string, is a number (put it in quotes)",
            "line 5: targets[0].timeouts.conect: unknown key `conect` (did you mean `connect`?)",
            "line 6: alias: unknown key `alias` (did you mean `aliases`?)",
            "line 8: aliases.fast: stands for itself (remove it, or name the model that it stands for)",
        ],
    );
}

#[test]
fn a_wrong_type_says_what_is_due_and_what_is_there() {
    check(
        Syntax::Yaml,
        "targets:\n  - virtual_key: openai\n    weight: 'one'\n    models: gpt-4o\n    retry: [1]\n    headers: {X-A: 1}\nplugins: {}\n",
        &[
            "line 3: targets[0].weight: must be a number, is a string (write it without quotes)",
            "line 4: targets[0].models: must be a list or a mapping, is a string (see the example configuration for its shape)",
            "line 5: targets[0].retry: must be a mapping, is a list (see the example configuration for its shape)",
            "line 6: targets[0].headers.X-A: must be a string, is a number (put it in quotes)",
            "line 7: plugins: must be a list, is a mapping (write `- ` in front of each entry)",
        ],
    );
}

#[test]
fn whole_numbers_are_whole() {
    check(
        Syntax::Json,
        r#"{"targets": [{"virtual_key": "openai", "retry": {"attempts": 1.5, "initial_backoff_ms": 99999999999999999999}}]}"#,
        &[
            "line 1: targets[0].retry.attempts: must be a whole number, is a number (no decimals, and no more than eighteen digits)",
            "line 1: targets[0].retry.initial_backoff_ms: must be a whole number, is a number (no decimals, and no more than eighteen digits)",
        ],
    );
}

#[test]
fn a_missing_key_says_what_it_is_for() {
    check(
        Syntax::Yaml,
        "strategy: {mode: single}\n",
        &["line 1: targets: is missing (add it: Providers with credentials, in order of preference)"],
    );
    check(
        Syntax::Yaml,
        "targets:\n  - virtual_key: openai\nplugins:\n  - stage: on_error\n",
        &["line 4: plugins[0].name: is missing (add it: Which plugin)"],
    );
}

#[test]
fn a_misspelt_required_key_is_reported_once() {
    check(
        Syntax::Yaml,
        "target:\n  - virtual_key: openai\n",
        &["line 1: target: unknown key `target` (did you mean `targets`?)"],
    );
}

#[test]
fn what_is_missing_or_wrong_hides_nothing_else() {
    check(
        Syntax::Yaml,
        "targets:\n  - openai\n  - virtual_key: opnai\n  -\nplugins:\n  - enabled: true\nmcp_servers: 5\naliases: {a: a}\nstrategy: {mode: fallback}\n",
        &[
            "line 2: targets[0]: must be a mapping, is a string (see the example configuration for its shape)",
            "line 3: targets[1].virtual_key: there is no provider `opnai` (did you mean `openai`?)",
            "line 4: targets[2]: the entry is empty (write it, or remove the dash)",
            "line 6: plugins[0].name: is missing (add it: Which plugin)",
            "line 6: plugins[0].stage: `` is unknown here (one of: before_request, after_request, on_error)",
            "line 7: mcp_servers: must be a list, is a number (see the example configuration for its shape)",
            "line 8: aliases.a: stands for itself (remove it, or name the model that it stands for)",
        ],
    );
}

#[test]
fn an_unknown_mode_is_named_and_an_empty_one_is_single() {
    check(
        Syntax::Yaml,
        "strategy: {mode: fallbak}\ntargets: [{virtual_key: openai}]\n",
        &["line 1: strategy.mode: `fallbak` is unknown here (did you mean `fallback`?)"],
    );
    let checked = read("strategy: {mode: ''}\ntargets: [{virtual_key: openai}]\n", Syntax::Yaml).unwrap();
    assert_eq!(checked.config().strategy.mode, crate::StrategyMode::Single);
}

#[test]
fn an_optional_key_without_a_value_says_nothing() {
    let text = "strategy:\nplugins:\naliases: ~\nmax_request_bytes: null\ntargets:\n  - virtual_key: openai\n    models:\n";
    let config = read(text, Syntax::Yaml).unwrap().config().clone();
    assert_eq!((config.plugins.len(), config.aliases.len(), config.targets[0].models.is_none()), (0, 0, true));
}

#[test]
fn free_form_options_are_kept_as_they_are() {
    let text = "targets: [{virtual_key: openai}]\nplugins: [{name: budget, config: {a: [1, ~, {b: on}], c: 1.5}}]\n";
    let checked = read(text, Syntax::Yaml).unwrap();
    let config = serde_json::to_string(&checked.config().plugins[0].config).unwrap();
    assert_eq!(config, r#"{"a":[1,null,{"b":"on"}],"c":1.5}"#);
}

#[test]
fn yaml_and_json_of_the_same_content_are_the_same_configuration() {
    let yaml =
        "targets:\n- virtual_key: anthropic\n  models: {gpt-4o-mini: claude-haiku-4-5}\n  weight: 2\naliases: {5: \"gpt-4o\"}\n";
    let json = r#"{"targets": [{"virtual_key": "anthropic", "models": {"gpt-4o-mini": "claude-haiku-4-5"}, "weight": 2}], "aliases": {"5": "gpt-4o"}}"#;
    assert_eq!(read(yaml, Syntax::Yaml).unwrap().config(), read(json, Syntax::Json).unwrap().config());
}

#[test]
fn the_syntax_is_told_by_the_extension() {
    assert_eq!(Syntax::of_path("a/config.YML"), Some(Syntax::Yaml));
    assert_eq!(Syntax::of_path("config.json"), Some(Syntax::Json));
    assert_eq!(Syntax::of_path("config.toml"), None);
    assert_eq!(Syntax::of_path("config"), None);
}

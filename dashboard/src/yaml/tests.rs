use ferrogw_config::{Syntax, read};
use serde_json::json;

use super::*;

#[test]
fn a_configuration_reads_from_the_general_to_the_particular() {
    let document = json!({
        "aliases": {"fast": "gpt-4o-mini"},
        "strategy": {"mode": "fallback"},
        "targets": [
            {"models": ["gpt-4o-mini"], "retry": {"attempts": 3}, "virtual_key": "openai"},
            {"base_url": "http://localhost:8000/v1", "models": {"gpt-4o-mini": "llama-3.1:8b"}, "name": "own", "provider": "vllm"},
        ],
        "request_timeout": "90s",
    });
    let expected = "\
request_timeout: 90s
strategy:
  mode: fallback
aliases:
  fast: gpt-4o-mini
targets:
  - virtual_key: openai
    models: [gpt-4o-mini]
    retry:
      attempts: 3
  - name: own
    provider: vllm
    base_url: http://localhost:8000/v1
    models:
      gpt-4o-mini: llama-3.1:8b
";
    assert_eq!(write(&document), expected);
}

#[test]
fn words_that_mean_something_else_are_quoted() {
    let words = [
        ("plain", "plain"),
        ("${OPENAI_KEY}", "${OPENAI_KEY}"),
        ("30s", "30s"),
        ("", "\"\""),
        ("yes", "\"yes\""),
        ("Null", "\"Null\""),
        ("1.5", "\"1.5\""),
        ("1e3", "\"1e3\""),
        ("*", "\"*\""),
        ("- a", "\"- a\""),
        ("a: b", "\"a: b\""),
        ("a #b", "\"a #b\""),
        ("a:", "\"a:\""),
        ("two\nlines", "\"two\\nlines\""),
        ("<script>", "\"<script>\""),
        ("Bearer ${T}", "\"Bearer ${T}\""),
        ("é", "\"é\""),
    ];
    for (word, written) in words {
        assert_eq!(write(&json!(word)).trim_end(), written);
    }
}

#[test]
fn what_is_written_is_read_back_as_the_same() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../config.example.yaml");
    let checked = read(&std::fs::read_to_string(file).unwrap(), Syntax::Yaml).unwrap();
    let document: Value = serde_json::from_slice(checked.document().bytes()).unwrap();
    let again = read(&write(&document), Syntax::Yaml).unwrap_or_else(|issues| panic!("{issues:?}\n{}", write(&document)));
    assert_eq!(again.config(), checked.config());
}

#[test]
fn odd_words_are_read_back_as_the_same() {
    let odd = [
        "<script>alert(1)</script>",
        "\u{202e}rtl",
        "🐘",
        "a\u{85}b",
        "a\tb",
        "tab\\",
        "'",
        "\"",
        "%",
        "|",
        "0x1",
        "-.inf",
        "~",
        "2026-11-25",
        "1_000",
        "12:30",
    ];
    for word in odd {
        let document = json!({"strategy": {"mode": "fallback"}, "targets": [{"virtual_key": "openai", "models": ["a"]}], "aliases": {word: "a"}});
        let text = write(&document);
        match read(&text, Syntax::Yaml) {
            Ok(checked) => assert!(checked.config().aliases.contains_key(word), "{text}"),
            // Refused as a name, but understood as this very word.
            Err(issues) => assert!(issues.iter().all(|issue| issue.path.starts_with("aliases")), "{word:?}: {issues:?}\n{text}"),
        }
    }
}

#[test]
fn empty_things_are_told_as_such() {
    assert_eq!(write(&json!({"a": [], "b": {}, "c": null})), "a: []\nb: {}\nc: null\n");
    assert_eq!(write(&json!([[1, [2]], {"x": [[], {}]}])), "- - 1\n  - [2]\n- x:\n    - []\n    - {}\n");
}

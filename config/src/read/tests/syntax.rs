//! Texts that are no YAML or no JSON, and the corners of both.

use super::check;
use crate::read::{Syntax, read};

const JSON_HINT: &str = "comments, trailing commas and single quotes are not JSON; YAML is taken too";

#[test]
fn an_empty_document_is_no_configuration() {
    let expected = ["line 1: the document is empty (name at least one target: `targets: [{virtual_key: openai}]`)"];
    for text in ["", "  \n", "# nothing but a comment\n", "---\n"] {
        check(Syntax::Yaml, text, &expected);
    }
    check(Syntax::Json, " \n", &expected);
    check(Syntax::Json, "null", &expected);
}

#[test]
fn a_document_is_a_mapping() {
    check(Syntax::Yaml, "- a\n", &["line 1: must be a mapping, is a list (see the example configuration for its shape)"]);
    check(Syntax::Json, "\"x\"", &["line 1: must be a mapping, is a string (see the example configuration for its shape)"]);
}

#[test]
fn one_document_only() {
    check(
        Syntax::Yaml,
        "targets: [{virtual_key: openai}]\n---\ntargets: []\n",
        &["line 2: a second document begins here (keep one document, and remove the `---` line)"],
    );
    check(Syntax::Json, "{}\n{}", &[&format!("line 2: this is not JSON: trailing characters ({JSON_HINT})")]);
}

#[test]
fn json_is_as_strict_as_the_standard() {
    let json = |text: &str, expected: &str| check(Syntax::Json, text, &[&format!("{expected} ({JSON_HINT})")]);
    json("{\n\"a\": 1, // no\n}", "line 2: this is not JSON: key must be a string");
    json("{\"a\": [1,]}", "line 1: this is not JSON: expected value");
    json("{'a': 1}", "line 1: this is not JSON: key must be a string");
    json("{\"a\": NaN}", "line 1: this is not JSON: expected value");
    json("{\"targets\":\n [1e999]}", "line 2: this is not JSON: number out of range");
    json("{\"targets\":\n [{\"name\": \"\\ud800\"}]}", "line 2: this is not JSON: unexpected end of hex escape");
}

#[test]
fn escapes_and_surrogate_pairs_are_read() {
    let text = r#"{"targets": [{"virtual_key": "openai", "n\u0061me": "caf\u00e9 \ud83d\ude00"}]}"#;
    assert_eq!(read(text, Syntax::Json).unwrap().targets()[0].key(), "café 😀");
}

#[test]
fn a_key_is_given_once() {
    let expected = ["line 4: targets[0].name: `name` is given a second time, after line 3 (keep one of the two)"];
    check(Syntax::Yaml, "targets:\n- virtual_key: openai\n  name: a\n  name: b\n", &expected);
    check(Syntax::Json, "{\"targets\": [{\n\"virtual_key\": \"openai\",\n\"name\": \"a\",\n\"n\\u0061me\": \"b\"}]}", &expected);
}

#[test]
fn yaml_faults_have_their_line() {
    let issues = read("targets:\n  - virtual_key: 'openai\n", Syntax::Yaml).unwrap_err();
    assert_eq!(issues.len(), 1);
    assert!(issues[0].line.is_some() && issues[0].message.starts_with("this is not YAML: "), "{issues:?}");
}

#[test]
fn numbers_are_finite_and_words_are_text() {
    check(
        Syntax::Yaml,
        "targets:\n  - virtual_key: openai\n    weight: .inf\n",
        &["line 3: .inf is not a number to configure anything with (write a finite number)"],
    );
    check(
        Syntax::Yaml,
        "targets: [{virtual_key: openai}]\nplugins: [{name: request-logger, stage: on_error, enabled: yes}]\n",
        &["line 2: plugins[0].enabled: must be true or false, is a string (write it without quotes)"],
    );
}

#[test]
fn aliases_and_merges_are_expanded() {
    let text = "\
targets:
  - &first
    virtual_key: openai
    retry: &retry {attempts: 2}
  - <<: *first
    name: second
    weight: 0x10
  - {virtual_key: groq, retry: *retry}
strategy: {mode: fallback}
";
    let checked = read(text, Syntax::Yaml).unwrap();
    let targets = checked.targets();
    assert_eq!(targets[1].key(), "second");
    assert_eq!(targets[1].provider_id(), "openai");
    assert_eq!(targets[1].weight, Some(16.0));
    assert_eq!(targets[2].retry, targets[0].retry);
}

#[test]
fn tags_beyond_the_core_schema_mean_nothing() {
    check(Syntax::Yaml, "targets: !env [a]\n", &["line 1: the tag `!env` means nothing here (remove it)"]);
    assert!(read("targets: [{virtual_key: !!str openai}]", Syntax::Yaml).is_ok());
}

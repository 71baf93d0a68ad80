use ferrogw_config::schema::schema;

use super::*;

/// The labels that are suggested where `|` stands.
fn labels(text: &str, syntax: Syntax) -> Vec<String> {
    suggestions(text, syntax).into_iter().map(|suggestion| suggestion.label).collect()
}

fn suggestions(text: &str, syntax: Syntax) -> Vec<Suggestion> {
    let cursor = text.find('|').expect("the text says where the cursor is");
    let text = text.replace('|', "");
    let known = [("virtual_key", vec!["openai".to_owned(), "anthropic".to_owned()])];
    place(&text, cursor, syntax).map(|place| suggest(&schema(), &known, &place, syntax)).unwrap_or_default()
}

fn path(text: &str, syntax: Syntax) -> Vec<String> {
    let cursor = text.find('|').expect("the text says where the cursor is");
    place(&text.replace('|', ""), cursor, syntax).expect("a place").path
}

#[test]
fn members_that_are_missing_are_suggested() {
    let top = labels("strategy:\n  mode: single\n|\ntargets: []\n", Syntax::Yaml);
    assert!(top.contains(&"aliases".to_owned()), "{top:?}");
    assert!(!top.contains(&"strategy".to_owned()) && !top.contains(&"targets".to_owned()), "{top:?}");
    assert_eq!(labels("targets:\n  - virtual_key: openai\n    vir|", Syntax::Yaml), [] as [&str; 0]);
    assert_eq!(labels("targets:\n  - virtual_key: openai\n  - vir|", Syntax::Yaml), ["virtual_key"]);
}

#[test]
fn values_are_those_of_the_schema_or_known_otherwise() {
    let modes = labels("strategy:\n  mode: |", Syntax::Yaml);
    assert!(modes.contains(&"fallback".to_owned()), "{modes:?}");
    assert_eq!(labels("strategy:\n  mode: fall|", Syntax::Yaml), ["fallback"]);
    assert_eq!(labels("targets:\n- virtual_key: an|", Syntax::Yaml), ["anthropic"]);
    assert_eq!(labels("plugins:\n  - enabled: |", Syntax::Yaml), ["true", "false"]);
}

#[test]
fn indentation_tells_where_one_is() {
    let cases = [
        ("|", vec![]),
        ("strategy:\n  |", vec!["strategy"]),
        ("targets:\n  - |", vec!["targets"]),
        ("targets:\n- a: 1\n  |", vec!["targets"]),
        ("targets:\n  - virtual_key: a\n    retry:\n      att|", vec!["targets", "retry"]),
        ("targets:\n  - retry:\n      x: 1\n    |", vec!["targets"]),
        ("targets:\n  - retry:\n      x: 1\n  - timeouts:\n      |", vec!["targets", "timeouts"]),
        ("targets:\n  - models:\n      - a\n      - b\n    ti|", vec!["targets"]),
        ("a:\n  b: 1\n# remark\n\nc|", vec![]),
    ];
    for (text, expected) in cases {
        assert_eq!(path(text, Syntax::Yaml), expected, "{text}");
    }
}

#[test]
fn json_is_read_up_to_the_cursor() {
    assert_eq!(path(r#"{"targets": [{"retry": {"|"#, Syntax::Json), ["targets", "retry"]);
    assert_eq!(path(r#"{"a": {"b": "}{"}, "c": {|"#, Syntax::Json), ["c"]);
    assert_eq!(labels(r#"{"strategy": {"mode": "fallb|"#, Syntax::Json), ["fallback"]);
    assert_eq!(labels(r#"{"targets": [{"virtual_key": "openai"}, {"virt|"#, Syntax::Json), ["virtual_key"]);
    assert_eq!(labels(r#"{"targets": [{"virtual_key": "openai", "virt|"#, Syntax::Json), [] as [&str; 0]);
}

#[test]
fn what_is_written_goes_on_where_the_value_belongs() {
    let insert = |text: &str, syntax| suggestions(text, syntax).swap_remove(0).insert;
    assert_eq!(insert("request_time|", Syntax::Yaml), "request_timeout: ");
    assert_eq!(insert("targets:\n  - virtual_key: a\n    retr|", Syntax::Yaml), "retry:\n      ");
    assert_eq!(insert("targ|", Syntax::Yaml), "targets:\n  - ");
    assert_eq!(insert(r#"{"targ|"#, Syntax::Json), "\"targets\": ");
    assert_eq!(insert(r#"{"strategy": {"mode": "fallb|"#, Syntax::Json), "\"fallback\"");
}

#[test]
fn suggestions_say_what_they_mean() {
    let found = suggestions("targ|", Syntax::Yaml);
    assert!(found[0].about.contains("Providers with credentials"), "{found:?}");
    assert_eq!(found[0].kind, "list");
}

#[test]
fn nothing_is_suggested_in_a_remark_or_for_an_unknown_member() {
    assert_eq!(labels("# tar|", Syntax::Yaml), [] as [&str; 0]);
    assert_eq!(labels("strategy: # mo|", Syntax::Yaml), [] as [&str; 0]);
    assert_eq!(labels("nonsense:\n  |", Syntax::Yaml), [] as [&str; 0]);
    assert_eq!(labels("|", Syntax::Json), [] as [&str; 0]);
}

#[test]
fn no_text_is_too_odd() {
    for text in ["é|", "- - - |", "a: [b, |", "{|", "}|", "]]|", ",|", ":|", "\"|", "\"\\|", "a:\n\t|", "🐘: |", "- :|"] {
        for syntax in [Syntax::Yaml, Syntax::Json] {
            let _ = suggestions(text, syntax);
        }
    }
}

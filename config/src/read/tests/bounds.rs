//! Texts made to exhaust or to confuse the reader.

use proptest::prelude::*;

use crate::read::{Syntax, read};

fn message(text: &str, syntax: Syntax) -> String {
    read(text, syntax).unwrap_err().remove(0).message
}

#[test]
fn a_billion_laughs_are_not_laughed() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let before = format!("*a{}", level - 1);
        text += &format!("a{level}: &a{level} [{}]\n", [before.as_str(); 10].join(", "));
    }
    assert_eq!(message(&text, Syntax::Yaml), "the document has more than 250000 values, aliases expanded");
}

#[test]
fn a_long_text_is_not_written_out_for_each_of_its_aliases() {
    let text = format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), ["*a"; 1_000].join(", "));
    assert_eq!(message(&text, Syntax::Yaml), "aliases stand for more than 16 MiB of text");
}

#[test]
fn what_stands_in_anchors_within_anchors_counts_for_each_of_them() {
    let nested = |levels: usize| {
        let open: String = (0..levels).map(|level| format!("&a{level} [")).collect();
        format!("a: {open}{}{}", "1,".repeat(20_000), "]".repeat(levels))
    };
    let too_many = "the document has more than 250000 values, aliases expanded";
    assert_ne!(message(&nested(5), Syntax::Yaml), too_many);
    assert_eq!(message(&nested(20), Syntax::Yaml), too_many);
}

#[test]
fn an_alias_of_what_it_stands_in_is_refused() {
    assert_eq!(message("targets: &a [*a]\n", Syntax::Yaml), "an alias stands inside of the value that it means");
}

#[test]
fn nesting_has_a_bound() {
    let deep = "[".repeat(100) + &"]".repeat(100);
    let expected = "lists and mappings are nested more than 64 deep";
    assert_eq!(message(&deep, Syntax::Yaml), expected);
    assert_eq!(message(&deep, Syntax::Json), expected);
    assert!(message(&"[".repeat(100_000), Syntax::Json).starts_with("this is not JSON"));
    assert!(!message(&"[".repeat(100_000), Syntax::Yaml).is_empty());
}

#[test]
fn a_report_has_an_end() {
    let keys: String = (0..20_000).map(|number| format!("unknown-{number}: 1\n")).collect();
    let issues = read(&format!("targets: [{{virtual_key: openai}}]\n{keys}"), Syntax::Yaml).unwrap_err();
    assert_eq!(issues.len(), 501);
    assert_eq!(issues[500].message, "there are 19500 more issues like these");
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC*") {
        let _ = read(&text, Syntax::Yaml);
        let _ = read(&text, Syntax::Json);
    }

    #[test]
    fn text_that_looks_like_yaml_is_read_without_a_panic(text in "[-:a&*!<{}\\[\\],'\"|>#? \n\t%@.0é]{0,60}") {
        let _ = read(&text, Syntax::Yaml);
    }

    #[test]
    fn text_that_looks_like_json_is_read_without_a_panic(text in "[{}\\[\\],:\"\\\\u0dt e1.-]{0,60}") {
        let _ = read(&text, Syntax::Json);
    }

    #[test]
    fn a_damaged_configuration_is_read_without_a_panic(at in 0usize..600, with in "\\PC{0,3}") {
        let whole = include_str!("../../../../config.example.yaml");
        let at = (0..=at.min(whole.len())).rev().find(|at| whole.is_char_boundary(*at)).unwrap_or(0);
        let _ = read(&format!("{}{with}{}", &whole[..at], &whole[at..]), Syntax::Yaml);
    }
}

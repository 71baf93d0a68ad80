//! The example configurations at the root of the repository are right, complete and the same.

use ferrogw_config::{Checked, Syntax, read};

fn example(text: &str, syntax: Syntax) -> Checked {
    read(text, syntax).unwrap_or_else(|issues| panic!("{issues:#?}"))
}

#[test]
fn both_examples_are_right_and_equal() {
    let yaml = example(include_str!("../../config.example.yaml"), Syntax::Yaml);
    let json = example(include_str!("../../config.example.json"), Syntax::Json);
    assert_eq!(yaml.config(), json.config());
    assert_eq!(yaml.warnings(), []);
}

#[test]
fn an_example_travels_as_a_document_and_comes_back() {
    let example = example(include_str!("../../config.example.yaml"), Syntax::Yaml);
    assert_eq!(example.document().read().unwrap().config(), example.config());
}

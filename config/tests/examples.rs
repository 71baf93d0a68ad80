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

/// What the product's description shows as a minimal production configuration.
#[test]
fn a_minimal_production_configuration_is_taken() {
    let text = "\
strategy:
  mode: fallback
targets:
  - virtual_key: openai
    retry:
      attempts: 3
      on_status_codes: [429, 502, 503]
      initial_backoff_ms: 100
  - virtual_key: anthropic
    retry:
      attempts: 2
aliases:
  fast: gpt-4o-mini
  smart: claude-3-5-sonnet-20241022
plugins:
  - name: request-logger
    type: logging
    stage: before_request
    enabled: true
    config:
      level: info
      persist: true
      backend: sqlite
      dsn: ferrogw-requests.db
";
    let warnings: Vec<_> = example(text, Syntax::Yaml).warnings().iter().map(|issue| issue.path.clone()).collect();
    assert_eq!(warnings, ["plugins[0].config.persist", "plugins[0].config.backend", "plugins[0].config.dsn"]);
}

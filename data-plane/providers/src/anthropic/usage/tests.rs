use ferrogw_llm::Usage;
use serde_json::json;
use serde_json::value::RawValue;

use super::Tally;

fn tally(pieces: &[serde_json::Value]) -> Tally {
    let mut tally = Tally::default();
    for piece in pieces {
        tally.hear(&RawValue::from_string(piece.to_string()).expect("JSON"));
    }
    tally
}

#[test]
fn the_cache_is_part_of_the_prompt_and_its_lifetimes_are_told_apart() {
    let usage = tally(&[
        json!({"input_tokens": 5, "cache_read_input_tokens": 100, "cache_creation_input_tokens": 30, "output_tokens": 9,
        "cache_creation": {"ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 20}, "output_tokens_details": {"thinking_tokens": 4}}),
    ]);
    let expected =
        Usage { input: 5, cache_read: 100, cache_write: 10, cache_write_1h: 20, output: 9, reasoning: 4, ..Usage::default() };
    assert_eq!(usage.usage(), Some(expected));
    let canonical = usage.to_canonical().expect("usage");
    assert_eq!((&canonical["prompt_tokens"], &canonical["total_tokens"]), (&json!(135), &json!(144)));
    assert_eq!(canonical["prompt_tokens_details"], json!({"cached_tokens": 100, "cache_creation_tokens": 30, "audio_tokens": 0}));
}

#[test]
fn later_figures_replace_earlier_ones_and_are_not_added() {
    let usage = tally(&[
        json!({"input_tokens": 2068, "cache_read_input_tokens": 7, "output_tokens": 8}),
        json!({"input_tokens": 22397, "output_tokens": 637, "server_tool_use": {"web_search_requests": 2}}),
        json!("nonsense"),
    ]);
    assert_eq!(usage.usage(), Some(Usage { input: 22_397, cache_read: 7, output: 637, ..Usage::default() }));
    assert_eq!(usage.to_canonical().expect("usage")["server_tool_use"], json!({"web_search_requests": 2}));
}

#[test]
fn passes_that_compact_the_context_are_billed_too() {
    let usage = tally(&[json!({"input_tokens": 181, "output_tokens": 8, "iterations": [
        {"type": "compaction", "input_tokens": 100, "output_tokens": 83, "cache_read_input_tokens": 55096},
        {"type": "message", "input_tokens": 181, "output_tokens": 8}]})]);
    assert_eq!(usage.usage(), Some(Usage { input: 281, cache_read: 55_096, output: 91, ..Usage::default() }));
}

#[test]
fn nothing_told_is_none() {
    assert_eq!(tally(&[]).usage(), None);
    assert_eq!(tally(&[json!({"service_tier": "standard"})]).usage(), None);
}

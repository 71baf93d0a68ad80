use proptest::prelude::*;
use serde_json::json;

use super::{NanoDollars, Usage};

fn read(json: &str) -> Usage {
    Usage::from_openai(json, false).expect("counts")
}

#[test]
fn the_nested_details_become_disjoint_buckets() {
    let usage = read(
        r#"{"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,
            "prompt_tokens_details":{"cached_tokens":60,"cache_write_tokens":10,"audio_tokens":5},
            "completion_tokens_details":{"reasoning_tokens":20,"audio_tokens":7,"accepted_prediction_tokens":1}}"#,
    );
    let expected = Usage {
        input: 30,
        cache_read: 60,
        cache_write: 10,
        output: 50,
        reasoning: 20,
        audio_input: 5,
        audio_output: 7,
        ..Usage::default()
    };
    assert_eq!(usage, expected);
    assert_eq!((usage.prompt(), usage.total()), (100, 150));
}

#[test]
fn the_other_names_of_cached_tokens_are_known_and_counted_once() {
    let hit = read(
        r#"{"prompt_tokens":9,"completion_tokens":1,"prompt_cache_hit_tokens":8,"prompt_tokens_details":{"cached_tokens":8}}"#,
    );
    assert_eq!((hit.input, hit.cache_read), (1, 8));
    let flat = read(r#"{"prompt_tokens":9,"completion_tokens":1,"cached_tokens":4}"#);
    assert_eq!((flat.input, flat.cache_read), (5, 4));
}

#[test]
fn embeddings_have_a_prompt_and_nothing_else() {
    assert_eq!(read(r#"{"prompt_tokens":8,"total_tokens":8}"#), Usage { input: 8, ..Usage::default() });
    assert_eq!(read(r#"{"total_tokens":8}"#), Usage { input: 8, ..Usage::default() });
}

#[test]
fn reasoning_outside_of_the_output_is_added() {
    let outside =
        r#"{"prompt_tokens":291,"completion_tokens":26,"total_tokens":513,"completion_tokens_details":{"reasoning_tokens":196}}"#;
    let usage = read(outside);
    assert_eq!((usage.output, usage.reasoning, usage.total()), (222, 196, 513));
    assert_eq!(Usage::from_openai(outside, true), Some(usage));

    let without_total = r#"{"prompt_tokens":10,"completion_tokens":20,"completion_tokens_details":{"reasoning_tokens":15}}"#;
    assert_eq!(read(without_total).output, 20);
    assert_eq!(Usage::from_openai(without_total, true).expect("counts").output, 35);
}

#[test]
fn reasoning_inside_of_the_output_is_not_added_again() {
    let inside =
        r#"{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30,"completion_tokens_details":{"reasoning_tokens":15}}"#;
    for reported_outside in [false, true] {
        let usage = Usage::from_openai(inside, reported_outside).expect("counts");
        assert_eq!((usage.output, usage.reasoning), (20, 15));
    }
}

#[test]
fn audio_outside_of_the_prompt_is_added() {
    let usage =
        read(r#"{"prompt_tokens":9,"completion_tokens":248,"total_tokens":632,"prompt_tokens_details":{"audio_tokens":375}}"#);
    assert_eq!((usage.prompt(), usage.audio_input, usage.total()), (384, 375, 632));
}

#[test]
fn absent_usage_is_none_and_not_zero() {
    for nothing in ["null", "{}", "[]", "\"?\"", r#"{"cost":1}"#] {
        assert_eq!(Usage::from_openai(nothing, false), None, "{nothing}");
    }
}

#[test]
fn nonsense_counts_as_nothing_and_a_part_never_exceeds_its_whole() {
    let usage = read(
        r#"{"prompt_tokens":5,"completion_tokens":-3,"total_tokens":"many","prompt_tokens_details":null,"cached_tokens":1e30,
            "completion_tokens_details":{"reasoning_tokens":[1,{"a":2}],"audio_tokens":{"b":[]}}}"#,
    );
    assert_eq!(usage, Usage { cache_read: 5, ..Usage::default() });
}

#[test]
fn what_is_written_says_the_same_when_read() {
    let usage = Usage {
        input: 1,
        cache_read: 2,
        cache_write: 3,
        output: 9,
        reasoning: 4,
        audio_input: 1,
        audio_output: 5,
        ..Usage::default()
    };
    let written = usage.to_openai();
    assert_eq!(written["prompt_tokens"], json!(6));
    assert_eq!(written["prompt_tokens_details"], json!({"cached_tokens": 2, "cache_creation_tokens": 3, "audio_tokens": 1}));
    assert_eq!(read(&written.to_string()), usage);
}

#[test]
fn sums_saturate() {
    let most = Usage { input: u64::MAX, cache_read: u64::MAX, output: u64::MAX, ..Usage::default() };
    assert_eq!((most + most).total(), u64::MAX);
    assert_eq!([NanoDollars(i64::MAX), NanoDollars(1)].into_iter().sum::<NanoDollars>(), NanoDollars(i64::MAX));
}

#[test]
fn money_is_written_in_dollars() {
    assert_eq!(NanoDollars(1_500_000_000).to_string(), "$1.500000000");
    assert_eq!(NanoDollars(-7).to_string(), "-$0.000000007");
}

proptest! {
    #[test]
    fn the_buckets_add_up_to_what_was_told(prompt: u32, completion: u32, cached: u32, written: u32) {
        let json = json!({"prompt_tokens": prompt, "completion_tokens": completion,
            "prompt_tokens_details": {"cached_tokens": cached, "cache_write_tokens": written}});
        let usage = read(&json.to_string());
        prop_assert_eq!(usage.prompt(), u64::from(prompt));
        prop_assert_eq!(usage.total(), u64::from(prompt) + u64::from(completion));
    }
}

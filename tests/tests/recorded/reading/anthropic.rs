//! Anthropic Messages, as they look on OpenAI's surface: its finish reasons, and all input in one figure.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Choice, Reading, arguments, sse};

/// A whole message.
pub(crate) fn message(body: &Value) -> Reading {
    let mut choice = Choice { finish: finish(&body["stop_reason"]), ..Choice::default() };
    for block in body["content"].as_array().into_iter().flatten() {
        match block["type"].as_str() {
            Some("text") => choice.text.push_str(block["text"].as_str().unwrap_or_default()),
            Some("tool_use") => {
                choice.calls.push((block["name"].as_str().unwrap_or_default().to_owned(), block["input"].clone()))
            }
            _ => {}
        }
    }
    let usage = body["usage"].as_object().map(tokens);
    Reading { choices: BTreeMap::from([(0, choice)]), usage, ..Reading::default() }
}

/// A stream; broken when an error came or no reason for its end did.
pub(crate) fn stream(text: &str) -> Reading {
    let (mut reading, mut choice, mut usage) = (Reading::default(), Choice::default(), Map::new());
    let mut calls: BTreeMap<u64, (String, String)> = BTreeMap::new();
    for event in sse::events(text) {
        let event: Value = serde_json::from_str(&event).unwrap_or_default();
        let index = event["index"].as_u64().unwrap_or_default();
        match event["type"].as_str() {
            Some("message_start") => usage.extend(event["message"]["usage"].as_object().cloned().unwrap_or_default()),
            Some("content_block_start") => match event["content_block"]["type"].as_str() {
                Some("tool_use") => {
                    let block = &event["content_block"];
                    // Usually empty here and in pieces afterwards; whole here where a program of the vendor's makes the call.
                    let whole = block["input"].as_object().filter(|input| !input.is_empty());
                    let text = whole.map(|input| Value::from(input.clone()).to_string()).unwrap_or_default();
                    calls.insert(index, (block["name"].as_str().unwrap_or_default().to_owned(), text));
                }
                Some("text") => choice.text.push_str(event["content_block"]["text"].as_str().unwrap_or_default()),
                _ => {}
            },
            Some("content_block_delta") => {
                choice.text.push_str(event["delta"]["text"].as_str().unwrap_or_default());
                if let Some((_, text)) = calls.get_mut(&index) {
                    text.push_str(event["delta"]["partial_json"].as_str().unwrap_or_default());
                }
            }
            Some("message_delta") => {
                choice.finish = finish(&event["delta"]["stop_reason"]).or(choice.finish);
                let newer = event["usage"].as_object().cloned().unwrap_or_default();
                usage.extend(newer.into_iter().filter(|(_, value)| !value.is_null()));
            }
            Some("error") => reading.broken = true,
            _ => {}
        }
    }
    choice.calls = calls.into_values().map(|(name, text)| (name, arguments(&text))).collect();
    reading.broken |= choice.finish.is_none();
    reading.choices.insert(0, choice);
    reading.usage = (!usage.is_empty() && !reading.broken).then(|| tokens(&usage));
    reading
}

/// All that is billed at this model's price: the totals leave out what compaction took.
fn tokens(usage: &Map<String, Value>) -> (u64, u64) {
    let iterations = usage.get("iterations").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    let compactions = iterations.filter(|iteration| iteration.get("type").is_some_and(|kind| kind == "compaction"));
    compactions.map(bucketed).fold(bucketed(usage), |(input, output), (more, and)| (input + more, output + and))
}

fn bucketed(usage: &Map<String, Value>) -> (u64, u64) {
    let count = |name: &str| usage.get(name).and_then(Value::as_u64).unwrap_or_default();
    let input = count("input_tokens") + count("cache_read_input_tokens") + count("cache_creation_input_tokens");
    (input, count("output_tokens"))
}

fn finish(reason: &Value) -> Option<String> {
    let ours = match reason.as_str()? {
        "tool_use" => "tool_calls",
        "max_tokens" | "model_context_window_exceeded" => "length",
        "refusal" => "content_filter",
        _ => "stop",
    };
    Some(ours.to_owned())
}

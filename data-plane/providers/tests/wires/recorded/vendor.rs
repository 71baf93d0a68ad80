//! A simple reading of a vendor's bytes, written apart from the wires so that it cannot share their mistakes.

use serde_json::Value;

use crate::said::Said;

/// What came of an exchange.
#[derive(Debug, PartialEq)]
pub(super) enum Outcome {
    Said(Said),
    /// The vendor reported an error, with this status.
    Failed(Option<u16>),
    Broken(String),
}

/// What the vendor said.
pub(super) fn outcome(body: &str, stream: bool, status: u16, surface: &str) -> Outcome {
    if status != 200 {
        return Outcome::Failed(Some(status));
    }
    let frames = if stream { frames(body) } else { vec![serde_json::from_str(body).expect("a recorded answer is JSON")] };
    if let Some(error) = frames.iter().find_map(|frame| frame.get("error").filter(|error| !error.is_null())) {
        return Outcome::Failed(
            error["status_code"].as_u64().or(error["code"].as_u64()).and_then(|status| u16::try_from(status).ok()),
        );
    }
    Outcome::Said(match (surface, stream) {
        ("messages", false) => message(&frames[0]),
        ("messages", true) => message_events(&frames),
        _ => chat(&frames, if stream { "delta" } else { "message" }),
    })
}

fn frames(body: &str) -> Vec<Value> {
    let lines = body.lines().filter_map(|line| line.strip_prefix("data:"));
    lines
        .map(str::trim)
        .filter(|data| *data != "[DONE]")
        .map(|data| serde_json::from_str(data).expect("a recorded frame is JSON"))
        .collect()
}

fn chat(frames: &[Value], piece: &str) -> Said {
    let mut said = Said::default();
    for frame in frames {
        for choice in frame["choices"].as_array().into_iter().flatten() {
            let index = choice["index"].as_u64().unwrap_or(0);
            said.add(index, &choice[piece]);
            if let Some(reason) = choice["finish_reason"].as_str().filter(|_| said.finish_reason.is_none()) {
                said.finish_reason = Some(match reason {
                    "function_call" => "tool_calls".to_owned(),
                    "eos" => "stop".to_owned(),
                    reason => reason.to_owned(),
                });
            }
        }
        let usage = if frame["usage"].is_object() { &frame["usage"] } else { &frame["x_groq"]["usage"] };
        if usage.is_object() {
            let count = |value: &Value| value.as_u64().unwrap_or(0);
            let audio = count(&usage["prompt_tokens_details"]["audio_tokens"]);
            let (mut prompt, mut completion) = (count(&usage["prompt_tokens"]), count(&usage["completion_tokens"]));
            // Whatever the total has more stands outside of one of the two.
            match count(&usage["total_tokens"]).saturating_sub(prompt + completion) {
                surplus if surplus == audio => prompt += surplus,
                surplus => completion += surplus,
            }
            let cached =
                [&usage["prompt_tokens_details"]["cached_tokens"], &usage["prompt_cache_hit_tokens"], &usage["cached_tokens"]];
            said.usage = Some((prompt, completion, cached.into_iter().map(count).max().unwrap_or(0)));
        }
    }
    said
}

fn message(message: &Value) -> Said {
    let mut said = Said::default();
    let choice = said.choices.entry(0).or_default();
    for block in message["content"].as_array().expect("content") {
        let word = |name: &str| block[name].as_str().unwrap_or_default();
        match word("type") {
            "text" => choice.text.push_str(word("text")),
            "thinking" => choice.reasoning.push_str(word("thinking")),
            "tool_use" => choice.calls.push((word("id").to_owned(), word("name").to_owned(), block["input"].to_string())),
            _ => {}
        }
    }
    said.finish_reason = finish_reason(&message["stop_reason"]);
    said.usage = usage(&message["usage"]);
    said
}

fn message_events(events: &[Value]) -> Said {
    let mut said = Said::default();
    let mut counts = Value::Null;
    let mut blocks = Vec::<Value>::new();
    let mut inputs = Vec::<String>::new();
    for event in events {
        let at = usize::try_from(event["index"].as_u64().unwrap_or(0)).expect("a small index");
        match event["type"].as_str().unwrap_or_default() {
            "message_start" => counts = event["message"]["usage"].clone(),
            "content_block_start" => {
                blocks.push(event["content_block"].clone());
                inputs.push(String::new());
            }
            "content_block_delta" => {
                inputs[at].push_str(event["delta"]["partial_json"].as_str().unwrap_or_default());
                for name in ["text", "thinking"] {
                    if let Some(more) = event["delta"][name].as_str() {
                        blocks[at][name] = (blocks[at][name].as_str().unwrap_or_default().to_owned() + more).into();
                    }
                }
            }
            "message_delta" => {
                said.finish_reason = finish_reason(&event["delta"]["stop_reason"]);
                for (name, count) in event["usage"].as_object().into_iter().flatten() {
                    counts[name] = count.clone();
                }
            }
            _ => {}
        }
    }
    let choice = said.choices.entry(0).or_default();
    for (block, input) in blocks.iter().zip(inputs) {
        let word = |name: &str| block[name].as_str().unwrap_or_default();
        match word("type") {
            "text" => choice.text.push_str(word("text")),
            "thinking" => choice.reasoning.push_str(word("thinking")),
            "tool_use" => {
                let input = if input.is_empty() { block["input"].to_string() } else { input };
                choice.calls.push((word("id").to_owned(), word("name").to_owned(), input));
            }
            _ => {}
        }
    }
    said.usage = usage(&counts);
    said
}

fn finish_reason(native: &Value) -> Option<String> {
    let reason = match native.as_str()? {
        "end_turn" | "stop_sequence" | "pause_turn" | "compaction" => "stop",
        "max_tokens" => "length",
        "tool_use" => "tool_calls",
        "refusal" => "content_filter",
        other => other,
    };
    Some(reason.to_owned())
}

fn usage(counts: &Value) -> Option<(u64, u64, u64)> {
    let mut sum = (0, 0, 0);
    let compactions = counts["iterations"].as_array().into_iter().flatten().filter(|pass| pass["type"] == "compaction");
    for pass in compactions.chain([counts]) {
        let count = |name: &str| pass[name].as_u64().unwrap_or(0);
        let read = count("cache_read_input_tokens");
        sum.0 += count("input_tokens") + read + count("cache_creation_input_tokens");
        sum.1 += count("output_tokens");
        sum.2 += read;
    }
    counts.is_object().then_some(sum)
}

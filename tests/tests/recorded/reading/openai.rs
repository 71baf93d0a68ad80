//! Chat completions, streamed and not.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Choice, Reading, arguments, sse};

/// A whole completion.
pub(crate) fn completion(body: &Value) -> Reading {
    let choices = body["choices"].as_array().into_iter().flatten().enumerate();
    let choice = |(at, choice): (usize, &Value)| {
        let message = &choice["message"];
        let calls = message["tool_calls"].as_array().into_iter().flatten().map(|call| {
            let function = &call["function"];
            (word(&function["name"]), arguments(function["arguments"].as_str().unwrap_or_default()))
        });
        let read = Choice { text: text(&message["content"]), calls: calls.collect(), finish: finish(choice) };
        (choice["index"].as_u64().unwrap_or(at as u64), read)
    };
    Reading { choices: choices.map(choice).collect(), usage: usage(&body["usage"]), ..Reading::default() }
}

/// A stream; broken when an error came, when an event cannot be read, or when a choice never said why it ended.
pub(crate) fn stream(text: &str) -> Reading {
    let mut reading = Reading::default();
    let mut calls: BTreeMap<(u64, u64), (String, String)> = BTreeMap::new();
    for event in sse::events(text) {
        if event.trim() == "[DONE]" {
            break;
        }
        let Ok(chunk) = serde_json::from_str::<Value>(&event) else {
            reading.broken = true;
            break;
        };
        if !chunk["error"].is_null() {
            reading.broken = true;
            break;
        }
        reading.usage = usage(&chunk["usage"]).or(usage(&chunk["x_groq"]["usage"])).or(reading.usage);
        for choice in chunk["choices"].as_array().into_iter().flatten() {
            let index = choice["index"].as_u64().unwrap_or_default();
            let read = reading.choices.entry(index).or_default();
            read.text.push_str(&self::text(&choice["delta"]["content"]));
            read.finish = finish(choice).or(read.finish.take());
            for (at, call) in choice["delta"]["tool_calls"].as_array().into_iter().flatten().enumerate() {
                let at = call["index"].as_u64().unwrap_or(at as u64);
                let (name, text) = calls.entry((index, at)).or_default();
                name.push_str(call["function"]["name"].as_str().unwrap_or_default());
                text.push_str(call["function"]["arguments"].as_str().unwrap_or_default());
            }
        }
    }
    for ((index, _), (name, text)) in calls {
        reading.choices.entry(index).or_default().calls.push((name, arguments(&text)));
    }
    reading.broken |= reading.choices.is_empty() || reading.choices.values().any(|choice| choice.finish.is_none());
    // What a broken stream said of its usage is of no use to anybody.
    reading.usage = reading.usage.filter(|_| !reading.broken);
    reading
}

/// Text, or the text parts of a list.
fn text(content: &Value) -> String {
    let parts = content.as_array().into_iter().flatten();
    content.as_str().map_or_else(|| parts.filter_map(|part| part["text"].as_str()).collect(), str::to_owned)
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn finish(choice: &Value) -> Option<String> {
    choice["finish_reason"].as_str().filter(|reason| !reason.is_empty()).map(str::to_owned)
}

fn usage(usage: &Value) -> Option<(u64, u64)> {
    Some((usage["prompt_tokens"].as_u64()?, usage["completion_tokens"].as_u64().unwrap_or_default()))
}

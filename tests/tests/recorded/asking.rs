//! The chat request that a client would have sent for a recorded exchange.

use serde_json::{Map, Value, json};

use crate::exchange::Exchange;

/// The request in OpenAI's spelling, naming the exchange as its model. Streams ask for usage.
pub(crate) fn request(exchange: &Exchange) -> Value {
    let recorded: Option<Map<String, Value>> = serde_json::from_str(&exchange.request_text).ok();
    let mut request = match recorded {
        Some(recorded) if exchange.surface == "messages" => from_anthropic(&recorded),
        Some(recorded) => recorded,
        None => object(json!({ "messages": [{ "role": "user", "content": "Hello" }] })),
    };
    request.insert("model".into(), exchange.model().into());
    request.insert("stream".into(), exchange.stream.into());
    request.remove("stream_options");
    if exchange.stream {
        request.insert("stream_options".into(), json!({ "include_usage": true }));
    }
    Value::Object(request)
}

/// What has a spelling on OpenAI's surface; tools that the vendor runs itself and the like have none.
fn from_anthropic(recorded: &Map<String, Value>) -> Map<String, Value> {
    let mut request = Map::new();
    for (theirs, ours) in
        [("max_tokens", "max_tokens"), ("temperature", "temperature"), ("top_p", "top_p"), ("stop_sequences", "stop")]
    {
        request.extend(recorded.get(theirs).map(|value| (ours.to_owned(), value.clone())));
    }
    let mut messages = Vec::new();
    let system = texts(recorded.get("system").unwrap_or(&Value::Null));
    if !system.is_empty() {
        messages.push(json!({ "role": "system", "content": system }));
    }
    for message in recorded["messages"].as_array().into_iter().flatten() {
        if message["role"] == "assistant" {
            messages.extend(assistant(&message["content"]));
        } else {
            messages.extend(user(&message["content"]));
        }
    }
    if messages.iter().all(|message| message["role"] == "system") {
        messages.push(json!({ "role": "user", "content": "Hello" }));
    }
    request.insert("messages".into(), messages.into());
    let tools: Vec<Value> = recorded.get("tools").and_then(Value::as_array).into_iter().flatten().filter_map(function).collect();
    if !tools.is_empty() {
        request.insert("tools".into(), tools.into());
    }
    request
}

fn function(tool: &Value) -> Option<Value> {
    let parameters = tool.get("input_schema")?;
    Some(
        json!({ "type": "function", "function": { "name": tool["name"], "description": tool["description"].as_str().unwrap_or_default(), "parameters": parameters } }),
    )
}

fn assistant(content: &Value) -> Option<Value> {
    let calls: Vec<Value> = blocks(content, "tool_use")
        .map(|block| {
            json!({ "id": block["id"], "type": "function", "function": { "name": block["name"], "arguments": block["input"].to_string() } })
        })
        .collect();
    let text = texts(content);
    match (text.is_empty(), calls.is_empty()) {
        (true, true) => None,
        (_, true) => Some(json!({ "role": "assistant", "content": text })),
        _ => Some(json!({ "role": "assistant", "content": (!text.is_empty()).then_some(text), "tool_calls": calls })),
    }
}

fn user(content: &Value) -> Vec<Value> {
    let mut messages: Vec<Value> = blocks(content, "tool_result")
        .map(|block| json!({ "role": "tool", "tool_call_id": block["tool_use_id"], "content": texts(&block["content"]) }))
        .collect();
    let mut parts: Vec<Value> = blocks(content, "image").filter_map(image).collect();
    let text = texts(content);
    if !text.is_empty() {
        parts.push(json!({ "type": "text", "text": text }));
    }
    if !parts.is_empty() {
        messages.push(json!({ "role": "user", "content": parts }));
    }
    messages
}

fn image(block: &Value) -> Option<Value> {
    let source = &block["source"];
    let url = match source["type"].as_str()? {
        "base64" => format!("data:{};base64,{}", source["media_type"].as_str()?, source["data"].as_str()?),
        _ => source["url"].as_str()?.to_owned(),
    };
    Some(json!({ "type": "image_url", "image_url": { "url": url } }))
}

fn blocks<'a>(content: &'a Value, kind: &'a str) -> impl Iterator<Item = &'a Value> {
    content.as_array().into_iter().flatten().filter(move |block| block["type"] == kind)
}

fn texts(content: &Value) -> String {
    content.as_str().map_or_else(|| blocks(content, "text").filter_map(|block| block["text"].as_str()).collect(), str::to_owned)
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

use axum::body::Body;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::Request;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::{router, schema};

async fn text(path: &str, request: Value) -> String {
    let request = Request::post(path).body(Body::from(request.to_string())).unwrap();
    let answer = router().oneshot(request).await.unwrap();
    String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

async fn ask(path: &str, request: Value) -> Value {
    serde_json::from_str(&text(path, request).await).unwrap()
}

async fn chat(request: Value) -> Value {
    ask("/v1/chat/completions", request).await
}

fn says(prompt: &str) -> Value {
    json!([{"role": "user", "content": prompt}])
}

fn weather() -> Value {
    let parameters = json!({"type": "object", "properties": {"city": {"type": "string"}, "unit": {"enum": ["celsius"]}}});
    json!([{"type": "function", "function": {"name": "get_weather", "parameters": parameters}}])
}

#[tokio::test]
async fn a_chat_says_that_it_is_a_demo_and_what_was_said() {
    let answer = chat(json!({"model": "gpt-4o-mini", "messages": says("Ahoy")})).await;
    let content = answer["choices"][0]["message"]["content"].as_str().unwrap();
    assert!(content.contains("demo") && content.contains("Ahoy"), "{content}");
    assert_eq!(answer["model"], "demo");
    assert_eq!(answer["choices"][0]["finish_reason"], "stop");
    assert_eq!(answer["usage"]["prompt_tokens"], 5);
}

#[tokio::test]
async fn a_stream_adds_up_to_the_whole_and_ends_with_usage() {
    let whole = chat(json!({"messages": says("Ahoy")})).await;
    let request = json!({"messages": says("Ahoy"), "stream": true, "stream_options": {"include_usage": true}});
    let stream = text("/v1/chat/completions", request).await;
    let (frames, rest) = stream.split_once("data: [DONE]\n\n").unwrap();
    assert_eq!(rest, "");
    let chunks: Vec<Value> = frames.lines().filter_map(|line| serde_json::from_str(line.strip_prefix("data: ")?).ok()).collect();
    let content: String = chunks.iter().filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str()).collect();
    assert_eq!(Some(content.as_str()), whole["choices"][0]["message"]["content"].as_str());
    assert_eq!(chunks.last().unwrap()["usage"], whole["usage"]);
    assert!(chunks.iter().all(|chunk| chunk["model"] == "demo"));
}

#[tokio::test]
async fn a_tool_is_called_when_it_is_required_or_the_prompt_asks_for_it() {
    for request in [
        json!({"messages": says("What is the weather?"), "tools": weather()}),
        json!({"messages": says("Hello"), "tools": weather(), "tool_choice": "required"}),
        json!({"messages": says("Hello"), "tools": weather(), "tool_choice": {"type": "function", "function": {"name": "get_weather"}}}),
    ] {
        let answer = chat(request).await;
        assert_eq!(answer["choices"][0]["finish_reason"], "tool_calls");
        let function = &answer["choices"][0]["message"]["tool_calls"][0]["function"];
        assert_eq!(*function, json!({"name": "get_weather", "arguments": r#"{"city":"demo","unit":"celsius"}"#}));
    }
}

#[tokio::test]
async fn a_tool_is_not_called_when_nobody_asks_or_it_has_answered() {
    let after =
        json!([{"role": "user", "content": "What is the weather?"}, {"role": "tool", "tool_call_id": "1", "content": "rain"}]);
    for request in [
        json!({"messages": says("Hello"), "tools": weather()}),
        json!({"messages": says("What is the weather?"), "tools": weather(), "tool_choice": "none"}),
        json!({"messages": after, "tools": weather()}),
    ] {
        assert_eq!(chat(request).await["choices"][0]["finish_reason"], "stop");
    }
}

#[tokio::test]
async fn a_streamed_tool_call_carries_its_id_once_and_its_arguments_after() {
    let request = json!({"messages": says("weather?"), "tools": weather(), "stream": true});
    let stream = text("/v1/chat/completions", request).await;
    assert_eq!(stream.matches("call_chatcmpl-demo").count(), 1);
    assert!(stream.contains(r#""finish_reason":"tool_calls""#), "{stream}");
}

#[tokio::test]
async fn structured_output_fits_its_schema() {
    let schema = json!({"type": "object", "properties": {"ok": {"type": "boolean"}}});
    let format = json!({"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}});
    let answer = chat(json!({"messages": says("Hello"), "response_format": format})).await;
    assert_eq!(answer["choices"][0]["message"]["content"], r#"{"ok":true}"#);
}

#[tokio::test]
async fn an_answer_is_as_long_as_the_request_allows() {
    let answer = chat(json!({"messages": says("Hello"), "max_tokens": 2})).await;
    assert_eq!(answer["choices"][0]["message"]["content"], "Hello fr");
    assert_eq!(answer["choices"][0]["finish_reason"], "length");
    assert_eq!(answer["usage"]["completion_tokens"], 2);
}

#[tokio::test]
async fn a_completion_is_text_whole_and_streamed() {
    let whole = ask("/v1/completions", json!({"prompt": "Ahoy"})).await;
    let content = whole["choices"][0]["text"].as_str().unwrap();
    assert!(content.contains("Ahoy"), "{content}");
    let stream = text("/v1/completions", json!({"prompt": ["Ahoy"], "stream": true})).await;
    let pieces = stream.lines().filter_map(|line| serde_json::from_str::<Value>(line.strip_prefix("data: ")?).ok());
    let streamed: String = pieces.filter_map(|piece| Some(piece["choices"][0]["text"].as_str()?.to_owned())).collect();
    assert_eq!(streamed, content);
}

#[tokio::test]
async fn the_same_text_has_the_same_vector_in_either_encoding() {
    let plain = ask("/v1/embeddings", json!({"input": ["a", "b"], "dimensions": 3})).await;
    let vector: Vec<f32> = serde_json::from_value(plain["data"][0]["embedding"].clone()).unwrap();
    assert_ne!(plain["data"][0]["embedding"], plain["data"][1]["embedding"]);
    let packed = ask("/v1/embeddings", json!({"input": "a", "dimensions": 3, "encoding_format": "base64"})).await;
    let bytes = BASE64_STANDARD.decode(packed["data"][0]["embedding"].as_str().unwrap()).unwrap();
    let unpacked: Vec<f32> = bytes.chunks(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect();
    assert_eq!(vector, unpacked);
    assert_eq!(packed["model"], "demo-embedding");
}

#[tokio::test]
async fn a_body_that_is_no_request_is_refused_in_the_envelope() {
    let refusal = chat(json!({"messages": "Hello"})).await;
    assert_eq!(refusal["error"]["type"], "invalid_request_error");
}

#[test]
fn an_example_follows_references_and_survives_endless_ones() {
    let schema = json!({
        "type": "object",
        "properties": {
            "node": {"$ref": "#/$defs/node"}, "level": {"type": "integer", "minimum": 3},
            "name": {"type": ["null", "string"]}, "either": {"anyOf": [{"type": "number"}, {"type": "null"}]},
            "tags": {"type": "array", "items": {"const": "x"}, "minItems": 2},
        },
        "$defs": {"node": {"type": "object", "properties": {"leaf": {"type": "boolean"}}}},
    });
    let expected = json!({"node": {"leaf": true}, "level": 3, "name": "demo", "either": 1.5, "tags": ["x", "x"]});
    assert_eq!(schema::example(&schema), expected);
    assert_eq!(schema::example(&json!({"$ref": "#"})), Value::Null);
    let branches: Value = (0..10).map(|at| (at.to_string(), json!({"$ref": "#"}))).collect::<serde_json::Map<_, _>>().into();
    assert!(schema::example(&json!({"type": "object", "properties": branches})).is_object());
}

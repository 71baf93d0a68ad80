//! Tools and everything else that Anthropic's wire spells in its own way, there and back.

use ferrogw_tests::reply::{End, anthropic_event};
use ferrogw_tests::{Reply, World, Worlds, over_both};
use serde_json::{Value, json};

use crate::setting::anthropic;

static WORLDS: Worlds = Worlds::of(|upstream| json!({ "targets": [anthropic(upstream, "alpha", "${ALPHA_KEY}")] }));

over_both!(WORLDS: a_tool_call_comes_back, a_tool_result_goes_there, a_streamed_tool_call_comes_in_pieces, an_overloaded_provider_is_a_503);

fn weather_request(model: &str) -> Value {
    json!({
        "model": model,
        "messages": [{ "role": "system", "content": "Be brief." }, { "role": "user", "content": "Weather in Paris?" }],
        "tools": [{ "type": "function", "function": {
            "name": "weather", "description": "Tells the weather",
            "parameters": { "type": "object", "properties": { "city": { "type": "string" } }, "required": ["city"] },
        } }],
    })
}

async fn a_tool_call_comes_back(world: &World) {
    let model = world.upstream.answers(Reply::json(200, &json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-scripted", "stop_reason": "tool_use", "stop_sequence": null,
        "content": [
            { "type": "text", "text": "Let me look." },
            { "type": "tool_use", "id": "toolu_1", "name": "weather", "input": { "city": "Paris" } },
        ],
        "usage": { "input_tokens": 10, "cache_read_input_tokens": 30, "cache_creation_input_tokens": 2, "output_tokens": 5 },
    })));

    let answer = world.client().chat(&weather_request(&model)).await.expect(200).json();

    let choice = &answer["choices"][0];
    assert_eq!(choice["finish_reason"], "tool_calls");
    assert_eq!(choice["message"]["content"], "Let me look.");
    let call = &choice["message"]["tool_calls"][0];
    assert_eq!((&call["id"], &call["function"]["name"]), (&json!("toolu_1"), &json!("weather")));
    assert_eq!(arguments(&call["function"]["arguments"]), json!({ "city": "Paris" }));
    assert_eq!(answer["usage"]["prompt_tokens"], 42);
    assert_eq!(answer["usage"]["prompt_tokens_details"]["cached_tokens"], 30);

    let seen = &world.upstream.seen(&model)[0];
    assert_eq!((seen.path.as_str(), seen.headers["x-api-key"].as_str()), ("/v1/messages", "upstream-credential-alpha-8Yq2"));
    assert_eq!(seen.json()["tools"][0]["input_schema"]["required"], json!(["city"]));
    assert!(seen.json()["system"].to_string().contains("Be brief."), "{}", seen.json());
}

async fn a_tool_result_goes_there(world: &World) {
    let model = world.upstream.answers(Reply::json(200, &message("Sunny.")));
    let mut body = weather_request(&model);
    let messages = body["messages"].as_array_mut().expect("a list");
    messages.push(json!({ "role": "assistant", "content": null, "tool_calls": [
        { "id": "toolu_1", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Paris\"}" } },
    ] }));
    messages.push(json!({ "role": "tool", "tool_call_id": "toolu_1", "content": "18 degrees" }));

    let answer = world.client().chat(&body).await.expect(200);

    assert_eq!(answer.content(), "Sunny.");
    let messages = world.upstream.seen(&model)[0].json()["messages"].clone();
    let call = &messages[1]["content"][0];
    assert_eq!((&call["type"], &call["input"]), (&json!("tool_use"), &json!({ "city": "Paris" })));
    let result = &messages[2]["content"][0];
    assert_eq!((&result["type"], &result["tool_use_id"]), (&json!("tool_result"), &json!("toolu_1")));
}

async fn a_streamed_tool_call_comes_in_pieces(world: &World) {
    let events = [
        json!({ "type": "message_start", "message": { "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-scripted",
                "content": [], "stop_reason": null, "usage": { "input_tokens": 10, "output_tokens": 1 } } }),
        json!({ "type": "content_block_start", "index": 0, "content_block":
                { "type": "tool_use", "id": "toolu_1", "name": "weather", "input": {} } }),
        json!({ "type": "ping" }),
        json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "input_json_delta", "partial_json": "{\"city\":" } }),
        json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "input_json_delta", "partial_json": "\"Paris\"}" } }),
        json!({ "type": "content_block_stop", "index": 0 }),
        json!({ "type": "message_delta", "delta": { "stop_reason": "tool_use" }, "usage": { "output_tokens": 20 } }),
        json!({ "type": "message_stop" }),
    ];
    let model = world.upstream.answers(Reply::events(&events.each_ref().map(anthropic_event), End::Clean));
    let mut body = weather_request(&model);
    body["stream"] = json!(true);

    let answer = world.client().chat(&body).await.expect(200);

    let chunks: Vec<Value> = answer.events().iter().filter_map(|event| serde_json::from_str(event).ok()).collect();
    let calls = chunks.iter().flat_map(|chunk| chunk["choices"][0]["delta"]["tool_calls"][0].as_object());
    let pieces: String = calls.filter_map(|call| call.get("function")?["arguments"].as_str().map(str::to_owned)).collect();
    assert_eq!(arguments(&json!(pieces)), json!({ "city": "Paris" }));
    let reasons: Vec<&str> = chunks.iter().filter_map(|chunk| chunk["choices"][0]["finish_reason"].as_str()).collect();
    assert_eq!(reasons, ["tool_calls"]);
    assert_eq!(answer.events().last().map(String::as_str), Some("[DONE]"));
    assert_eq!(world.record(&model).await["completion_tokens"], 20);
}

async fn an_overloaded_provider_is_a_503(world: &World) {
    let refusal = json!({ "type": "error", "error": { "type": "overloaded_error", "message": "Overloaded" } });
    let model = world.upstream.answers(Reply::json(529, &refusal));

    let answer = world.client().chat(&weather_request(&model)).await;

    assert_eq!(answer.status, 503, "{}", answer.error());
}

fn message(text: &str) -> Value {
    json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-scripted", "stop_reason": "end_turn", "stop_sequence": null,
        "content": [{ "type": "text", "text": text }], "usage": { "input_tokens": 10, "output_tokens": 5 },
    })
}

fn arguments(text: &Value) -> Value {
    serde_json::from_str(text.as_str().expect("arguments are text")).expect("arguments are JSON")
}

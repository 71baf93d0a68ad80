use bytes::Bytes;
use ferrogw_config::catalog::{self, WireId};
use ferrogw_llm::{FailureClass, Operation, Request, StreamFault};
use serde_json::{Value, json};

use crate::{Call, Encoded, Refusal, Stream, wire};

fn try_encode(model: &str, operation: Operation, body: &Value) -> Result<Encoded, Refusal> {
    let request = Request::read(operation, body.to_string().into()).expect("a request");
    let provider = catalog::provider("anthropic").expect("a provider of the catalog");
    wire(WireId::Anthropic).encode(&Call { provider, model, request: &request, now_unix: 0 })
}

/// What a model gets of a question with these members beside it.
fn ask(model: &str, members: Value) -> (Value, Vec<String>) {
    let mut body = json!({"model": model, "messages": [{"role": "user", "content": "?"}]});
    body.as_object_mut().expect("an object").extend(members.as_object().expect("members").clone());
    let encoded = try_encode(model, Operation::Chat, &body).expect("an encoding");
    (serde_json::from_slice(&encoded.body).expect("JSON"), encoded.dropped)
}

const BUDGET: &str = "claude-sonnet-4-5";
const EFFORT: &str = "claude-opus-4-7";
const PLAIN: &str = "claude-3-haiku-20240307";

#[test]
fn a_schema_keeps_its_bytes_since_the_order_of_its_members_steers_the_model() {
    let schema = r#"{"type":"object","properties":{"reasoning":{"type":"string"},"answer":{"type":"number","maximum":1.0}}}"#;
    let body = format!(
        r#"{{"model":"m","messages":[{{"role":"user","content":"?"}},{{"role":"assistant","tool_calls":[{{"id":"a","type":"function","function":{{"name":"f","arguments":"{{\"z\": 1.0, \"a\": 2}}"}}}}]}}],
            "tools":[{{"type":"function","function":{{"name":"f","parameters":{schema}}}}}],"response_format":{{"type":"json_schema","json_schema":{{"name":"x","schema":{schema}}}}}}}"#
    );
    let request = Request::read(Operation::Chat, body.into()).expect("a request");
    let provider = catalog::provider("anthropic").expect("a provider of the catalog");
    let encoded =
        wire(WireId::Anthropic).encode(&Call { provider, model: BUDGET, request: &request, now_unix: 0 }).expect("an encoding");
    let sent = std::str::from_utf8(&encoded.body).expect("UTF-8");
    assert!(sent.contains(&format!(r#""input_schema":{schema}"#)), "{sent}");
    assert!(sent.contains(&format!(r#""schema":{schema}"#)), "{sent}");
    assert!(sent.contains(r#""input":{"z": 1.0, "a": 2}"#), "{sent}");
}

#[test]
fn the_answers_length_is_the_clients_or_the_models_longest() {
    assert_eq!(ask(BUDGET, json!({"max_tokens": 5, "max_completion_tokens": 7})).0["max_tokens"], 7);
    assert_eq!(ask(BUDGET, json!({"max_tokens": 0})).0["max_tokens"], 0, "a request of no tokens warms the cache");
    assert_eq!(ask(PLAIN, json!({})).0["max_tokens"], 4096);
    assert_eq!(ask("claude-of-tomorrow", json!({})).0["max_tokens"], 4096);
}

#[test]
fn an_effort_becomes_what_the_model_understands() {
    for (effort, thinking, sent) in [
        ("none", json!({"type": "disabled"}), Value::Null),
        ("minimal", json!({"type": "adaptive"}), json!("low")),
        ("high", json!({"type": "adaptive"}), json!("high")),
        ("xhigh", json!({"type": "adaptive"}), json!("xhigh")),
    ] {
        let (body, _) = ask(EFFORT, json!({"reasoning_effort": effort}));
        assert_eq!((&body["thinking"], &body["output_config"]["effort"]), (&thinking, &sent), "{effort}");
    }
    for (effort, budget) in
        [("minimal", 1024), ("low", 1024), ("medium", 4096), ("high", 16384), ("xhigh", 32000), ("max", 32000)]
    {
        let (body, _) = ask(BUDGET, json!({"reasoning_effort": effort, "max_tokens": 64000}));
        assert_eq!(body["thinking"], json!({"type": "enabled", "budget_tokens": budget}), "{effort}");
    }
    assert_eq!(ask(BUDGET, json!({"reasoning_effort": "none"})).0["thinking"], json!({"type": "disabled"}));
    assert_eq!(ask(PLAIN, json!({"reasoning_effort": "high"})), (ask(PLAIN, json!({})).0, vec!["reasoning_effort".to_owned()]));
}

#[test]
fn a_budget_leaves_half_of_the_answer_and_gives_way_to_a_small_limit() {
    assert_eq!(ask(BUDGET, json!({"reasoning_effort": "high", "max_tokens": 4000})).0["thinking"]["budget_tokens"], 2000);
    let (body, dropped) = ask(BUDGET, json!({"reasoning_effort": "high", "max_tokens": 1500}));
    assert_eq!((body.get("thinking"), dropped), (None, vec!["reasoning_effort".to_owned()]));
}

#[test]
fn a_forced_call_and_calls_without_their_thoughts_keep_the_model_from_thinking() {
    let tools = json!([{"type": "function", "function": {"name": "f"}}]);
    let forced = |model| ask(model, json!({"reasoning_effort": "high", "tools": tools, "tool_choice": "required"})).0;
    assert_eq!((forced(BUDGET).get("thinking"), forced(EFFORT).get("thinking")), (None, None));
    assert_eq!(forced(EFFORT)["output_config"]["effort"], "high");

    let messages = |thoughts: Value| {
        json!({"reasoning_effort": "high", "tools": tools, "messages": [{"role": "user", "content": "?"},
            {"role": "assistant", "thinking_blocks": thoughts, "tool_calls": [{"id": "a", "type": "function", "function": {"name": "f", "arguments": ""}}]},
            {"role": "tool", "tool_call_id": "a", "content": "x"}]})
    };
    assert_eq!(ask(BUDGET, messages(json!(null))).0.get("thinking"), None);
    assert_eq!(
        ask(BUDGET, messages(json!([{"type": "thinking", "thinking": "t", "signature": "s"}]))).0["thinking"]["type"],
        "enabled"
    );
}

#[test]
fn sampling_is_left_out_where_the_model_refuses_it() {
    let sampling = json!({"temperature": 0.2, "top_k": 4});
    let (body, dropped) = ask(BUDGET, sampling.clone());
    assert_eq!((&body["temperature"], &body["top_k"], dropped.len()), (&json!(0.2), &json!(4), 0));
    let (body, dropped) = ask(EFFORT, sampling);
    assert_eq!(
        (body.get("temperature"), body.get("top_k"), dropped),
        (None, None, vec!["temperature".to_owned(), "top_k".to_owned()])
    );
    assert_eq!(ask(BUDGET, json!({"top_p": 0.50})).0["top_p"], 0.5);
}

#[test]
fn a_model_that_cannot_be_kept_from_thinking_is_asked_for_the_least() {
    let off = |model| {
        let (body, dropped) = ask(model, json!({"reasoning_effort": "none"}));
        (body["thinking"].clone(), body["output_config"]["effort"].clone(), dropped)
    };
    let least = (Value::Null, json!("low"), vec!["reasoning_effort".to_owned()]);
    assert_eq!(off("claude-opus-5-5"), least);
    assert_eq!(off("claude-of-tomorrow"), least);
    assert_eq!(off("claude-sonnet-5-5"), (json!({"type": "between_tools"}), Value::Null, Vec::new()));
}

#[test]
fn a_model_that_takes_no_forced_calls_leaves_the_request_to_another() {
    let asked = |model, choice: &str| {
        let tools = json!([{"type": "function", "function": {"name": "f"}}]);
        let body = json!({"model": model, "messages": [{"role": "user", "content": "?"}], "tools": tools, "tool_choice": choice});
        try_encode(model, Operation::Chat, &body)
    };
    for model in ["claude-opus-5-5", "claude-fable-5-1", "claude-sonnet-5-5"] {
        assert!(matches!(asked(model, "required"), Err(Refusal::Unsupported { param, .. }) if param == "tool_choice"), "{model}");
        assert!(asked(model, "auto").is_ok(), "{model}");
    }
    assert!(asked(EFFORT, "required").is_ok());
}

#[test]
fn a_model_that_samples_does_so_while_it_does_not_think() {
    let asked = |more: Value| {
        let mut members = json!({"temperature": 0.2});
        members.as_object_mut().expect("an object").extend(more.as_object().expect("members").clone());
        ask("claude-sonnet-4-6", members)
    };
    assert_eq!(asked(json!({})).0["temperature"], 0.2);
    assert_eq!(asked(json!({"reasoning_effort": "none"})).0["temperature"], 0.2);
    assert_eq!(asked(json!({"reasoning_effort": "high"})).1, ["temperature"]);
    assert_eq!(asked(json!({"thinking": {"type": "adaptive"}})).1, ["temperature"]);
    assert_eq!(asked(json!({"thinking": {"type": "disabled"}})).0["temperature"], 0.2);
}

#[test]
fn a_stop_that_the_api_refuses_is_left_out_and_reported() {
    let (body, dropped) = ask(BUDGET, json!({"stop": ["\n", "END"]}));
    assert_eq!((&body["stop_sequences"], dropped), (&json!(["END"]), vec!["stop".to_owned()]));
}

#[test]
fn what_an_assistant_said_instead_and_a_mark_beside_calls_are_kept() {
    let refused = json!([{"role": "user", "content": "?"}, {"role": "assistant", "content": null, "refusal": "No."}, {"role": "user", "content": "!"}]);
    let (body, _) = ask(BUDGET, json!({"messages": refused}));
    assert_eq!(body["messages"][1]["content"], json!([{"type": "text", "text": "No."}]));

    let call = json!({"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}});
    let marked = json!([{"role": "user", "content": "?"}, {"role": "assistant", "content": "x", "tool_calls": [call], "cache_control": {"type": "ephemeral"}}]);
    let (body, _) = ask(BUDGET, json!({"messages": marked}));
    let said = &body["messages"][1]["content"];
    assert_eq!((said[0].get("cache_control"), &said[1]["cache_control"]["type"]), (None, &json!("ephemeral")));
}

#[test]
fn the_apis_own_members_pass_as_they_came() {
    let own = json!({"thinking": {"type": "enabled", "budget_tokens": 2000}, "cache_control": {"type": "ephemeral"}, "container": "c",
        "context_management": {"edits": []}, "mcp_servers": [], "inference_geo": "us"});
    let (body, dropped) = ask(
        BUDGET,
        json!({"reasoning_effort": "low"}).as_object().cloned().map_or(own.clone(), |mut members| {
            members.extend(own.as_object().expect("members").clone());
            members.into()
        }),
    );
    for (name, value) in own.as_object().expect("members") {
        assert_eq!(&body[name], value);
    }
    assert_eq!(dropped, ["reasoning_effort"], "a budget of the client's own leaves nothing of the effort");
}

#[test]
fn what_the_api_and_openai_call_differently_is_put_together_and_the_apis_own_word_wins() {
    let schema = |kind: &str| json!({"type": kind});
    let format = |kind: &str| json!({"type": "json_schema", "schema": schema(kind)});
    let asking = |own: Value| {
        let wish = json!({"type": "json_schema", "json_schema": {"name": "x", "schema": schema("object")}});
        ask(EFFORT, json!({"reasoning_effort": "high", "response_format": wish, "output_config": own}))
    };
    for (own, sent, left_out) in [
        (json!({}), json!({"effort": "high", "format": format("object")}), Vec::<&str>::new()),
        (json!({"x_new": 1.0}), json!({"effort": "high", "format": format("object"), "x_new": 1.0}), vec![]),
        (json!({"effort": "high"}), json!({"effort": "high", "format": format("object")}), vec![]),
        (json!({"effort": "low"}), json!({"effort": "low", "format": format("object")}), vec!["reasoning_effort"]),
        (json!({"format": format("object")}), json!({"effort": "high", "format": format("object")}), vec![]),
        (json!({"format": format("array")}), json!({"effort": "high", "format": format("array")}), vec!["response_format"]),
    ] {
        let (body, dropped) = asking(own.clone());
        assert_eq!(body["output_config"], sent, "{own}");
        assert_eq!(dropped, left_out, "{own}");
    }
}

#[test]
fn an_effort_beside_the_clients_own_thinking_is_reported_where_nothing_of_it_is_left() {
    let thinking = json!({"type": "enabled", "budget_tokens": 2000});
    let left_out = |model, effort| ask(model, json!({"reasoning_effort": effort, "thinking": thinking, "max_tokens": 4000})).1;
    assert_eq!(left_out(BUDGET, "high"), Vec::<String>::new(), "half of the answer is the same budget");
    assert_eq!(left_out(BUDGET, "low"), ["reasoning_effort"]);
    assert_eq!(left_out(EFFORT, "none"), ["reasoning_effort"]);
    assert_eq!(left_out(EFFORT, "high"), Vec::<String>::new(), "the effort itself is sent");
}

#[test]
fn a_choice_among_tools_is_spelt_anew_and_needs_tools() {
    let tools = json!([{"type": "function", "function": {"name": "f"}}]);
    for (choice, expected) in [
        (json!("auto"), json!({"type": "auto"})),
        (json!("none"), json!({"type": "none"})),
        (json!("required"), json!({"type": "any"})),
        (json!({"type": "function", "function": {"name": "f"}}), json!({"type": "tool", "name": "f"})),
    ] {
        assert_eq!(ask(BUDGET, json!({"tools": tools, "tool_choice": choice})).0["tool_choice"], expected);
    }
    let (body, _) = ask(BUDGET, json!({"tool_choice": "required", "parallel_tool_calls": false}));
    assert_eq!(body.get("tool_choice"), None);
    let (body, _) = ask(BUDGET, json!({"tools": tools, "tool_choice": "none", "parallel_tool_calls": false}));
    assert_eq!(body["tool_choice"], json!({"type": "none"}));
}

#[test]
fn extensions_of_a_tool_are_kept_beside_the_function_and_within_it() {
    let tools = json!([{"type": "function", "cache_control": {"type": "ephemeral"}, "function": {"name": "f", "strict": true, "defer_loading": true, "parameters": {"properties": {}}}}]);
    let expected = json!({"name": "f", "strict": true, "cache_control": {"type": "ephemeral"}, "defer_loading": true, "input_schema": {"type": "object", "properties": {}}});
    assert_eq!(ask(BUDGET, json!({"tools": tools})).0["tools"][0], expected);
}

#[test]
fn what_cannot_be_honoured_is_refused_by_name() {
    let user = |content: Value| json!({"messages": [{"role": "user", "content": content}]});
    for (members, param) in [
        (json!({"n": 2}), "n"),
        (json!({"logprobs": true}), "logprobs"),
        (json!({"top_logprobs": 3}), "top_logprobs"),
        (json!({"logit_bias": {"1": 5}}), "logit_bias"),
        (json!({"modalities": ["text", "audio"]}), "modalities"),
        (json!({"audio": {}}), "audio"),
        (json!({"web_search_options": {}}), "web_search_options"),
        (json!({"functions": [{}]}), "functions"),
        (json!({"response_format": {"type": "grammar"}}), "response_format.type"),
        (json!({"tools": [{"type": "custom", "custom": {"name": "x"}}]}), "tools[0]"),
        (json!({"tools": [{"type": "function", "function": {"name": "f"}}], "tool_choice": {"type": "custom"}}), "tool_choice"),
        (user(json!([{"type": "input_audio", "input_audio": {}}])), "messages[0].content[0]"),
        (user(json!([{"type": "video_url"}])), "messages[0].content[0]"),
        (
            user(json!([{"type": "image_url", "image_url": {"url": "file:///etc/passwd"}}])),
            "messages[0].content[0].image_url.url",
        ),
        (
            user(json!([{"type": "file", "file": {"file_data": "data:application/zip;base64,AA"}}])),
            "messages[0].content[0].file.file_data",
        ),
        (user(json!(7)), "messages[0].content"),
        (json!({"messages": [{"role": "tool", "content": "x"}]}), "messages[0].tool_call_id"),
        (json!({"messages": [{"role": "function", "content": "x"}]}), "messages[0].role"),
        (json!({"messages": [{"role": "robot", "content": "x"}]}), "messages[0].role"),
        (
            json!({"messages": [{"role": "system", "content": [{"type": "image_url", "image_url": {"url": "https://x"}}]}]}),
            "messages[0].content",
        ),
    ] {
        let mut body = json!({"model": BUDGET, "messages": [{"role": "user", "content": "?"}]});
        body.as_object_mut().expect("an object").extend(members.as_object().expect("members").clone());
        let refusal = try_encode(BUDGET, Operation::Chat, &body).expect_err("a refusal");
        assert!(matches!(&refusal, Refusal::Unsupported { param: named, .. } if named == param), "{param}: {refusal}");
    }
}

#[test]
fn members_that_promise_nothing_are_no_reason_to_refuse() {
    let trivial = json!({"n": 1, "logprobs": false, "top_logprobs": 0, "logit_bias": {}, "modalities": ["text"], "audio": null, "functions": []});
    assert_eq!(ask(BUDGET, trivial).1, Vec::<String>::new());
}

#[test]
fn other_surfaces_are_refused() {
    for operation in [Operation::Embeddings, Operation::Completions] {
        assert!(matches!(try_encode(BUDGET, operation, &json!({"model": "m", "input": "x"})), Err(Refusal::Unsupported { .. })));
    }
    let empty = try_encode(BUDGET, Operation::Chat, &json!({"model": "m", "messages": []}));
    assert!(matches!(empty, Err(Refusal::Malformed(_))));
}

#[test]
fn turns_of_one_side_are_joined_and_empty_ones_left_out() {
    let (body, _) = ask(
        BUDGET,
        json!({"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": ""}, {"role": "user", "content": [{"type": "text", "text": "b"}], "tool_call_id": null}]}),
    );
    assert_eq!(
        body["messages"],
        json!([{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}])
    );
}

#[test]
fn a_conversation_that_began_elsewhere_keeps_its_calls_and_answers_together() {
    let call = json!({"id": "functions.f:0", "type": "function", "function": {"name": "f", "arguments": "{}"}});
    let messages = json!([{"role": "user", "content": "?"}, {"role": "assistant", "content": " \n", "tool_calls": [call]}, {"role": "tool", "tool_call_id": "functions.f:0", "content": "x"}]);
    let (body, _) = ask(BUDGET, json!({"messages": messages}));
    assert_eq!(body["messages"][1]["content"], json!([{"type": "tool_use", "id": "functions_f_0", "name": "f", "input": {}}]));
    assert_eq!(body["messages"][2]["content"][0]["tool_use_id"], "functions_f_0");
}

fn decode(body: &str) -> Result<Value, FailureClass> {
    let request = Request::read(Operation::Chat, Bytes::from_static(br#"{"model":"m"}"#)).expect("a request");
    let provider = catalog::provider("anthropic").expect("a provider of the catalog");
    let call = Call { provider, model: "m", request: &request, now_unix: 7 };
    let answer =
        wire(WireId::Anthropic).decode(&call, Bytes::copy_from_slice(body.as_bytes())).map_err(|failure| failure.class)?;
    Ok(serde_json::from_slice(&answer.body).expect("JSON"))
}

#[test]
fn what_is_no_message_is_a_failure() {
    for body in ["", "null", "{}", r#"{"type":"message"}"#, "<html>", r#"{"id":"a","model":"m","content":[{"x":1}]}"#] {
        assert_eq!(decode(body), Err(FailureClass::Malformed), "{body}");
    }
    assert_eq!(decode(r#"{"type":"error","error":{"type":"overloaded_error","message":"m"}}"#), Err(FailureClass::Overloaded));
}

#[test]
fn each_native_stop_reason_has_its_canonical_word_and_stays_beside_it() {
    for (native, canonical) in [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("pause_turn", "stop"),
        ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"),
        ("tool_use", "tool_calls"),
        ("refusal", "content_filter"),
    ] {
        let answer =
            decode(&json!({"id": "a", "model": "m", "content": [], "stop_reason": native}).to_string()).expect("an answer");
        let choice = &answer["choices"][0];
        assert_eq!((&choice["finish_reason"], &choice["native_finish_reason"]), (&json!(canonical), &json!(native)));
    }
}

fn stream(events: &[Value]) -> Result<usize, StreamFault> {
    let request = Request::read(Operation::Chat, Bytes::from_static(br#"{"model":"m","stream":true}"#)).expect("a request");
    let provider = catalog::provider("anthropic").expect("a provider of the catalog");
    let call = Call { provider, model: "m", request: &request, now_unix: 7 };
    let mut stream = Stream::new(wire(WireId::Anthropic).decoder(&call));
    let mut chunks = Vec::new();
    let text: String = events.iter().map(|event| format!("data: {event}\n\n")).collect();
    stream.push(text.as_bytes(), &mut chunks).and_then(|_| stream.finish(&mut chunks))?;
    Ok(chunks.len())
}

#[test]
fn events_out_of_order_are_malformed_and_unknown_ones_are_passed_over() {
    let start = json!({"type": "message_start", "message": {"id": "a", "model": "m"}});
    let text = json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "a"}});
    let stop = json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}});
    let end = json!({"type": "message_stop"});
    let tomorrow = json!({"type": "tomorrow", "x": 1});
    assert!(matches!(stream(std::slice::from_ref(&text)), Err(StreamFault::Malformed(_))));
    assert!(matches!(stream(&[start.clone(), end.clone()]), Err(StreamFault::Malformed(_))), "an end without a reason to stop");
    assert_eq!(stream(&[start.clone(), text.clone()]), Err(StreamFault::Truncated));
    assert_eq!(stream(&[tomorrow, start, text, stop, end]), Ok(3));
}

#[test]
fn an_error_event_without_a_type_is_an_error_all_the_same() {
    let Err(StreamFault::Upstream(failure)) = stream(&[json!({"error": {"message": "no", "type": "rate_limit_error"}})]) else {
        panic!("a failure")
    };
    assert_eq!((failure.class, &*failure.message), (FailureClass::RateLimited, "no"));
}

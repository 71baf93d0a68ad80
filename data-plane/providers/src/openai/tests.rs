use bytes::Bytes;
use ferrogw_config::catalog::{Auth, Provider, Quirks, StreamUsage, TokenLimit, WireId};
use ferrogw_llm::{Answer, Chunk, ChunkKind, Failure, FailureClass, Operation, Request, StreamFault};
use serde_json::{Value, json};

use crate::{Call, Encoded, Stream, wire};

fn provider(quirks: Quirks) -> &'static Provider {
    Box::leak(Box::new(Provider {
        id: "test",
        name: "Test",
        semconv_name: "test",
        wire: Some(WireId::OpenAi),
        base_url: "",
        base_url_env: "",
        credential_env: None,
        other_credentials: &[],
        settings: &[],
        auth: Auth::Bearer,
        serves: &[],
        completion_models: &[],
        quirks,
        any_model: true,
        first_model: None,
        models: &[],
    }))
}

fn as_openai() -> Quirks {
    Quirks { developer_role: true, ..Quirks::default() }
}

fn encode(quirks: Quirks, operation: Operation, model: &str, body: &str) -> Encoded {
    let request = Request::read(operation, Bytes::copy_from_slice(body.as_bytes())).expect("a request");
    wire(WireId::OpenAi).encode(&Call { provider: provider(quirks), model, request: &request, now_unix: 0 }).expect("an encoding")
}

/// The body that a provider with these quirks gets of a chat request for the model `m`.
fn sent(quirks: Quirks, body: &str) -> String {
    String::from_utf8(encode(quirks, Operation::Chat, "m", body).body.to_vec()).expect("UTF-8")
}

#[test]
fn an_untouched_request_keeps_its_bytes_without_a_copy() {
    let body =
        Bytes::from_static(b"{ \"model\":\"m\",\n\"messages\":[{\"role\":\"developer\",\"content\":\"\\u00e9\"}], \"x\":1.0 }");
    let request = Request::read(Operation::Chat, body.clone()).expect("a request");
    let call = Call { provider: provider(as_openai()), model: "m", request: &request, now_unix: 0 };
    let encoded = wire(WireId::OpenAi).encode(&call).expect("an encoding");
    assert_eq!(encoded.body.as_ptr(), body.as_ptr());
    assert_eq!((encoded.path, encoded.headers.len(), encoded.dropped.len()), ("chat/completions", 0, 0));
}

#[test]
fn the_model_is_the_only_splice_of_a_renamed_request() {
    let encoded = encode(as_openai(), Operation::Chat, "vendor/\"x\"", r#"{"n":1e0,"model" : "fast","z":[ 1 ]}"#);
    assert_eq!(encoded.body, r#"{"n":1e0,"model" : "vendor/\"x\"","z":[ 1 ]}"#);
}

#[test]
fn every_parameter_reaches_the_provider_also_a_zero_and_one_of_tomorrow() {
    let body = r#"{"model":"m","messages":[],"temperature":0,"top_p":0.0,"seed":0,"stop":["a"],"logit_bias":{"1":-100},"reasoning_effort":"high",
        "verbosity":"low","service_tier":"flex","metadata":{},"store":false,"prediction":null,"modalities":["text"],"prompt_cache_key":"k",
        "tools":[{"type":"custom","custom":{"name":"x"}}],"search_domain_filter":["a"],"tomorrow":{"a":[1,2.50]}}"#;
    assert_eq!(sent(as_openai(), body), body);
}

#[test]
fn a_streamed_request_differs_from_a_whole_one_in_its_stream_members_alone() {
    let whole = r#"{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:,x"}}]}],"logit_bias":{"1":2}}"#;
    let asked = whole.replace(r#""logit_bias":{"1":2}}"#, r#""logit_bias":{"1":2},"stream":true}"#);
    let expected = asked.replace(r#""stream":true}"#, r#""stream":true,"stream_options":{"include_usage":true}}"#);
    assert_eq!(sent(as_openai(), whole), whole);
    assert_eq!(sent(as_openai(), &asked), expected);
}

#[test]
fn usage_is_asked_for_on_streams_and_other_stream_options_stay() {
    for (options, expected) in [
        (r#"{"include_usage":false,"x":[1]}"#, r#"{"include_usage":true,"x":[1]}"#),
        (r#"{"include_usage":true}"#, r#"{"include_usage":true}"#),
        ("{}", r#"{"include_usage":true}"#),
        ("null", r#"{"include_usage":true}"#),
    ] {
        let body = format!(r#"{{"model":"m","stream":true,"stream_options":{options}}}"#);
        assert_eq!(sent(as_openai(), &body), format!(r#"{{"model":"m","stream":true,"stream_options":{expected}}}"#));
    }
}

#[test]
fn usage_is_not_asked_for_where_it_comes_unasked_or_nothing_is_streamed() {
    let streamed = r#"{"model":"m","stream":true}"#;
    assert_eq!(sent(Quirks { stream_usage: StreamUsage::Always, ..as_openai() }, streamed), streamed);
    assert_eq!(encode(as_openai(), Operation::Embeddings, "m", streamed).body, streamed);
    let whole = r#"{"model":"m","stream":false,"stream_options":{"include_usage":false}}"#;
    assert_eq!(sent(as_openai(), whole), whole);
}

#[test]
fn a_provider_gets_the_one_token_limit_that_it_takes_and_the_modern_one_wins() {
    let modern = |body| sent(Quirks { token_limit: TokenLimit::Modern, ..as_openai() }, body);
    let legacy = |body| sent(Quirks { token_limit: TokenLimit::Legacy, ..as_openai() }, body);
    let both = r#"{"model":"m","max_tokens":50,"max_completion_tokens":5000}"#;
    assert_eq!(sent(as_openai(), both), both);
    assert_eq!(modern(both), r#"{"model":"m","max_completion_tokens":5000}"#);
    assert_eq!(legacy(both), r#"{"model":"m","max_tokens":5000}"#);
    assert_eq!(modern(r#"{"model":"m","max_tokens":50}"#), r#"{"model":"m","max_completion_tokens":50}"#);
    assert_eq!(legacy(r#"{"model":"m","max_completion_tokens":50}"#), r#"{"model":"m","max_tokens":50}"#);
    assert_eq!(legacy(r#"{"model":"m","max_tokens":50,"max_completion_tokens":null}"#), r#"{"model":"m","max_tokens":50}"#);
    assert_eq!(modern(r#"{"model":"m","max_tokens":null}"#), r#"{"model":"m"}"#);
    let completion = encode(
        Quirks { token_limit: TokenLimit::Modern, ..as_openai() },
        Operation::Completions,
        "m",
        r#"{"model":"m","max_tokens":5}"#,
    );
    assert_eq!(completion.body, r#"{"model":"m","max_tokens":5}"#, "a legacy completion has one limit only");
}

#[test]
fn members_are_renamed_and_dropped_only_where_they_stand() {
    let quirks = || Quirks {
        drop: &["user", "store"],
        rename: &[("seed", "random_seed"), ("dimensions", "output_dimension")],
        ..as_openai()
    };
    let plain = r#"{"model":"m", "messages":[{"user":1}]}"#;
    assert_eq!(sent(quirks(), plain), plain);
    let encoded = encode(quirks(), Operation::Embeddings, "m", r#"{"model":"m","dimensions":2,"user":"u","input":[[1,2]]}"#);
    assert_eq!(encoded.body, r#"{"model":"m","output_dimension":2,"input":[[1,2]]}"#);
    assert_eq!((encoded.path, encoded.dropped), ("embeddings", vec!["user".to_owned()]));
}

#[test]
fn a_developer_becomes_a_system_only_where_the_role_is_unknown() {
    let body = r#"{"model":"m","messages":[ {"role" : "developer","content":"developer"}, {"role":"user","x":1.0,"content":"\"developer\""} ]}"#;
    assert_eq!(sent(as_openai(), body), body);
    let expected = r#"{"model":"m","messages":[{"role" : "system","content":"developer"},{"role":"user","x":1.0,"content":"\"developer\""}]}"#;
    assert_eq!(sent(Quirks::default(), body), expected);
    let untouched = r#"{"model":"m","messages":[ {"role":"user","content":"a developer"} ]}"#;
    assert_eq!(sent(Quirks::default(), untouched), untouched);
}

#[test]
fn members_of_messages_are_dropped_and_their_neighbours_stay() {
    let quirks = Quirks { drop_in_messages: &["name"], ..as_openai() };
    let body =
        r#"{"model":"m","messages":[{"role":"user","name":"ann","content":"my name"},{"role":"tool","tool_call_id":"a"}]}"#;
    let expected = r#"{"model":"m","messages":[{"role":"user","content":"my name"},{"role":"tool","tool_call_id":"a"}]}"#;
    assert_eq!(sent(quirks, body), expected);
}

fn decode(operation: Operation, body: &str) -> Result<Answer, Failure> {
    let request = Request::read(operation, Bytes::from_static(br#"{"model":"m"}"#)).expect("a request");
    wire(WireId::OpenAi).decode(
        &Call { provider: provider(as_openai()), model: "m", request: &request, now_unix: 0 },
        Bytes::copy_from_slice(body.as_bytes()),
    )
}

#[test]
fn an_answer_keeps_its_bytes_whatever_it_holds() {
    let body = r#" {"id":"c","choices":[{"index":0,"finish_reason":"function_call","message":{"content":[{"type":"thinking"}],"annotations":[]},"logprobs":{"content":[]}}],"usage":null,"citations":["x"]} "#;
    let answer = decode(Operation::Chat, body).expect("an answer");
    assert_eq!(answer.body, body);
    assert_eq!((answer.observed.finish_reason.as_deref(), answer.observed.usage), (Some("tool_calls"), None));
}

#[test]
fn a_strange_id_or_usage_does_not_withhold_an_answer() {
    let answer =
        decode(Operation::Chat, r#"{"id":7,"model":null,"choices":[{"message":{}}],"usage":"none"}"#).expect("an answer");
    assert_eq!((answer.observed.id, answer.observed.model, answer.observed.usage), (None, None, None));
}

#[test]
fn what_is_no_answer_is_malformed_and_quotes_nothing() {
    for body in [
        "",
        "  \n",
        "<html>secret</html>",
        "[]",
        "\"secret\"",
        r#"{"secret":1}"#,
        r#"{"choices":[]}"#,
        r#"{"choices":null}"#,
        r#"{"choices":[{]}"#,
    ] {
        let failure = decode(Operation::Chat, body).expect_err("a failure");
        assert_eq!(failure.class, FailureClass::Malformed, "{body}");
        assert!(!failure.message.contains("secret"), "{}", failure.message);
    }
    assert!(decode(Operation::Embeddings, r#"{"data":[]}"#).is_ok(), "embeddings have no choices");
}

#[test]
fn an_error_inside_of_a_200_is_a_failure() {
    let failure =
        decode(Operation::Chat, r#"{"error":{"message":"no","code":503},"choices":[{"message":{}}]}"#).expect_err("a failure");
    assert_eq!((failure.class, &*failure.message), (FailureClass::Overloaded, "no"));
    let failure =
        decode(Operation::Chat, r#"{"choices":[{"error":{"message":"gone","code":502},"finish_reason":"error","message":{}}]}"#)
            .expect_err("a failure");
    assert_eq!((failure.class, &*failure.message), (FailureClass::Server, "gone"));
    assert!(decode(Operation::Chat, r#"{"error":null,"choices":[{"message":{}}]}"#).is_ok());
}

/// The chunks of these frames, each as its kind and data, and how the stream ended.
fn stream(quirks: Quirks, frames: &[&str]) -> (Vec<Chunk>, Result<u32, StreamFault>) {
    let request = Request::read(Operation::Chat, Bytes::from_static(br#"{"model":"m","stream":true}"#)).expect("a request");
    let call = Call { provider: provider(quirks), model: "m", request: &request, now_unix: 7 };
    let mut stream = Stream::new(wire(WireId::OpenAi).decoder(&call));
    let mut chunks = Vec::new();
    let text: String = frames.iter().map(|frame| format!("data: {frame}\n\n")).collect();
    let end = stream.push(text.as_bytes(), &mut chunks).and_then(|_| stream.finish(&mut chunks));
    (chunks, end.map(|()| stream.observed().repairs))
}

fn kind(frame: &str) -> ChunkKind {
    stream(as_openai(), &[frame]).0[0].kind
}

#[test]
fn a_chunk_is_content_if_a_client_could_show_something_of_it() {
    for lead in [
        r#"{"choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null,"tool_calls":[]}}]}"#,
        r#"{"choices":[{"delta":{}}],"usage":{"prompt_tokens":1}}"#,
        r#"{"choices":[{"delta":null,"finish_reason":""}]}"#,
        r#"{"choices":[],"prompt_filter_results":[]}"#,
        r#"{"id":"x"}"#,
    ] {
        assert_eq!(kind(lead), ChunkKind::Lead, "{lead}");
    }
    for content in [
        r#"{"choices":[{"delta":{"content":"a"}}]}"#,
        r#"{"choices":[{"delta":{"reasoning":"a"}}]}"#,
        r#"{"choices":[{"delta":{"reasoning_details":[{}]}}]}"#,
        r#"{"choices":[{"delta":{"refusal":"no"}}]}"#,
        r#"{"choices":[{"delta":{"tool_calls":[{"index":0}]}}]}"#,
        r#"{"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":1}}"#,
        r#"{"choices":[{"text":"a"}]}"#,
        r#"{"choices":[{"index":1,"delta":{}},{"delta":{"content":[{"type":"text"}]}}]}"#,
    ] {
        assert_eq!(kind(content), ChunkKind::Content, "{content}");
    }
    assert_eq!(kind(r#"{"choices":[],"usage":{"prompt_tokens":1}}"#), ChunkKind::UsageOnly);
    assert_eq!(kind(r#"{"usage":{"prompt_tokens":1}}"#), ChunkKind::UsageOnly);
}

const TEXT: &str = r#"{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}"#;
const END: &str = r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#;

#[test]
fn a_stream_is_complete_when_every_alternative_said_why_it_stopped() {
    let second = r#"{"choices":[{"index":1,"delta":{"content":"b"}}]}"#;
    assert_eq!(stream(as_openai(), &[TEXT, END, "[DONE]"]).1, Ok(0));
    assert_eq!(stream(as_openai(), &[TEXT, END]).1, Ok(1), "the missing end mark is supplied and counted");
    assert_eq!(stream(as_openai(), &[TEXT, second, END]).1, Err(StreamFault::Truncated));
    assert_eq!(stream(as_openai(), &[TEXT, second, END, "[DONE]"]).1, Err(StreamFault::Truncated));
    assert_eq!(stream(as_openai(), &[TEXT]).1, Err(StreamFault::Truncated));
    assert_eq!(stream(as_openai(), &["[DONE]"]).1, Err(StreamFault::Truncated), "an empty success is none");
    assert_eq!(stream(as_openai(), &[]).1, Err(StreamFault::Truncated));
}

#[test]
fn what_follows_the_end_mark_is_ignored() {
    let (chunks, end) = stream(as_openai(), &[TEXT, END, "[DONE]", "garbage", TEXT]);
    assert_eq!((chunks.len(), end), (2, Ok(0)));
}

#[test]
fn a_frame_that_cannot_be_read_is_told_without_quoting_it() {
    for frame in ["secret", r#"{"choices":7}"#, "[1]", r#"{"id":"a","id":"b"}"#] {
        let end = stream(as_openai(), &[TEXT, frame]).1;
        assert_eq!(end, Err(StreamFault::Malformed("a frame is not the JSON of a chunk".into())), "{frame}");
    }
}

#[test]
fn the_last_usage_counts() {
    let usage = |tokens: u32| {
        json!({"choices": [{"index": 0, "delta": {"content": "a"}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 1, "completion_tokens": tokens}}).to_string()
    };
    let request = Request::read(Operation::Chat, Bytes::from_static(br#"{"model":"m","stream":true}"#)).expect("a request");
    let call = Call { provider: provider(as_openai()), model: "m", request: &request, now_unix: 7 };
    let mut stream = Stream::new(wire(WireId::OpenAi).decoder(&call));
    let frames = format!("data: {}\n\ndata: {}\n\ndata: {END}\n\n", usage(1), usage(5));
    stream.push(frames.as_bytes(), &mut Vec::new()).expect("chunks");
    assert_eq!(stream.observed().usage.map(|usage| usage.output), Some(5));
}

fn mended(frames: &[&str]) -> (Vec<Value>, Result<u32, StreamFault>) {
    let (chunks, end) = stream(Quirks { repair_frames: true, ..as_openai() }, frames);
    (chunks.iter().map(|chunk| serde_json::from_slice(&chunk.data).expect("JSON")).collect(), end)
}

#[test]
fn frames_are_mended_only_where_something_is_missing() {
    let fine = r#"{"id":"c","object":"chat.completion.chunk","created":1,"model":"x","choices":[{"index":0,"delta":{"role":"assistant","content":"a"},"finish_reason":"stop"}]}"#;
    let (chunks, end) = stream(Quirks { repair_frames: true, ..as_openai() }, &[fine, "[DONE]"]);
    assert_eq!((&chunks[0].data[..], end), (fine.as_bytes(), Ok(0)));

    let (chunks, end) = mended(&[
        r#"{"id":"c","choices":[{"delta":{"content":"a"}}]}"#,
        r#"{"choices":[{"delta":{"role":"assistant","content":"b"},"finish_reason":"stop"}]}"#,
        r#"{"choices":null,"usage":{"prompt_tokens":1}}"#,
        "[DONE]",
    ]);
    assert_eq!(end, Ok(3));
    let head =
        |choices: Value| json!({"id": "c", "object": "chat.completion.chunk", "created": 7, "model": "m", "choices": choices});
    assert_eq!(chunks[0], head(json!([{"index": 0, "delta": {"role": "assistant", "content": "a"}, "finish_reason": null}])));
    assert_eq!(chunks[1], head(json!([{"index": 0, "delta": {"content": "b"}, "finish_reason": "stop"}])));
    assert_eq!(chunks[2]["choices"], json!([]));
}

#[test]
fn calls_without_a_position_are_numbered_by_their_ids() {
    let call = |id: &str| {
        format!(r#"{{"choices":[{{"delta":{{"tool_calls":[{{"id":"{id}","function":{{"name":"f","arguments":"{{}}"}}}}]}}}}]}}"#)
    };
    let more = r#"{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"x"}}]}}]}"#;
    let (chunks, _) = mended(&[&call("a"), &call("b"), more, END]);
    let at = |chunk: usize| &chunks[chunk]["choices"][0]["delta"]["tool_calls"][0];
    assert_eq!((&at(0)["index"], &at(1)["index"], &at(2)["index"]), (&json!(0), &json!(1), &json!(1)));
    assert_eq!((&at(0)["type"], &at(2)["type"]), (&json!("function"), &Value::Null));
}

use bytes::Bytes;
use ferrogw_llm::{Answer, Chunk, ChunkKind, Observed, Operation, Request};
use serde_json::{Value, json};

use super::{from_chat, from_chat_chunk, to_chat};
use crate::wire::Refusal;

fn completion(body: &Value) -> Request {
    Request::read(Operation::Completions, body.to_string().into()).expect("a request")
}

fn as_chat(body: &str) -> String {
    let request = Request::read(Operation::Completions, Bytes::copy_from_slice(body.as_bytes())).expect("a request");
    let chat = to_chat(&request).expect("chat can say it");
    assert_eq!(chat.operation(), Operation::Chat);
    String::from_utf8(chat.object().raw().to_vec()).expect("UTF-8")
}

#[test]
fn a_prompt_becomes_one_user_message_and_everything_else_stays() {
    let body =
        r#"{"model":"m", "prompt": "Say \"é\u00e9\"","stream":true,"max_tokens":5,"echo":false,"best_of":1,"suffix":null}"#;
    let expected = r#"{"model":"m","stream":true,"max_tokens":5,"messages":[{"role":"user","content":"Say \"é\u00e9\""}]}"#;
    assert_eq!(as_chat(body), expected);
    assert_eq!(as_chat(r#"{"model":"m","prompt":["one"]}"#), r#"{"model":"m","messages":[{"role":"user","content":"one"}]}"#);
}

#[test]
fn what_chat_cannot_say_is_refused_by_name() {
    for (body, member) in [
        (json!({"model": "m", "prompt": "p", "suffix": "x"}), "suffix"),
        (json!({"model": "m", "prompt": "p", "best_of": 3}), "best_of"),
        (json!({"model": "m", "prompt": "p", "logprobs": 5}), "logprobs"),
        (json!({"model": "m", "prompt": "p", "echo": true}), "echo"),
        (json!({"model": "m", "prompt": ["p", "q"]}), "prompt"),
        (json!({"model": "m", "prompt": [1, 2]}), "prompt"),
        (json!({"model": "m", "prompt": [[1, 2]]}), "prompt"),
        (json!({"model": "m", "prompt": [3]}), "prompt"),
        (json!({"model": "m"}), "prompt"),
    ] {
        let refusal = to_chat(&completion(&body)).expect_err("a refusal");
        assert!(matches!(&refusal, Refusal::Unsupported { param, .. } if param == member), "{body}: {refusal}");
    }
}

#[test]
fn a_chat_answer_becomes_a_text_completion() {
    let body = json!({"id": "c1", "object": "chat.completion", "created": 7, "model": "m",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"},
                    {"index": 1, "message": {"role": "assistant", "content": null}, "finish_reason": "length"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}});
    let answer = Answer { body: body.to_string().into(), observed: Observed { id: Some("c1".into()), ..Observed::default() } };
    let completion = from_chat(answer).expect("an answer");
    assert_eq!(completion.observed.id.as_deref(), Some("c1"));
    let expected = json!({"id": "c1", "object": "text_completion", "created": 7, "model": "m",
        "choices": [{"index": 0, "text": "Hi", "logprobs": null, "finish_reason": "stop"},
                    {"index": 1, "text": "", "logprobs": null, "finish_reason": "length"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}});
    assert_eq!(serde_json::from_slice::<Value>(&completion.body).expect("JSON"), expected);
}

#[test]
fn a_chat_chunk_becomes_a_completions_chunk_and_keeps_its_kind() {
    let data = r#"{"id":"c1","object":"chat.completion.chunk","created":7,"model":"m","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}"#;
    let chunk = from_chat_chunk(&Chunk { data: data.into(), kind: ChunkKind::Content }).expect("a chunk");
    assert_eq!(chunk.kind, ChunkKind::Content);
    let expected = r#"{"id":"c1","object":"text_completion","created":7,"model":"m","choices":[{"index":0,"text":"Hi","logprobs":null,"finish_reason":null}]}"#;
    assert_eq!(chunk.data, expected);

    let usage = r#"{"id":"c1","choices":[],"usage":{"prompt_tokens":1}}"#;
    let chunk = from_chat_chunk(&Chunk { data: usage.into(), kind: ChunkKind::UsageOnly }).expect("a chunk");
    assert_eq!(chunk.data, r#"{"id":"c1","object":"text_completion","choices":[],"usage":{"prompt_tokens":1}}"#);
}

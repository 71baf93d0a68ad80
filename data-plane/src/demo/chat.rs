//! `POST /v1/chat/completions` of the demo.

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use ferrogw_llm::chat::{Message, Tool};
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{Answer, text};
use super::{MODEL, Unreadable, now_unix, stream, tokens};

/// What the demo reads of a request.
#[derive(Debug, Deserialize)]
pub(super) struct ChatRequest {
    pub(super) messages: Vec<Message>,
    pub(super) tools: Option<Vec<Tool>>,
    pub(super) tool_choice: Option<Value>,
    pub(super) response_format: Option<Value>,
    #[serde(default)]
    stream: bool,
    #[serde(default)]
    stream_options: Option<StreamOptions>,
    max_tokens: Option<usize>,
    max_completion_tokens: Option<usize>,
}

/// OpenAI's `stream_options`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct StreamOptions {
    #[serde(default)]
    pub(super) include_usage: bool,
}

impl ChatRequest {
    /// Longest answer, in tokens.
    pub(super) fn limit(&self) -> Option<usize> {
        self.max_completion_tokens.or(self.max_tokens)
    }
}

/// Answers a chat, whole or as a stream.
pub(super) async fn answer(body: Bytes) -> Result<Response, Unreadable> {
    let request: ChatRequest = serde_json::from_slice(&body)?;
    let answer = Answer::to(&request);
    let prompt: usize = request.messages.iter().map(|message| tokens(&text(message)) + 4).sum();
    let completion = answer.tokens();
    let usage = json!({"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion});
    let id = format!("chatcmpl-demo-{:016x}", fastrand::u64(..));
    if request.stream {
        let with_usage = request.stream_options.unwrap_or_default().include_usage;
        return Ok(stream::of(chunks(&id, &answer, with_usage.then_some(usage)).into_iter()));
    }
    let choice = json!({"index": 0, "message": message(&id, &answer), "logprobs": null, "finish_reason": answer.finish_reason()});
    let whole = json!({
        "id": id, "object": "chat.completion", "created": now_unix(), "model": MODEL, "choices": [choice], "usage": usage,
    });
    Ok(axum::Json(whole).into_response())
}

fn message(id: &str, answer: &Answer) -> Value {
    match answer {
        Answer::Text { text, .. } => json!({"role": "assistant", "content": text, "refusal": null}),
        Answer::Call { name, arguments } => {
            let function = json!({"name": name, "arguments": arguments});
            let call = json!({"id": format!("call_{id}"), "type": "function", "function": function});
            json!({"role": "assistant", "content": null, "refusal": null, "tool_calls": [call]})
        }
    }
}

fn chunks(id: &str, answer: &Answer, usage: Option<Value>) -> Vec<Value> {
    let created = now_unix();
    let chunk = |choices: Value| json!({"id": id, "object": "chat.completion.chunk", "created": created, "model": MODEL, "choices": choices});
    let delta = |delta: Value| chunk(json!([{"index": 0, "delta": delta, "finish_reason": null}]));
    let mut chunks = vec![delta(json!({"role": "assistant", "content": ""}))];
    match answer {
        Answer::Text { text, .. } => chunks.extend(stream::words(text).map(|word| delta(json!({"content": word})))),
        Answer::Call { name, arguments } => {
            let function = json!({"name": name, "arguments": ""});
            let call = json!({"index": 0, "id": format!("call_{id}"), "type": "function", "function": function});
            chunks.push(delta(json!({"tool_calls": [call]})));
            let arguments = json!({"index": 0, "function": {"arguments": arguments}});
            chunks.push(delta(json!({"tool_calls": [arguments]})));
        }
    }
    chunks.push(chunk(json!([{"index": 0, "delta": {}, "finish_reason": answer.finish_reason()}])));
    if let Some(usage) = usage {
        let mut last = chunk(json!([]));
        last["usage"] = usage;
        chunks.push(last);
    }
    chunks
}

//! `POST /v1/completions` of the demo.

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{Answer, cut, greeting};
use super::chat::StreamOptions;
use super::{MODEL, Unreadable, now_unix, stream, tokens};

/// What the demo reads of a request.
#[derive(Debug, Deserialize)]
struct CompletionRequest {
    #[serde(default)]
    prompt: Value,
    #[serde(default)]
    stream: bool,
    #[serde(default)]
    stream_options: Option<StreamOptions>,
    max_tokens: Option<usize>,
}

impl CompletionRequest {
    /// The prompt, or the first of several; token numbers are nothing that can be read here.
    fn prompt(&self) -> &str {
        self.prompt.as_str().or_else(|| self.prompt.get(0)?.as_str()).unwrap_or_default()
    }
}

/// Answers a prompt, whole or as a stream.
pub(super) async fn answer(body: Bytes) -> Result<Response, Unreadable> {
    let request: CompletionRequest = serde_json::from_slice(&body)?;
    let prompt = request.prompt();
    let answer = cut(greeting(prompt), request.max_tokens);
    let (asked, answered) = (tokens(prompt), answer.tokens());
    let usage = json!({"prompt_tokens": asked, "completion_tokens": answered, "total_tokens": asked + answered});
    let (id, created) = (format!("cmpl-demo-{:016x}", fastrand::u64(..)), now_unix());
    let piece =
        |choices: Value| json!({"id": id, "object": "text_completion", "created": created, "model": MODEL, "choices": choices});
    let choice = |text: &str, end: Option<&str>| json!([{"index": 0, "text": text, "logprobs": null, "finish_reason": end}]);
    let end = answer.finish_reason();
    let Answer::Text { text, .. } = answer else { return Err(Unreadable("A completion has no tools.".into())) };
    if !request.stream {
        let mut whole = piece(choice(&text, Some(end)));
        whole["usage"] = usage;
        return Ok(axum::Json(whole).into_response());
    }
    let mut pieces: Vec<Value> = stream::words(&text).map(|word| piece(choice(word, None))).collect();
    pieces.push(piece(choice("", Some(end))));
    if request.stream_options.unwrap_or_default().include_usage {
        let mut last = piece(json!([]));
        last["usage"] = usage;
        pieces.push(last);
    }
    Ok(stream::of(pieces.into_iter()))
}

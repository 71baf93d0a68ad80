//! Answers as server-sent events.

use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use serde_json::Value;

/// `chunks` as a stream that ends in `[DONE]`.
pub(super) fn of(chunks: impl Iterator<Item = Value>) -> Response {
    let mut frames: String = chunks.map(|chunk| format!("data: {chunk}\n\n")).collect();
    frames.push_str("data: [DONE]\n\n");
    ([(CONTENT_TYPE, "text/event-stream")], frames).into_response()
}

/// `text` word by word.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(' ')
}

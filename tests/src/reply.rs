//! What a scripted upstream says, byte by byte and fault by fault.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

/// One reply: steps that the upstream carries out in their order.
#[derive(Debug, Clone)]
pub struct Reply(pub(crate) Vec<Step>);

#[derive(Debug, Clone)]
pub(crate) enum Step {
    Send(Vec<u8>),
    Wait(Duration),
    /// Say nothing more and keep the connection.
    Hang,
    /// End the connection in order (FIN).
    Close,
    /// Break the connection (RST).
    Reset,
}

/// How a stream stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// As HTTP wants it.
    Clean,
    /// The connection ends inside the body.
    Cut,
    /// The connection breaks.
    Reset,
    /// Nothing more comes, and the connection stays.
    Silence,
}

impl Reply {
    /// A JSON body.
    #[must_use]
    pub fn json(status: u16, body: &Value) -> Self {
        Self::body(status, &[("content-type", "application/json")], body.to_string().as_bytes())
    }

    /// A whole body with headers.
    #[must_use]
    pub fn body(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let mut reply = head(status, headers, &format!("content-length: {}", body.len()));
        reply.extend_from_slice(body);
        Self(vec![Step::Send(reply)])
    }

    /// A chat completion that says `text`, with 11 tokens in and 7 out.
    #[must_use]
    pub fn completion(text: &str) -> Self {
        Self::json(200, &completion(text))
    }

    /// An error in OpenAI's envelope.
    #[must_use]
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        Self::error_with(status, code, message, &[])
    }

    /// An error in OpenAI's envelope, with further headers.
    #[must_use]
    pub fn error_with(status: u16, code: &str, message: &str, headers: &[(&str, &str)]) -> Self {
        let body = json!({ "error": { "message": message, "type": "upstream_type", "param": "upstream_param", "code": code } });
        let headers: Vec<_> = headers.iter().copied().chain([("content-type", "application/json")]).collect();
        Self::body(status, &headers, body.to_string().as_bytes())
    }

    /// An event stream of these blocks, each written by itself.
    #[must_use]
    pub fn events(blocks: &[String], end: End) -> Self {
        let head = head(200, &[("content-type", "text/event-stream")], "transfer-encoding: chunked");
        let mut steps = vec![Step::Send(head)];
        steps.extend(blocks.iter().map(|block| Step::Send(format!("{:x}\r\n{block}\r\n", block.len()).into_bytes())));
        steps.push(match end {
            End::Clean => Step::Send(b"0\r\n\r\n".to_vec()),
            End::Cut => Step::Close,
            End::Reset => Step::Reset,
            End::Silence => Step::Hang,
        });
        Self(steps)
    }

    /// A body of these pieces, each written by itself.
    #[must_use]
    pub fn pieces(status: u16, headers: &[(&str, &str)], pieces: &[Vec<u8>]) -> Self {
        let mut steps = vec![Step::Send(head(status, headers, "transfer-encoding: chunked"))];
        steps.extend(pieces.iter().map(|piece| {
            let mut framed = format!("{:x}\r\n", piece.len()).into_bytes();
            framed.extend_from_slice(piece);
            framed.extend_from_slice(b"\r\n");
            Step::Send(framed)
        }));
        steps.push(Step::Send(b"0\r\n\r\n".to_vec()));
        Self(steps)
    }

    /// A whole chat stream that says these words, with usage and `[DONE]`.
    #[must_use]
    pub fn stream(words: &[&str]) -> Self {
        Self::events(&[words.iter().map(|word| text(word)).collect(), vec![finish("stop"), usage(), done()]].concat(), End::Clean)
    }

    /// No answer at all: the request is read and the connection breaks.
    #[must_use]
    pub fn reset() -> Self {
        Self(vec![Step::Reset])
    }

    /// No answer at all: the request is read and nothing follows.
    #[must_use]
    pub fn silence() -> Self {
        Self(vec![Step::Hang])
    }

    /// Bytes that are not HTTP.
    #[must_use]
    pub fn garbage() -> Self {
        Self(vec![Step::Send(b"\x00\x01this is not HTTP\r\n\r\n".to_vec()), Step::Close])
    }

    /// With a pause before step `at`; 0 is before everything, 1 after the head of a stream.
    #[must_use]
    pub fn pausing(mut self, at: usize, pause: Duration) -> Self {
        self.0.insert(at, Step::Wait(pause));
        self
    }
}

/// The body of a chat completion that says `text`.
#[must_use]
pub fn completion(text: &str) -> Value {
    json!({
        "id": "chatcmpl-scripted", "object": "chat.completion", "created": 1_700_000_000, "model": "scripted-model",
        "choices": [{ "index": 0, "message": { "role": "assistant", "content": text }, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18 },
    })
}

/// One chunk of a chat stream with this delta.
#[must_use]
pub fn chunk(delta: &Value, finish_reason: &Value) -> String {
    let body = json!({
        "id": "chatcmpl-scripted", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": "scripted-model",
        "choices": [{ "index": 0, "delta": delta, "finish_reason": finish_reason }],
    });
    format!("data: {body}\n\n")
}

/// One chunk of text.
#[must_use]
pub fn text(text: &str) -> String {
    chunk(&json!({ "role": "assistant", "content": text }), &Value::Null)
}

/// The chunk that says why the model stopped.
#[must_use]
pub fn finish(reason: &str) -> String {
    chunk(&json!({}), &json!(reason))
}

/// The usage-only chunk: 11 tokens in, 7 out.
#[must_use]
pub fn usage() -> String {
    let body = json!({
        "id": "chatcmpl-scripted", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": "scripted-model",
        "choices": [], "usage": { "prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18 },
    });
    format!("data: {body}\n\n")
}

/// The end of a chat stream.
#[must_use]
pub fn done() -> String {
    "data: [DONE]\n\n".to_owned()
}

/// One event of an Anthropic stream; its name is the body's `type`.
#[must_use]
pub fn anthropic_event(body: &Value) -> String {
    format!("event: {}\ndata: {body}\n\n", body["type"].as_str().unwrap_or_default())
}

fn head(status: u16, headers: &[(&str, &str)], framing: &str) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status} Scripted\r\n{framing}\r\n");
    for (name, value) in headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    head.push_str("\r\n");
    head.into_bytes()
}

//! A request in canonical form: the client's bytes, and the few members that routing needs.

use std::sync::OnceLock;

use bytes::Bytes;

use crate::chat::ChatRequest;
use crate::object::{Malformed, Object};

/// What is asked for, whatever the surface that asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// `POST /v1/chat/completions`
    Chat,
    /// `POST /v1/completions`
    Completions,
    /// `POST /v1/embeddings`
    Embeddings,
}

impl Operation {
    /// The name under which records and metrics know it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat_completions",
            Self::Completions => "completions",
            Self::Embeddings => "embeddings",
        }
    }
}

/// A request: its operation, the client's bytes, and what everybody reads of them.
#[derive(Debug)]
pub struct Request {
    operation: Operation,
    object: Object,
    model: String,
    stream: bool,
    include_usage: bool,
    chat: OnceLock<Result<ChatRequest, Malformed>>,
}

impl Request {
    /// Reads a body of the canonical (OpenAI) spelling.
    ///
    /// # Errors
    ///
    /// [`Malformed`] when the body is not one JSON object or `model`, `stream` or `stream_options` cannot be read.
    pub fn read(operation: Operation, body: Bytes) -> Result<Self, Malformed> {
        let object = Object::read(body)?;
        let model: String = object.read_member("model", "a string")?.unwrap_or_default();
        if model.is_empty() {
            return Err(Malformed::Member {
                name: "model".into(),
                detail: "is required; name a model, see GET /v1/models".into(),
            });
        }
        let stream = object.read_member("stream", "true or false")?.unwrap_or(false);
        let options: Option<StreamOptions> = object.read_member("stream_options", "an object")?;
        let include_usage = options.is_some_and(|options| options.include_usage.unwrap_or(false));
        Ok(Self { operation, object, model, stream, include_usage, chat: OnceLock::new() })
    }

    /// What is asked for.
    #[must_use]
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// The model's name as the client spelt it.
    #[must_use]
    pub fn model(&self) -> &str {
        &self.model
    }

    /// Whether the answer is to be streamed.
    #[must_use]
    pub fn streams(&self) -> bool {
        self.stream
    }

    /// Whether the client asked for the usage chunk at the end of its stream.
    #[must_use]
    pub fn wants_usage_chunk(&self) -> bool {
        self.include_usage
    }

    /// The body, indexed at its top level.
    #[must_use]
    pub fn object(&self) -> &Object {
        &self.object
    }

    /// The body as a chat request, parsed when first asked for.
    ///
    /// # Errors
    ///
    /// [`Malformed`] when the body is no chat request.
    pub fn chat(&self) -> Result<&ChatRequest, Malformed> {
        self.chat.get_or_init(|| ChatRequest::read(&self.object)).as_ref().map_err(Clone::clone)
    }
}

#[derive(serde::Deserialize)]
struct StreamOptions {
    include_usage: Option<bool>,
}

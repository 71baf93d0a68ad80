//! Writes chunks: the same head each time, and one alternative.

use ferrogw_llm::{Chunk, ChunkKind};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::super::said::{Call, End, Function, Said, Words, service_tier};

/// What all chunks of a message have in common.
pub(super) struct Writer {
    id: String,
    model: String,
    created: i64,
}

#[derive(Serialize)]
struct Frame<'a> {
    id: &'a str,
    object: &'static str,
    created: i64,
    model: &'a str,
    choices: &'a [Choice<'a>],
    #[serde(flatten)]
    beside: Beside<'a>,
}

#[derive(Default, Serialize)]
struct Beside<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_tier: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    container: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    context_management: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct Choice<'a> {
    index: u32,
    delta: &'a Delta<'a>,
    logprobs: Option<()>,
    #[serde(flatten)]
    end: End<'a>,
}

/// What is new.
#[derive(Default, Serialize)]
pub(super) struct Delta<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Words<'a>>,
    #[serde(flatten)]
    said: Said<'a>,
}

impl<'a> Delta<'a> {
    pub(super) fn role() -> Self {
        Self { role: Some("assistant"), content: Some(Words::Text("".into())), said: Said::default() }
    }

    pub(super) fn content(text: &'a RawValue) -> Self {
        Self { content: Some(Words::Json(text)), ..Self::default() }
    }

    pub(super) fn reasoning(text: &'a RawValue) -> Self {
        Self::said(Said { reasoning_content: Some(Words::Json(text)), ..Said::default() })
    }

    pub(super) fn arguments(index: u32, arguments: Words<'a>) -> Said<'a> {
        let call = Call { index: Some(index), id: None, kind: None, function: Function { name: None, arguments } };
        Said { tool_calls: vec![call], ..Said::default() }
    }

    pub(super) fn said(said: Said<'a>) -> Self {
        Self { said, ..Self::default() }
    }
}

impl Writer {
    pub(super) fn new(id: String, model: String, created: i64) -> Self {
        Self { id, model, created }
    }

    pub(super) fn delta(&self, delta: &Delta<'_>, kind: ChunkKind) -> Chunk {
        self.write(&[Choice { index: 0, delta, logprobs: None, end: End::default() }], Beside::default(), kind)
    }

    pub(super) fn end(&self, end: End<'_>, container: Option<&RawValue>, context_management: Option<&RawValue>) -> Chunk {
        let beside = Beside { container, context_management, ..Beside::default() };
        self.write(&[Choice { index: 0, delta: &Delta::default(), logprobs: None, end }], beside, ChunkKind::Content)
    }

    pub(super) fn usage(&self, usage: &Value, tier: Option<&str>) -> Chunk {
        let tier = tier.map(service_tier);
        self.write(&[], Beside { usage: Some(usage), service_tier: tier.as_deref(), ..Beside::default() }, ChunkKind::UsageOnly)
    }

    fn write(&self, choices: &[Choice<'_>], beside: Beside<'_>, kind: ChunkKind) -> Chunk {
        let frame =
            Frame { id: &self.id, object: "chat.completion.chunk", created: self.created, model: &self.model, choices, beside };
        // Texts, numbers and JSON that was read before: none of them can fail to be written.
        let data = serde_json::to_vec(&frame).expect("a chunk can always be written");
        Chunk { data: data.into(), kind }
    }
}

//! The content blocks of a message while they grow.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bytes::Bytes;
use ferrogw_llm::StreamFault;
use ferrogw_llm::object::Object;
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::super::said::{Annotation, Call, Function, Said, Verbatim, Words};
use super::chunk::Delta;
use crate::text::{Text, or_empty};

/// Blocks that have begun, by their position in the message.
#[derive(Default)]
pub(super) struct Blocks {
    open: BTreeMap<u32, Open>,
    /// Calls so far: clients count calls, not blocks.
    calls: u32,
    /// Characters of text so far: annotations point into it.
    characters: usize,
}

enum Open {
    /// Text, and where it began.
    Text {
        start: usize,
        citations: Vec<Box<RawValue>>,
    },
    Thinking {
        thinking: String,
        signature: String,
    },
    /// A call, and the arguments that it began with, unless it has had others.
    Call {
        index: u32,
        arguments: Option<String>,
    },
    /// A block without canonical spelling: how it began, and what was added.
    Other {
        start: Box<RawValue>,
        input: String,
        content: String,
    },
}

#[derive(Deserialize)]
struct Start<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    text: Option<&'a RawValue>,
    #[serde(borrow)]
    thinking: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "or_empty")]
    signature: Cow<'a, str>,
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    name: Option<&'a RawValue>,
    #[serde(borrow)]
    input: Option<&'a RawValue>,
}

/// Any delta; exactly one of its members is there.
#[derive(Deserialize)]
struct Growth<'a> {
    #[serde(borrow)]
    text: Option<&'a RawValue>,
    #[serde(borrow)]
    thinking: Option<&'a RawValue>,
    #[serde(borrow)]
    signature: Option<Text<'a>>,
    #[serde(borrow)]
    partial_json: Option<&'a RawValue>,
    #[serde(borrow)]
    citation: Option<&'a RawValue>,
    #[serde(borrow)]
    content: Option<Text<'a>>,
}

impl Blocks {
    /// A block begins.
    pub(super) fn start<'a>(&mut self, at: u32, block: &'a RawValue) -> Result<Option<Delta<'a>>, StreamFault> {
        let start: Start<'_> = serde_json::from_str(block.get()).map_err(|_| unreadable())?;
        let (open, delta) = match &*start.kind {
            "text" => {
                let open = Open::Text { start: self.characters, citations: Vec::new() };
                (open, start.text.and_then(|text| self.text(text)))
            }
            "thinking" => {
                let thinking = start.thinking.map(decoded).unwrap_or_default();
                let delta = start.thinking.filter(|_| !thinking.is_empty()).map(Delta::reasoning);
                (Open::Thinking { thinking: thinking.into_owned(), signature: start.signature.into_owned() }, delta)
            }
            "redacted_thinking" => {
                return Ok(Some(Delta::said(Said { thinking_blocks: vec![Verbatim::Sent(block)], ..Said::default() })));
            }
            "tool_use" => {
                let index = self.calls;
                self.calls += 1;
                let function = Function { name: start.name, arguments: Words::Text("".into()) };
                let call = Call { index: Some(index), id: start.id, kind: Some("function"), function };
                let arguments = Some(start.input.map_or("{}", RawValue::get).to_owned());
                (Open::Call { index, arguments }, Some(Delta::said(Said { tool_calls: vec![call], ..Said::default() })))
            }
            _ => (Open::Other { start: block.to_owned(), input: String::new(), content: String::new() }, None),
        };
        self.open.insert(at, open);
        Ok(delta)
    }

    /// A block grows.
    pub(super) fn grow<'a>(&mut self, at: u32, delta: &'a RawValue) -> Result<Option<Delta<'a>>, StreamFault> {
        let growth: Growth<'_> = serde_json::from_str(delta.get()).map_err(|_| unreadable())?;
        if let Some(text) = growth.text {
            return Ok(self.text(text));
        }
        match self.open.get_mut(&at) {
            Some(Open::Text { citations, .. }) => citations.extend(growth.citation.map(ToOwned::to_owned)),
            Some(Open::Thinking { thinking, signature }) => {
                signature.push_str(&growth.signature.unwrap_or_default().0);
                let more = growth.thinking.map(decoded).unwrap_or_default();
                thinking.push_str(&more);
                return Ok(growth.thinking.filter(|_| !more.is_empty()).map(Delta::reasoning));
            }
            Some(Open::Call { index, arguments }) => {
                if let Some(piece) = growth.partial_json.filter(|piece| piece.get() != "\"\"") {
                    *arguments = None;
                    return Ok(Some(Delta::said(Delta::arguments(*index, Words::Json(piece)))));
                }
            }
            Some(Open::Other { input, content, .. }) => {
                input.push_str(&growth.partial_json.map(decoded).unwrap_or_default());
                content.push_str(&growth.content.unwrap_or_default().0);
            }
            None => {}
        }
        Ok(None)
    }

    /// A block ends.
    pub(super) fn close(&mut self, at: u32) -> Option<Said<'static>> {
        self.open.remove(&at)?.close(self.characters)
    }

    /// The message ends, whatever was left open.
    pub(super) fn close_all(&mut self) -> Vec<Said<'static>> {
        std::mem::take(&mut self.open).into_values().filter_map(|open| open.close(self.characters)).collect()
    }

    fn text<'a>(&mut self, text: &'a RawValue) -> Option<Delta<'a>> {
        let characters = decoded(text).chars().count();
        self.characters += characters;
        (characters > 0).then(|| Delta::content(text))
    }
}

impl Open {
    /// What can be said only now that the block is whole.
    fn close(self, characters: usize) -> Option<Said<'static>> {
        match self {
            Self::Text { citations, .. } if citations.is_empty() => None,
            Self::Text { start, citations } => Some(Said {
                annotations: citations.iter().filter_map(|citation| Annotation::read(citation, start, characters)).collect(),
                citations: citations.into_iter().map(Verbatim::Joined).collect(),
                ..Said::default()
            }),
            Self::Thinking { thinking, signature } => {
                let block = json!({"type": "thinking", "thinking": thinking, "signature": signature});
                let block = RawValue::from_string(block.to_string()).ok()?;
                Some(Said { thinking_blocks: vec![Verbatim::Joined(block)], ..Said::default() })
            }
            // A call without arguments is a call with none, which clients parse.
            Self::Call { index, arguments } => Some(Delta::arguments(index, Words::Text(arguments?.into()))),
            Self::Other { start, input, content } => {
                Some(Said { content_blocks: vec![Verbatim::Joined(joined(start, &input, &content))], ..Said::default() })
            }
        }
    }
}

/// The block that began so, with what was added to it.
fn joined(start: Box<RawValue>, input: &str, content: &str) -> Box<RawValue> {
    let Ok(object) = Object::read(Bytes::copy_from_slice(start.get().as_bytes())) else { return start };
    let mut patch = object.patch();
    if !input.is_empty() {
        patch.set("input", input);
    }
    if !content.is_empty() {
        patch.set("content", json!(content).to_string());
    }
    String::from_utf8(patch.finish().into()).ok().and_then(|json| RawValue::from_string(json).ok()).unwrap_or(start)
}

fn decoded(text: &RawValue) -> Cow<'_, str> {
    serde_json::from_str::<Text<'_>>(text.get()).unwrap_or_default().0
}

fn unreadable() -> StreamFault {
    StreamFault::Malformed("a content block cannot be read".to_owned())
}

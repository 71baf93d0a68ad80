//! Turns and content blocks, as the Messages API takes them.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::value::RawValue;

/// One side's words until the other speaks.
#[derive(Serialize)]
pub(super) struct Turn<'a> {
    pub(super) role: Role,
    pub(super) content: Vec<Block<'a>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Role {
    User,
    Assistant,
}

/// A piece of content: written by us, or passed as the client sent it.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Block<'a> {
    Ours {
        #[serde(flatten)]
        content: Content<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        cache_control: Option<&'a RawValue>,
    },
    AsSent(&'a RawValue),
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Content<'a> {
    Text {
        text: Cow<'a, str>,
    },
    Image {
        source: Source<'a>,
    },
    Document {
        source: Source<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        title: Option<Cow<'a, str>>,
    },
    ToolUse {
        id: Cow<'a, str>,
        name: Cow<'a, str>,
        input: Box<RawValue>,
    },
    ToolResult {
        tool_use_id: Cow<'a, str>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        content: Vec<Block<'a>>,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        is_error: bool,
    },
}

/// Where an image or a document comes from.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Source<'a> {
    Base64 { media_type: &'static str, data: Cow<'a, str> },
    Text { media_type: &'static str, data: String },
    Url { url: Cow<'a, str> },
    File { file_id: Cow<'a, str> },
}

impl<'a> Block<'a> {
    pub(super) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::of(Content::Text { text: text.into() })
    }

    pub(super) fn of(content: Content<'a>) -> Self {
        Self::Ours { content, cache_control: None }
    }

    /// Marks the end of a prefix worth caching.
    pub(super) fn cached(self, mark: Option<&'a RawValue>) -> Self {
        match self {
            Self::Ours { content, cache_control } => Self::Ours { content, cache_control: mark.or(cache_control) },
            sent @ Self::AsSent(_) => sent,
        }
    }
}

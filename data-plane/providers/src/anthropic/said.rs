//! What a model said, in canonical spelling: the parts that whole answers and chunks share.

use std::borrow::Cow;

use ferrogw_llm::redact::redact;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::finish_reason;
use crate::text::or_empty;

/// Everything that a message or a delta holds beside its role and text.
#[derive(Default, Serialize)]
pub(super) struct Said<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reasoning_content: Option<Words<'a>>,
    /// Thoughts as they came, signatures included: a client that hands them back lets the model go on thinking.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) thinking_blocks: Vec<Verbatim<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) tool_calls: Vec<Call<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) annotations: Vec<Annotation>,
    /// Citations as they came; not all of them are of addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) citations: Vec<Verbatim<'a>>,
    /// Blocks that have no canonical spelling, e.g. of tools that the provider runs itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) content_blocks: Vec<Verbatim<'a>>,
}

/// A text: decoded, or as the JSON in which it came.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Words<'a> {
    Text(Cow<'a, str>),
    Json(&'a RawValue),
}

/// JSON as it came, or put together from pieces of it.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Verbatim<'a> {
    Sent(&'a RawValue),
    Joined(Box<RawValue>),
}

/// A call of a tool, whole or a piece of one.
#[derive(Serialize)]
pub(super) struct Call<'a> {
    /// Its position; chunks only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) index: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<&'a RawValue>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<&'static str>,
    pub(super) function: Function<'a>,
}

#[derive(Serialize)]
pub(super) struct Function<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<&'a RawValue>,
    pub(super) arguments: Words<'a>,
}

/// Which address a stretch of the text rests on.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Annotation {
    UrlCitation { url_citation: UrlCitation },
}

#[derive(Serialize)]
pub(super) struct UrlCitation {
    start_index: usize,
    end_index: usize,
    url: String,
    title: String,
}

impl Annotation {
    /// The annotation that a citation amounts to, if it is one of an address; positions are in characters.
    pub(super) fn read(citation: &RawValue, start_index: usize, end_index: usize) -> Option<Self> {
        #[derive(Deserialize)]
        struct Citation<'a> {
            #[serde(borrow, default, deserialize_with = "or_empty")]
            url: Cow<'a, str>,
            #[serde(borrow, default, deserialize_with = "or_empty")]
            title: Cow<'a, str>,
        }
        let Citation { url, title } =
            serde_json::from_str(citation.get()).ok().filter(|citation: &Citation<'_>| !citation.url.is_empty())?;
        Some(Self::UrlCitation {
            url_citation: UrlCitation { start_index, end_index, url: url.into_owned(), title: title.into_owned() },
        })
    }
}

/// Why the model stopped.
#[derive(Default, Serialize)]
pub(super) struct End<'a> {
    pub(super) finish_reason: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    native_finish_reason: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stop_sequence: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stop_details: Option<&'a RawValue>,
}

impl<'a> End<'a> {
    pub(super) fn new(
        native: Option<Cow<'a, str>>,
        stop_sequence: Option<&'a RawValue>,
        stop_details: Option<&'a RawValue>,
    ) -> Self {
        let finish_reason = native.as_deref().map(|native| finish_reason::canonical(native).to_owned().into());
        Self {
            native_finish_reason: native.filter(|native| finish_reason.as_ref() != Some(native)),
            finish_reason,
            stop_sequence,
            stop_details,
        }
    }
}

/// The API's tiers in canonical words.
pub(super) fn service_tier(native: &str) -> Cow<'_, str> {
    match native {
        "standard" => Cow::Borrowed("default"),
        other => redact(other),
    }
}

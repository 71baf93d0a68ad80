//! `output_config`: what the client says of it in the API's own words, and what `reasoning_effort` and `response_format` add.

use std::borrow::Cow;
use std::collections::BTreeMap;

use ferrogw_llm::Malformed;
use ferrogw_llm::object::Object;
use serde::Serialize;
use serde_json::value::RawValue;

use super::format::Format;
use super::members::{self, says};

/// How the model is to answer.
#[derive(Serialize)]
pub(super) struct Output<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    effort: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<Format<'a>>,
    #[serde(flatten)]
    own: BTreeMap<Cow<'a, str>, &'a RawValue>,
}

impl<'a> Output<'a> {
    /// Puts both together. The API's own words win; what they contradict is reported.
    pub(super) fn read(
        object: &'a Object,
        effort: Option<String>,
        format: Option<Format<'a>>,
        dropped: &mut Vec<String>,
    ) -> Result<Self, Malformed> {
        let own: BTreeMap<Cow<'a, str>, &'a RawValue> = members::read(object, "output_config", "an object")?.unwrap_or_default();
        let effort = unless_said(own.get("effort"), effort, "reasoning_effort", dropped);
        let format = unless_said(own.get("format"), format, "response_format", dropped);
        Ok(Self { effort, format, own })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.effort.is_none() && self.format.is_none() && self.own.is_empty()
    }
}

/// `ours`, unless the client said that in the API's own words; `member`, which asked for ours, is reported if it asked for something else.
fn unless_said<T: Serialize>(own: Option<&&RawValue>, ours: Option<T>, member: &str, dropped: &mut Vec<String>) -> Option<T> {
    let (Some(own), Some(wish)) = (own, &ours) else { return ours };
    if !says(own, wish) {
        dropped.push(member.to_owned());
    }
    None
}

//! The few members of an answer or a chunk that the gateway has to know, found without building a tree.
//!
//! Types are lenient on purpose: a strange `id` or `usage` is no reason to withhold an answer that the client can read.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use ferrogw_llm::{Observed, Usage};

use crate::finish_reason;
use crate::text::Text;

/// What providers call the tier that their list of prices is about.
const ORDINARY: [&str; 4] = ["default", "standard", "auto", "on_demand"];

/// An answer, or one chunk of it, at its top level.
#[derive(serde::Deserialize)]
pub(super) struct Frame<'a> {
    #[serde(borrow)]
    pub(super) id: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) model: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) choices: Option<Vec<Choice<'a>>>,
    #[serde(borrow)]
    pub(super) usage: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) error: Option<&'a RawValue>,
    #[serde(borrow)]
    service_tier: Option<&'a RawValue>,
    /// Where one provider put the usage of its streams before it knew `stream_options`.
    #[serde(borrow)]
    x_groq: Option<&'a RawValue>,
}

/// One alternative.
#[derive(serde::Deserialize)]
pub(super) struct Choice<'a> {
    #[serde(default)]
    pub(super) index: u32,
    pub(super) delta: Option<Delta>,
    #[serde(borrow)]
    pub(super) text: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) finish_reason: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) usage: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) error: Option<&'a RawValue>,
}

#[derive(serde::Deserialize)]
struct Beside<'a> {
    #[serde(borrow)]
    usage: Option<&'a RawValue>,
}

impl Frame<'_> {
    /// The first alternative's reason to stop, as the provider spells it.
    pub(super) fn finish_reason(&self) -> Option<Cow<'_, str>> {
        self.choices.as_ref()?.first()?.finish_reason()
    }

    /// Usage, from wherever it stands.
    pub(super) fn usage(&self, reasoning_outside_output: bool) -> Option<Usage> {
        let read = |json: &RawValue| Usage::from_openai(json.get(), reasoning_outside_output);
        let of_choice = || self.choices.as_ref()?.iter().find_map(|choice| choice.usage).and_then(read);
        let beside = || serde_json::from_str::<Beside<'_>>(self.x_groq?.get()).ok()?.usage.and_then(read);
        self.usage.and_then(read).or_else(of_choice).or_else(beside)
    }

    /// Notes what is new in this frame.
    pub(super) fn note(&self, observed: &mut Observed, reasoning_outside_output: bool) {
        if observed.id.is_none() {
            observed.id = text(self.id).map(Cow::into_owned);
        }
        if observed.model.is_none() {
            observed.model = text(self.model).map(Cow::into_owned);
        }
        if let Some(reason) = self.finish_reason().filter(|_| observed.finish_reason.is_none()) {
            observed.finish_reason = Some(finish_reason::canonical(&reason).to_owned());
        }
        observed.other_tier |= text(self.service_tier).is_some_and(|tier| !ORDINARY.contains(&&*tier));
        if let Some(usage) = self.usage(reasoning_outside_output) {
            observed.usage = Some(usage);
        }
    }
}

impl Choice<'_> {
    /// Its reason to stop, as the provider spells it; `null` and the empty text are none.
    pub(super) fn finish_reason(&self) -> Option<Cow<'_, str>> {
        text(self.finish_reason)
    }

    /// Whether a client could show something of it.
    pub(super) fn has_content(&self) -> bool {
        self.finish_reason().is_some()
            || self.delta.as_ref().is_some_and(|delta| delta.says_something)
            || self.text.is_some_and(|text| !is_blank(text.get()))
    }
}

/// What is new in a message: only whether it says anything beside the role.
#[derive(Default)]
pub(super) struct Delta {
    says_something: bool,
}

impl<'de> serde::Deserialize<'de> for Delta {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_any(Says)
    }
}

/// Reads any value as a delta; what is no object says nothing.
struct Says;

impl<'de> Visitor<'de> for Says {
    type Value = Delta;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a delta")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Delta, A::Error> {
        let mut says_something = false;
        while let Some(name) = members.next_key::<Text<'de>>()? {
            let value: &'de RawValue = members.next_value()?;
            says_something |= name.0 != "role" && !is_blank(value.get());
        }
        Ok(Delta { says_something })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Delta, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Delta::default())
    }

    fn visit_unit<E>(self) -> Result<Delta, E> {
        Ok(Delta::default())
    }

    fn visit_str<E>(self, _: &str) -> Result<Delta, E> {
        Ok(Delta::default())
    }
}

/// Whether a JSON value says nothing.
pub(super) fn is_blank(json: &str) -> bool {
    matches!(json, "null" | "\"\"" | "[]" | "{}" | "false")
}

/// A member that is a text with something in it.
fn text(json: Option<&RawValue>) -> Option<Cow<'_, str>> {
    serde_json::from_str::<Text<'_>>(json?.get()).ok().map(|text| text.0).filter(|text| !text.is_empty())
}

/// A member that is there and says something.
pub(super) fn told(json: Option<&RawValue>) -> Option<&RawValue> {
    json.filter(|json| !is_blank(json.get()))
}

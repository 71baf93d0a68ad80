//! A JSON object seen from its top level: where each member stands in the original bytes.
//!
//! This is what keeps an untouched request byte for byte: a reader finds the members it needs without building a tree, a
//! writer replaces, renames or drops single members and copies everything between them.

mod patch;

use std::fmt;
use std::ops::Range;

use bytes::Bytes;
use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use smallvec::SmallVec;

pub use self::patch::Patch;

/// Why a body cannot be read. `Display` is fit for a client: it says where, and quotes nothing of the body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The body has no bytes.
    #[error("the body is empty; send one JSON object")]
    Empty,
    /// The body is not UTF-8.
    #[error("the body is not valid UTF-8 (first bad byte at offset {offset})")]
    NotUtf8 {
        /// Offset of the first bad byte.
        offset: usize,
    },
    /// The body is not one JSON object.
    #[error("the body is not valid JSON: {detail}")]
    NotJson {
        /// What the parser objects to, with line and column.
        detail: String,
    },
    /// The same member stands twice; readers that disagree on which one counts are a way around policy.
    #[error("the member `{name}` stands twice in the body; send it once")]
    Duplicate {
        /// The member's name.
        name: String,
    },
    /// A member has the wrong type or value.
    #[error("`{name}` {detail}")]
    Member {
        /// The member's name, e.g. `messages[0].role`.
        name: String,
        /// What is wrong with it, as the end of a sentence: `must be a string`.
        detail: String,
    },
}

impl Malformed {
    /// The member at fault, for the error envelope's `param`.
    #[must_use]
    pub fn param(&self) -> Option<&str> {
        match self {
            Self::Duplicate { name } | Self::Member { name, .. } => Some(name),
            Self::Empty | Self::NotUtf8 { .. } | Self::NotJson { .. } => None,
        }
    }
}

#[derive(Debug, Clone)]
struct Member {
    /// The name as it stands in the bytes, without its quotes.
    name: Range<usize>,
    /// The decoded name, where escapes make it differ from the bytes.
    decoded: Option<Box<str>>,
    value: Range<usize>,
}

/// One JSON object, indexed at its top level. Cloning is cheap: the bytes are shared.
#[derive(Debug, Clone)]
pub struct Object {
    raw: Bytes,
    members: SmallVec<[Member; 12]>,
}

impl Object {
    /// Indexes `raw`, which has to hold exactly one JSON object with distinct member names.
    ///
    /// # Errors
    ///
    /// [`Malformed`], fit for the client that sent it.
    pub fn read(raw: Bytes) -> Result<Self, Malformed> {
        let text = std::str::from_utf8(&raw).map_err(|error| Malformed::NotUtf8 { offset: error.valid_up_to() })?;
        if text.trim_ascii().is_empty() {
            return Err(Malformed::Empty);
        }
        let members = index(text)?;
        Ok(Self { raw, members })
    }

    /// The original bytes.
    #[must_use]
    pub fn raw(&self) -> &Bytes {
        &self.raw
    }

    /// The JSON of the member `name`, as it stands in the bytes.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.find(name).map(|member| self.slice(&member.value))
    }

    /// The members' names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|member| self.name_of(member))
    }

    /// The members, in order: each name, and its JSON as it stands in the bytes.
    pub fn members(&self) -> impl Iterator<Item = (&str, &str)> {
        self.members.iter().map(|member| (self.name_of(member), self.slice(&member.value)))
    }

    /// Reads the member `name` into `T`; absent and `null` are `None`.
    ///
    /// # Errors
    ///
    /// [`Malformed::Member`] when the value is not a `T`; `expected` completes the sentence "must be …".
    pub fn read_member<T: DeserializeOwned>(&self, name: &str, expected: &str) -> Result<Option<T>, Malformed> {
        match self.get(name) {
            None | Some("null") => Ok(None),
            Some(json) => serde_json::from_str(json)
                .map(Some)
                .map_err(|_| Malformed::Member { name: name.to_owned(), detail: format!("must be {expected}") }),
        }
    }

    /// Starts a set of changes to the top level.
    #[must_use]
    pub fn patch(&self) -> Patch<'_> {
        Patch::new(self)
    }

    fn find(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| self.name_of(member) == name)
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.members.iter().position(|member| self.name_of(member) == name)
    }

    fn name_of<'a>(&'a self, member: &'a Member) -> &'a str {
        member.decoded.as_deref().unwrap_or_else(|| self.slice(&member.name))
    }

    fn slice(&self, range: &Range<usize>) -> &str {
        std::str::from_utf8(&self.raw[range.clone()]).unwrap_or_default()
    }
}

fn index(text: &str) -> Result<SmallVec<[Member; 12]>, Malformed> {
    let mut parser = serde_json::Deserializer::from_str(text);
    let members = parser.deserialize_map(Index { text }).map_err(|error| not_json(&error))?;
    parser.end().map_err(|error| not_json(&error))?;
    match duplicate(text, &members) {
        Some(name) => Err(Malformed::Duplicate { name: name.to_owned() }),
        None => Ok(members),
    }
}

/// A name that stands twice. Few names are compared with each other; many are sorted, or a body full of them would cost its square.
fn duplicate<'a>(text: &'a str, members: &'a [Member]) -> Option<&'a str> {
    const FEW: usize = 24;
    let name = |member: &'a Member| member_name(text, member);
    if members.len() <= FEW {
        return members
            .iter()
            .enumerate()
            .find(|(at, member)| members[..*at].iter().any(|earlier| name(earlier) == name(member)))
            .map(|(_, member)| name(member));
    }
    let mut names: Vec<&str> = members.iter().map(name).collect();
    names.sort_unstable();
    names.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
}

fn member_name<'a>(text: &'a str, member: &'a Member) -> &'a str {
    member.decoded.as_deref().unwrap_or(&text[member.name.clone()])
}

fn not_json(error: &serde_json::Error) -> Malformed {
    Malformed::NotJson { detail: error.to_string() }
}

struct Index<'t> {
    text: &'t str,
}

impl<'de> Visitor<'de> for Index<'de> {
    type Value = SmallVec<[Member; 12]>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = SmallVec::new();
        while let Some(name) = map.next_key::<&'de RawValue>()? {
            let value: &'de RawValue = map.next_value()?;
            let name = range_in(self.text, name.get());
            let inner = name.start + 1..name.end - 1;
            let decoded = match self.text[inner.clone()].contains('\\') {
                true => Some(serde_json::from_str(&self.text[name]).map_err(serde::de::Error::custom)?),
                false => None,
            };
            members.push(Member { name: inner, decoded, value: range_in(self.text, value.get()) });
        }
        Ok(members)
    }
}

/// Where `part`, a slice of `text`, stands in it.
fn range_in(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    start..start + part.len()
}

#[cfg(test)]
mod tests;

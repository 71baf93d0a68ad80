//! A JSON object seen from its top level: where each member stands in the original bytes.
//!
//! This is what keeps an untouched request byte for byte: a reader finds the members it needs without building a tree, a
//! writer replaces, renames or drops single members and copies everything between them.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use bytes::{BufMut, Bytes, BytesMut};
use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use smallvec::SmallVec;

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
        Patch { object: self, changes: SmallVec::new(), appended: SmallVec::new() }
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

/// Changes to an object's top level, applied in one copy.
#[derive(Debug)]
pub struct Patch<'a> {
    object: &'a Object,
    changes: SmallVec<[(usize, Change<'a>); 4]>,
    appended: SmallVec<[(Cow<'a, str>, Cow<'a, str>); 2]>,
}

#[derive(Debug)]
enum Change<'a> {
    Value(Cow<'a, str>),
    Name(Cow<'a, str>),
    Remove,
}

impl<'a> Patch<'a> {
    /// Gives the member `name` the value `json`, appending the member where it is absent.
    pub fn set(&mut self, name: &'a str, json: impl Into<Cow<'a, str>>) -> &mut Self {
        match self.object.position(name) {
            Some(at) => self.change(at, Change::Value(json.into())),
            None => {
                self.appended.retain(|(known, _)| known != name);
                self.appended.push((name.into(), json.into()));
            }
        }
        self
    }

    /// Drops the member `name`, if there is one.
    pub fn remove(&mut self, name: &str) -> &mut Self {
        if let Some(at) = self.object.position(name) {
            self.change(at, Change::Remove);
        }
        self
    }

    /// Calls the member `name` by `new`, keeping its value; where `new` already stands, `name` is dropped.
    pub fn rename(&mut self, name: &str, new: &'a str) -> &mut Self {
        if let Some(at) = self.object.position(name) {
            let taken = self.object.position(new).is_some();
            self.change(at, if taken { Change::Remove } else { Change::Name(new.into()) });
        }
        self
    }

    /// The changed bytes; the original ones, shared, where nothing changed.
    #[must_use]
    pub fn finish(mut self) -> Bytes {
        if self.changes.is_empty() && self.appended.is_empty() {
            return self.object.raw.clone();
        }
        self.changes.sort_by_key(|(at, _)| *at);
        let extra: usize = self.appended.iter().map(|(name, json)| name.len() + json.len() + 4).sum();
        let grown: usize = self.changes.iter().map(|(_, change)| change.len()).sum();
        let mut out = BytesMut::with_capacity(self.object.raw.len() + extra + grown);
        self.write(&mut out);
        out.freeze()
    }

    fn change(&mut self, at: usize, change: Change<'a>) {
        self.changes.retain(|(known, _)| *known != at);
        self.changes.push((at, change));
    }

    /// Copies the object member by member; untouched neighbours are copied with everything between them.
    fn write(&self, out: &mut BytesMut) {
        let raw = &self.object.raw;
        let members = &self.object.members;
        let kept = |at: usize| !matches!(self.changed(at), Some(Change::Remove));
        let Some(first) = members.first() else {
            out.put_u8(b'{');
            self.write_appended(out, false);
            out.put_u8(b'}');
            return;
        };
        out.extend_from_slice(&raw[..first.name.start - 1]);
        let mut written = false;
        for (at, member) in members.iter().enumerate() {
            if !kept(at) {
                continue;
            }
            if written {
                let previous_end = if at > 0 && kept(at - 1) { Some(members[at - 1].value.end) } else { None };
                match previous_end {
                    Some(end) => out.extend_from_slice(&raw[end..member.name.start - 1]),
                    None => out.put_u8(b','),
                }
            }
            self.write_member(at, member, out);
            written = true;
        }
        self.write_appended(out, written);
        let end = members.last().map_or(raw.len(), |last| last.value.end);
        out.extend_from_slice(&raw[end..]);
    }

    fn write_member(&self, at: usize, member: &Member, out: &mut BytesMut) {
        let raw = &self.object.raw;
        match self.changed(at) {
            Some(Change::Value(json)) => {
                out.extend_from_slice(&raw[member.name.start - 1..member.value.start]);
                out.extend_from_slice(json.as_bytes());
            }
            Some(Change::Name(name)) => {
                put_name(out, name);
                out.extend_from_slice(&raw[member.name.end + 1..member.value.end]);
            }
            Some(Change::Remove) | None => out.extend_from_slice(&raw[member.name.start - 1..member.value.end]),
        }
    }

    fn write_appended(&self, out: &mut BytesMut, mut separate: bool) {
        for (name, json) in &self.appended {
            if separate {
                out.put_u8(b',');
            }
            put_name(out, name);
            out.put_u8(b':');
            out.extend_from_slice(json.as_bytes());
            separate = true;
        }
    }

    fn changed(&self, at: usize) -> Option<&Change<'a>> {
        self.changes.iter().find(|(known, _)| *known == at).map(|(_, change)| change)
    }
}

impl Change<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Value(text) | Self::Name(text) => text.len() + 2,
            Self::Remove => 0,
        }
    }
}

/// Writes `name` as a JSON string.
fn put_name(out: &mut BytesMut, name: &str) {
    let quoted = serde_json::to_string(name).unwrap_or_default();
    out.extend_from_slice(quoted.as_bytes());
}

fn index(text: &str) -> Result<SmallVec<[Member; 12]>, Malformed> {
    let mut parser = serde_json::Deserializer::from_str(text);
    let members = parser.deserialize_map(Index { text }).map_err(|error| not_json(&error))?;
    parser.end().map_err(|error| not_json(&error))?;
    for (at, member) in members.iter().enumerate() {
        let name = member_name(text, member);
        if members[..at].iter().any(|earlier| member_name(text, earlier) == name) {
            return Err(Malformed::Duplicate { name: name.to_owned() });
        }
    }
    Ok(members)
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

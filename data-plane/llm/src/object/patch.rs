//! Changes to an object: what is untouched is copied with everything between it.

use std::borrow::Cow;

use bytes::{BufMut, Bytes, BytesMut};
use smallvec::SmallVec;

use super::{Member, Object};

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
    pub(super) fn new(object: &'a Object) -> Self {
        Self { object, changes: SmallVec::new(), appended: SmallVec::new() }
    }

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

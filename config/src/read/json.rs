//! JSON into the tree. `serde_json` does the reading, and is as strict as the standard; a raw value borrows from the text, which
//! tells where it stands.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::tree::{Fault, MAX_DEPTH, MAX_VALUES, Member, Node, Value};
use crate::report::Position;

/// The tree of `text`; `None`: there is nothing in it.
pub(super) fn parse(text: &str) -> Result<Option<Node>, Fault> {
    if text.trim_ascii().is_empty() {
        return Ok(None);
    }
    let raw: &RawValue = serde_json::from_str(text).map_err(|error| syntax(position(error.line(), error.column()), &error))?;
    Reader { text, offset: 0, at: Position { line: 1, column: 1 }, values: 0 }.node(raw, 0).map(Some)
}

struct Reader<'a> {
    text: &'a str,
    /// How far line and column have been counted; values come in the order of the text.
    offset: usize,
    at: Position,
    values: usize,
}

impl Reader<'_> {
    fn node(&mut self, raw: &RawValue, depth: usize) -> Result<Node, Fault> {
        let at = self.position(raw);
        self.values += 1;
        if self.values > MAX_VALUES {
            return Err(Fault::too_many(at));
        }
        let value = match raw.get().as_bytes().first() {
            Some(b'{' | b'[') if depth == MAX_DEPTH => return Err(Fault::too_deep(at)),
            Some(b'{') => Value::Map(self.members(at, raw, depth)?),
            Some(b'[') => {
                let items: Vec<&RawValue> = typed(at, raw)?;
                Value::List(items.into_iter().map(|item| self.node(item, depth + 1)).collect::<Result<_, _>>()?)
            }
            Some(b'"') => Value::String(typed(at, raw)?),
            _ => match typed(at, raw)? {
                serde_json::Value::Bool(value) => Value::Bool(value),
                serde_json::Value::Number(number) => Value::Number(number),
                _ => Value::Null,
            },
        };
        Ok(Node { at, value })
    }

    fn members(&mut self, at: Position, raw: &RawValue, depth: usize) -> Result<Vec<Member>, Fault> {
        let Members(members) = typed(at, raw)?;
        let member = |(key, value): (&RawValue, &RawValue)| {
            let at = self.position(key);
            Ok(Member { at, key: typed(at, key)?, value: self.node(value, depth + 1)? })
        };
        members.into_iter().map(member).collect()
    }

    /// Where `raw` begins: it is a part of the text, so the distance of their addresses is its offset.
    fn position(&mut self, raw: &RawValue) -> Position {
        let offset = raw.get().as_ptr().addr() - self.text.as_ptr().addr();
        for character in self.text[self.offset..offset].chars() {
            if character == '\n' {
                self.at = Position { line: self.at.line + 1, column: 1 };
            } else {
                self.at.column += 1;
            }
        }
        self.offset = offset;
        self.at
    }
}

/// Reads a part whose syntax is known to be right: what is wrong now is a number out of range or half of a surrogate pair.
fn typed<'a, T: Deserialize<'a>>(at: Position, raw: &'a RawValue) -> Result<T, Fault> {
    serde_json::from_str(raw.get()).map_err(|error| syntax(at, &error))
}

fn syntax(at: Position, error: &serde_json::Error) -> Fault {
    let text = error.to_string();
    let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
    Fault::new(
        at,
        format!("this is not JSON: {what}"),
        "comments, trailing commas and single quotes are not JSON; YAML is taken too",
    )
}

fn position(line: usize, column: usize) -> Position {
    let number = |value: usize| u32::try_from(value.max(1)).unwrap_or(u32::MAX);
    Position { line: number(line), column: number(column) }
}

/// An object's members as they stand, duplicates included.
struct Members<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Entries)
    }
}

//! The part of an address after the question mark.

use std::fmt::Write as _;

/// Names and values, in order. A value that says nothing is not kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads it; the question mark may be there.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let pairs = text.trim_start_matches('?').split('&').filter_map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (!name.is_empty() && !value.is_empty()).then(|| (decode(name), decode(value)))
        });
        Self(pairs.collect())
    }

    /// As it is written into an address.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.0 {
            let separator = if text.is_empty() { "" } else { "&" };
            text.push_str(&format!("{separator}{}={}", encode(name), encode(value)));
        }
        text
    }

    /// What a name says.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// With another value for a name; an empty one takes it away.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        let at = self.0.iter().position(|(known, _)| known == name);
        match (at, value.is_empty()) {
            (Some(at), true) => drop(self.0.remove(at)),
            (Some(at), false) => value.clone_into(&mut self.0[at].1),
            (None, true) => {}
            (None, false) => self.0.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// Only these names.
    #[must_use]
    pub fn only(mut self, names: &[&str]) -> Self {
        self.0.retain(|(name, _)| names.contains(&name.as_str()));
        self
    }

    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Everything that is not plainly part of a word is escaped.
pub(super) fn encode(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b':' => escaped.push(char::from(byte)),
            _ => write!(escaped, "%{byte:02X}").expect("writing to a String cannot fail"),
        }
    }
    escaped
}

/// The reverse; what is no escape stands for itself.
pub(super) fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = bytes.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        match (bytes[at], escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (b'%', Some(byte)) => {
                plain.push(byte);
                at += 2;
            }
            (b'+', _) => plain.push(b' '),
            (byte, _) => plain.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&plain).into_owned()
}

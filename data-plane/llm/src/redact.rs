//! Takes secrets out of text before it reaches a client, a log or a record.
//!
//! Two ways, used together: by shape ([`redact`]: whatever looks like a credential) and by value ([`Redactor`]: the secrets
//! that this process holds, however they look). Both hand text back untouched, without a copy, when there is nothing to hide.

mod shape;

use std::borrow::Cow;
use std::fmt;

/// What stands where a secret stood.
pub const MARK: &str = "[redacted]";

/// Hides everything in `text` that has the shape of a credential.
#[must_use]
pub fn redact(text: &str) -> Cow<'_, str> {
    let mut hidden = String::new();
    let mut copied = 0;
    let mut at = 0;
    while at < text.len() {
        match shape::secret_at(text.as_bytes(), at) {
            Some(secret) => {
                hidden.push_str(&text[copied..secret.start]);
                hidden.push_str(MARK);
                copied = secret.end;
                at = secret.end;
            }
            None => at += 1,
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    hidden.push_str(&text[copied..]);
    Cow::Owned(hidden)
}

/// Hides known values, and after them whatever has the shape of a credential.
#[derive(Clone, Default)]
pub struct Redactor {
    values: Vec<Box<str>>,
}

impl Redactor {
    /// Shorter values are not looked for: they stand in ordinary text too often.
    pub const SHORTEST: usize = 12;

    /// A redactor of these secret values.
    pub fn new<V: AsRef<str>>(values: impl IntoIterator<Item = V>) -> Self {
        let mut values: Vec<Box<str>> = values.into_iter().map(|value| value.as_ref().trim().into()).collect();
        values.retain(|value| value.len() >= Self::SHORTEST);
        // The longest first, so that a value that is part of another leaves no remainder of it.
        values.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        values.dedup();
        Self { values }
    }

    /// `text` without any secret, known or likely.
    #[must_use]
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut known = Cow::Borrowed(text);
        for value in &self.values {
            if known.contains(&**value) {
                known = Cow::Owned(known.replace(&**value, MARK));
            }
        }
        match known {
            Cow::Borrowed(text) => redact(text),
            Cow::Owned(text) => Cow::Owned(redact(&text).into_owned()),
        }
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Redactor({} values)", self.values.len())
    }
}

#[cfg(test)]
mod tests;

//! Addresses of resources: each segment is escaped, so an id can never name another endpoint.

use std::fmt::{self, Write as _};

use super::transport::Url;

/// A path under `/admin`, or a probe's beside it: as it is sent, and as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path {
    sent: String,
    shown: String,
}

impl Path {
    /// The path of fixed words, e.g. `["keys", "usage"]`.
    pub(super) fn of(words: &[&str]) -> Self {
        let mut path = String::from("/admin");
        for word in words {
            path.push('/');
            path.push_str(word);
        }
        Self { shown: path.clone(), sent: path }
    }

    /// The path of a probe, which is not under `/admin`.
    pub(super) fn probe(word: &str) -> Self {
        Self { sent: format!("/{word}"), shown: format!("/{word}") }
    }

    /// The path with an id appended. Every byte that is not plainly part of an id is escaped; so is the first byte, because an
    /// escaped first byte keeps an id such as `usage` from matching a route's own word.
    pub(super) fn id(mut self, id: &str) -> Self {
        self.shown.extend(["/", id]);
        self.sent.push('/');
        for (at, byte) in id.bytes().enumerate() {
            let plain = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~');
            if plain && at > 0 {
                self.sent.push(char::from(byte));
            } else {
                write!(self.sent, "%{byte:02X}").expect("writing to a String cannot fail");
            }
        }
        self
    }

    /// The path with a fixed word appended.
    pub(super) fn word(mut self, word: &str) -> Self {
        for path in [&mut self.sent, &mut self.shown] {
            path.extend(["/", word]);
        }
        self
    }

    /// The path as it is sent.
    pub(super) fn as_str(&self) -> &str {
        &self.sent
    }

    /// The address below `base`, whether or not that ends in a slash.
    pub(super) fn under(&self, base: &Url) -> Url {
        let mut url = base.clone();
        url.set_query(None);
        url.set_fragment(None);
        let path = format!("{}{}", base.path().trim_end_matches('/'), self.sent);
        url.set_path(&path);
        url
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

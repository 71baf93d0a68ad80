//! Addresses on the page's own origin. The browser takes them apart itself; here they are only put together.

use std::fmt;

/// An http(s) address without user name and fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    whole: String,
    /// Where the path begins.
    path: usize,
    /// Where the query begins, its question mark included.
    query: usize,
}

/// A text that is no address.
#[derive(Debug)]
pub(in crate::client) struct NoAddress;

impl Url {
    pub(in crate::client) fn parse(text: &str) -> Result<Self, NoAddress> {
        let host = text.find("://").ok_or(NoAddress)? + 3;
        if text.contains(|c: char| c.is_whitespace() || c.is_control()) || text[host..].contains(['@', '#']) {
            return Err(NoAddress);
        }
        let query = text.find('?').unwrap_or(text.len());
        let path = text[host..query].find('/').map_or(query, |at| host + at);
        Ok(Self { whole: text.to_owned(), path, query })
    }

    pub(in crate::client) fn scheme(&self) -> &str {
        self.whole.split(':').next().unwrap_or_default()
    }

    pub(in crate::client) fn host(&self) -> Option<&str> {
        self.whole[..self.path].split("://").nth(1).filter(|host| !host.is_empty())
    }

    pub(in crate::client) fn path(&self) -> &str {
        &self.whole[self.path..self.query]
    }

    /// As a browser would take it: a segment that means "here" or "up", escaped or not, is none.
    pub(in crate::client) fn set_path(&mut self, path: &str) {
        let plain = |segment: &&str| !matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
        let path = path.split('/').filter(plain).collect::<Vec<_>>().join("/");
        self.whole.replace_range(self.path..self.query, &path);
        self.query = self.path + path.len();
    }

    pub(in crate::client) fn set_query(&mut self, query: Option<&str>) {
        self.whole.truncate(self.query);
        self.append(query.unwrap_or_default());
    }

    /// There is never one.
    #[expect(clippy::unused_self, reason = "the other transport's address may have one")]
    pub(in crate::client) fn set_fragment(&mut self, _none: Option<&str>) {}

    /// More pairs for the query.
    pub(super) fn append(&mut self, pairs: &str) {
        if !pairs.is_empty() {
            self.whole.push(if self.whole.len() == self.query { '?' } else { '&' });
            self.whole.push_str(pairs);
        }
    }

    pub(in crate::client) fn origin(&self) -> Origin<'_> {
        Origin(&self.whole[..self.path])
    }

    pub(in crate::client) fn as_str(&self) -> &str {
        &self.whole
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.whole)
    }
}

/// Scheme, host and port.
pub(in crate::client) struct Origin<'a>(&'a str);

impl Origin<'_> {
    pub(in crate::client) fn ascii_serialization(&self) -> String {
        self.0.to_owned()
    }
}

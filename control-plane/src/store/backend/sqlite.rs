//! SQLite files: the spellings of a DSN, and how a file comes to be.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{Error, ErrorKind};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::{Backend, InvalidBackend};

/// A SQLite database file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqliteFile {
    /// Where it is, as an absolute path, so that two spellings of one file are one database.
    pub path: PathBuf,
}

impl SqliteFile {
    /// The file at `path`.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self { path: std::path::absolute(path).unwrap_or_else(|_| path.to_owned()) }
    }

    /// Makes the file, for its owner alone, if there is none: SQLite itself would let others read it, and gives its write-ahead
    /// log the mode of the file.
    pub(in crate::store) fn create(&self) -> Result<(), Error> {
        if let Some(parent) = self.path.parent() {
            DirBuilder::new().recursive(true).mode(0o700).create(parent)?;
        }
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        }
    }
}

/// Reads `path`, `sqlite://path`, `sqlite:path`, or a `file:` URI with escapes and a query.
pub(super) fn parse(dsn: &str) -> Result<Backend, InvalidBackend> {
    let (path, query) = match uri(dsn) {
        Some(rest) => {
            let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
            (unescape(path)?, query)
        }
        None => (dsn.to_owned(), ""),
    };
    let mut memory = path == ":memory:";
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair {
            "mode=rwc" | "cache=private" => {}
            "mode=memory" => memory = true,
            other => {
                let reason = format!("the parameter `{other}` is not supported; a path alone is enough");
                return Err(InvalidBackend::Dsn(reason));
            }
        }
    }
    match path.as_str() {
        _ if memory => Ok(Backend::Memory),
        "" => Err(InvalidBackend::Dsn("it names no file".to_owned())),
        path => Ok(Backend::Sqlite(SqliteFile::at(Path::new(path)))),
    }
}

/// What follows the scheme; `None`: a plain path, in which nothing is escaped.
fn uri(dsn: &str) -> Option<&str> {
    if let Some(rest) = dsn.strip_prefix("file:") {
        return Some(rest.strip_prefix("//localhost").or_else(|| rest.strip_prefix("//")).unwrap_or(rest));
    }
    let rest = dsn.strip_prefix("sqlite:")?;
    Some(rest.strip_prefix("//").unwrap_or(rest))
}

fn unescape(text: &str) -> Result<String, InvalidBackend> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let escaped = if byte == b'%' { tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok()) } else { None };
        let (value, next) = match escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(value) => (value, &tail[2..]),
            None => (byte, tail),
        };
        bytes.push(value);
        rest = next;
    }
    String::from_utf8(bytes).map_err(|_| InvalidBackend::Dsn("its escapes are not UTF-8".to_owned()))
}

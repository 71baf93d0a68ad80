//! Which database an area of the store lives in, as the environment says it.

use std::fmt;
use std::path::Path;
use std::str::FromStr as _;

use sea_orm::sqlx::postgres::PgConnectOptions;

mod sqlite;

pub use sqlite::SqliteFile;

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

/// The address of a PostgreSQL database, password included: it is shown without.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl {
    url: String,
    shown: String,
}

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
    #[error("the DSN cannot be read: {0}")]
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
        let told = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let dsn = told(dsn);
        match (told(backend).map(|name| name.to_lowercase()).as_deref(), dsn) {
            (Some("memory" | "in-memory" | "inmemory"), _) => Ok(Self::Memory),
            (Some("postgres" | "postgresql"), None) => Err(InvalidBackend::MissingDsn),
            (Some("postgres" | "postgresql"), Some(dsn)) => PostgresUrl::parse(&dsn).map(Self::Postgres),
            (None, Some(dsn)) if is_postgres(&dsn) => PostgresUrl::parse(&dsn).map(Self::Postgres),
            (Some("sqlite") | None, Some(dsn)) => sqlite::parse(&dsn),
            (Some("sqlite") | None, None) => Ok(Self::Sqlite(SqliteFile::at(default))),
            (Some(unknown), _) => Err(InvalidBackend::Unknown(unknown.to_owned())),
        }
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("in-memory"),
            Self::Sqlite(file) => write!(f, "sqlite {}", file.path.display()),
            Self::Postgres(url) => url.fmt(f),
        }
    }
}

fn is_postgres(dsn: &str) -> bool {
    dsn.starts_with("postgres://") || dsn.starts_with("postgresql://")
}

impl PostgresUrl {
    fn parse(dsn: &str) -> Result<Self, InvalidBackend> {
        if !is_postgres(dsn) {
            return Err(InvalidBackend::Dsn("it does not begin with postgres:// or postgresql://".to_owned()));
        }
        let options = PgConnectOptions::from_str(dsn).map_err(|error| InvalidBackend::Dsn(error.to_string()))?;
        let host = options.get_socket().map_or_else(|| options.get_host().to_owned(), |path| path.display().to_string());
        let database = options.get_database().unwrap_or_default();
        let shown = format!("postgres://{host}:{}/{database}", options.get_port());
        Ok(Self { url: dsn.to_owned(), shown })
    }

    /// The address with its password, for the connection alone.
    pub(super) fn expose(&self) -> &str {
        &self.url
    }
}

impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresUrl({self})")
    }
}

#[cfg(test)]
mod tests;

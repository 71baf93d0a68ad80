//! What the control plane remembers: the database, as the domain's verbs.
//!
//! Rows stop here: callers see the types of this module. Three areas (configuration, keys, request log) may live in three
//! databases or share one; SQLite and PostgreSQL behave alike, and memory is SQLite without a file.

use sea_orm::DbErr;
use tokio::sync::watch;

mod activation;
mod actor;
mod audit;
mod backend;
mod bootstrap;
mod error;
mod key;
mod log;
mod page;
mod setting;
mod worker;

pub use activation::{Action, Activation, Draft, History, Version};
pub use actor::Actor;
pub use audit::{AuditEntry, AuditFilter, AuditTrail, Deed, Outcome};
pub use backend::{Backend, InvalidBackend, PostgresUrl, SqliteFile};
pub use bootstrap::{Bootstrap, BootstrapCredential};
pub use error::{Guard, StoreError};
pub use key::{
    Expiry, IssuedKey, Key, KeyChanges, KeyDigest, KeyEdit, KeyGrant, NewKey, Scope, Scopes, UnknownScope,
};
pub use log::{
    Group, KeyFilter, KeyUse, Latency, LogAttempt, LogCursor, LogEntry, LogError, LogFilter, LogItem, LogPage, LogRecord, LogRow,
    LogStats, LogSum, Point, Purge, Series, StatsFilter, StatusFilter, Tokens, TopError, Totals, UsageFilter, UsageMinute,
};
pub use page::Page;
pub use worker::WorkerRow;

/// A part of the store that may have a database of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Area {
    /// Versions, activations, workers, settings.
    Config,
    /// API keys and bootstrap credentials.
    Keys,
    /// The request log and what is summed from it.
    Logs,
}

/// Where each area lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Areas {
    /// Configuration.
    pub config: Backend,
    /// Keys.
    pub keys: Backend,
    /// The request log; `None`: there is none.
    pub logs: Option<Backend>,
}

impl Areas {
    /// Everything in one database.
    #[must_use]
    pub fn all_in(backend: Backend) -> Self {
        Self { config: backend.clone(), keys: backend.clone(), logs: Some(backend) }
    }
}

/// The store. Cloning is cheap; the databases are closed with the last clone.
#[derive(Debug, Clone)]
pub struct Store {
    changes: watch::Sender<u64>,
}

impl Store {
    /// Opens the databases and brings their schemas up to date.
    ///
    /// # Errors
    ///
    /// [`StoreError::Open`], or [`StoreError::Newer`] when a newer build has been here; nothing is written then.
    pub async fn open(areas: &Areas) -> Result<Self, StoreError> {
        let _ = areas;
        Err(unbuilt())
    }

    /// Changes whenever a configuration or key may have changed, here or at another control plane: read again what you follow.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Asks the area's database for a sign of life.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] within about three seconds, or [`StoreError::Disabled`] without a request log.
    pub async fn ping(&self, area: Area) -> Result<(), StoreError> {
        let _ = area;
        Err(unbuilt())
    }

    /// Closes the databases; whoever uses the store afterwards finds it unavailable.
    pub async fn close(&self) {}
}

fn unbuilt() -> StoreError {
    StoreError::Unavailable(DbErr::Custom("not built yet".to_owned()))
}

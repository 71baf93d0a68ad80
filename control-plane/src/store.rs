//! What the control plane remembers: the database, as the domain's verbs.
//!
//! Rows stop here: callers see the types of this module. Three areas (configuration, keys, request log) may live in three
//! databases or share one; SQLite and PostgreSQL behave alike, and memory is SQLite without a file.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use tokio::sync::watch;
use tokio_util::task::AbortOnDropHandle;

use database::Database;

mod activation;
mod actor;
mod audit;
mod backend;
mod bootstrap;
mod column;
mod database;
mod error;
mod follow;
mod key;
mod log;
mod page;
mod redact;
mod secret;
mod session;
mod setting;
mod spread;
mod worker;

pub use activation::{Action, Activation, Draft, History, Outline, Version};
pub use actor::Actor;
pub use audit::{AuditCursor, AuditEntry, AuditFilter, AuditTrail, Deed, Outcome};
pub use backend::{Backend, InvalidBackend, PostgresUrl, SqliteFile};
pub use bootstrap::{Bootstrap, BootstrapCredential};
pub use error::{Guard, StoreError};
pub use ferrogw_migration::Area;
pub(crate) use key::counted_as;
pub use key::{Expiry, IssuedKey, Key, KeyChanges, KeyDigest, KeyEdit, KeyGrant, NewKey, Scope, Scopes, UnknownScope};
pub(crate) use log::is_reserved_key_id;
pub use log::{
    Added, Beginning, Dimension, Figures, Group, KeyFilter, KeyUse, Latency, LogAttempt, LogCursor, LogEntry, LogError,
    LogFilter, LogItem, LogPage, LogPlace, LogRecord, LogRow, LogStats, LogSum, Point, Purge, Series, StatsFilter, StatusFilter,
    Tokens, TopError, Totals, Usage, UsageGroup, UsageQuery, UsageStep,
};
pub use page::Page;
pub use session::{OpenedSession, SESSION_PREFIX, Session};
pub use worker::WorkerRow;

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

    /// The distinct databases, each with the areas that live in it.
    fn databases(&self) -> Vec<(&Backend, Vec<Area>)> {
        let homes = [(Area::Config, Some(&self.config)), (Area::Keys, Some(&self.keys)), (Area::Logs, self.logs.as_ref())];
        let mut databases: Vec<(&Backend, Vec<Area>)> = Vec::new();
        for (area, backend) in homes.into_iter().filter_map(|(area, backend)| Some((area, backend?))) {
            match databases.iter_mut().find(|(known, _)| *known == backend) {
                Some((_, areas)) => areas.push(area),
                None => databases.push((backend, vec![area])),
            }
        }
        databases
    }
}

/// The store. Cloning is cheap; the databases are closed by [`Store::close`], or with the last clone.
#[derive(Debug, Clone)]
pub struct Store {
    open: Arc<Open>,
}

#[derive(Debug)]
struct Open {
    databases: Vec<(Database, Vec<Area>)>,
    changes: watch::Sender<u64>,
    /// The version that was in force when that was last asked.
    version: ArcSwapOption<Version>,
    _followers: Vec<AbortOnDropHandle<()>>,
}

impl Store {
    /// Opens the databases and brings their schemas up to date.
    ///
    /// # Errors
    ///
    /// [`StoreError::Open`], or [`StoreError::Newer`] when a newer build has been here; nothing is written to that database then.
    pub async fn open(areas: &Areas) -> Result<Self, StoreError> {
        let mut databases = Vec::new();
        for (backend, areas) in areas.databases() {
            databases.push((Database::open(backend, &areas).await?, areas));
        }
        let (changes, _) = watch::channel(0);
        let followers = follow::followers(&areas.config, &areas.keys, &changes);
        Ok(Self { open: Arc::new(Open { databases, changes, version: ArcSwapOption::empty(), _followers: followers }) })
    }

    /// Changes whenever a configuration or key may have changed, here or at another control plane: read again what you follow.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.open.changes.subscribe()
    }

    /// Asks the area's database for a sign of life.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] within about three seconds, or [`StoreError::Disabled`] without a request log.
    pub async fn ping(&self, area: Area) -> Result<(), StoreError> {
        self.database(area)?.ping().await
    }

    /// Closes the databases; whoever uses the store afterwards finds it unavailable.
    pub async fn close(&self) {
        for (database, _) in &self.open.databases {
            database.close().await;
        }
    }

    /// The database that an area lives in.
    fn database(&self, area: Area) -> Result<&Database, StoreError> {
        let home = self.open.databases.iter().find(|(_, areas)| areas.contains(&area));
        home.map(|(database, _)| database).ok_or(StoreError::Disabled)
    }

    /// Tells followers in this process that there is something new to read.
    fn changed(&self) {
        follow::bump(&self.open.changes);
    }
}

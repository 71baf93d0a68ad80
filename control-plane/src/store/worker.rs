//! The workers that have been seen.

use time::OffsetDateTime;
use uuid::Uuid;

use super::{Store, StoreError};

/// A worker as it was last seen.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkerRow {
    /// The id that it keeps in its data directory.
    pub id: Uuid,
    /// Its host's name.
    pub name: String,
    /// Its build.
    pub build: String,
    /// When it last said something.
    pub last_seen_at: OffsetDateTime,
    /// The generation that it runs; 0: none.
    pub generation: u64,
    /// The revision of its key table; 0: none.
    pub key_revision: u64,
    /// Why it refused the last update that it refused, as JSON; null: it refused none since it last accepted one.
    pub issues: serde_json::Value,
    /// Its last report, as JSON.
    pub report: serde_json::Value,
}

impl Store {
    /// Writes down how a worker is.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn touch_worker(&self, worker: &WorkerRow) -> Result<(), StoreError> {
        let _ = worker;
        Err(super::unbuilt())
    }

    /// All workers that have ever been seen, those seen last first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn workers(&self) -> Result<Vec<WorkerRow>, StoreError> {
        Err(super::unbuilt())
    }
}

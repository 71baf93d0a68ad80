//! What each key was used for, for good: it outlives the rows that it comes from.

use std::collections::HashMap;

use sea_orm::EntityTrait as _;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::entity::key_use;
use crate::store::column::{instant, unsigned};
use crate::store::{Area, Store, StoreError};

/// What one key was used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyUse {
    /// How many requests.
    pub requests: u64,
    /// When the newest of them arrived.
    pub last_used_at: OffsetDateTime,
    /// Their known cost in nano-dollars.
    pub cost_nanos: i64,
    /// How many had no known cost.
    pub unpriced: u64,
}

impl Store {
    /// What each key was used for; a key that was never used is absent.
    ///
    /// # Errors
    ///
    /// [`StoreError::Disabled`] without a request log.
    pub async fn key_usage(&self) -> Result<HashMap<Uuid, KeyUse>, StoreError> {
        let rows = key_use::Entity::find().all(&self.database(Area::Logs)?.reader).await?;
        Ok(rows.into_iter().map(|row| (row.key_id, KeyUse::from(row))).collect())
    }
}

impl From<key_use::Model> for KeyUse {
    fn from(row: key_use::Model) -> Self {
        Self {
            requests: unsigned(row.requests),
            last_used_at: instant(row.last_used_us),
            cost_nanos: row.cost_nanos,
            unpriced: unsigned(row.unpriced),
        }
    }
}

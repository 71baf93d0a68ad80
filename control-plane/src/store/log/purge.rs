//! Throwing rows of the request log away.

use time::OffsetDateTime;

use crate::store::{Actor, Store, StoreError};

/// Which rows are to go.
#[derive(Debug, Clone)]
pub struct Purge {
    /// Those that arrived strictly before.
    pub before: OffsetDateTime,
    /// Only those of this model.
    pub model: Option<String>,
    /// Only those of this provider.
    pub provider: Option<String>,
}

impl Store {
    /// Deletes rows and says how many; what keys used and what was spent stays known.
    ///
    /// # Errors
    ///
    /// [`StoreError::Disabled`] without a request log.
    pub async fn purge_logs(&self, purge: &Purge, actor: &Actor) -> Result<u64, StoreError> {
        let _ = (purge, actor);
        Err(super::super::unbuilt())
    }
}

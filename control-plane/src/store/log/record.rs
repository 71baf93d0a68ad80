//! Storing what workers deliver, exactly once.

use uuid::Uuid;

use super::LogItem;
use crate::store::{Store, StoreError};

impl Store {
    /// Stores what of `items` is new and gives the watermark: the last sequence of (`worker`, `epoch`) that is committed. What is
    /// not above the watermark is skipped, so that a batch may be delivered again, also after its rows were purged.
    ///
    /// # Errors
    ///
    /// [`StoreError::Disabled`] without a request log.
    pub async fn record(&self, worker: Uuid, epoch: u64, items: &[LogItem]) -> Result<u64, StoreError> {
        let _ = (worker, epoch, items);
        Err(super::super::unbuilt())
    }

    /// The last committed sequence of (`worker`, `epoch`); 0: none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Disabled`] without a request log.
    pub async fn watermark(&self, worker: Uuid, epoch: u64) -> Result<u64, StoreError> {
        let _ = (worker, epoch);
        Err(super::super::unbuilt())
    }
}

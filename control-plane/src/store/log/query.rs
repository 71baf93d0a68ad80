//! Reading the request log.

use std::collections::HashMap;

use time::OffsetDateTime;
use uuid::Uuid;

use super::{LogFilter, LogRow};
use crate::store::{KeyUse, Page, Store, StoreError};

/// A place in the log, between a row and the next older one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogCursor {
    /// When that row's request arrived.
    pub started_at: OffsetDateTime,
    /// That row's id.
    pub id: Uuid,
}

/// A part of the request log.
#[derive(Debug, Clone)]
pub struct LogPage {
    /// Newest first; rows of the same instant by id.
    pub rows: Vec<LogRow>,
    /// How many rows match in all, whatever the page.
    pub total: u64,
    /// Where the next page begins; `None`: this was the last one.
    pub next: Option<LogCursor>,
}

impl Store {
    /// The matching rows, newest first: `page`, after `cursor` where one is given.
    ///
    /// # Errors
    ///
    /// [`StoreError::Disabled`] without a request log.
    pub async fn logs(&self, filter: &LogFilter, page: Page, cursor: Option<LogCursor>) -> Result<LogPage, StoreError> {
        let _ = (filter, page, cursor);
        Err(super::super::unbuilt())
    }

    /// What each key was used for; a key that was never used is absent.
    ///
    /// # Errors
    ///
    /// [`StoreError::Disabled`] without a request log.
    pub async fn key_usage(&self) -> Result<HashMap<Uuid, KeyUse>, StoreError> {
        Err(super::super::unbuilt())
    }
}

//! Two editors at once: who was faster.

use ferrogw_api::client::HistoryQuery;
use ferrogw_api::config::HistoryEntry;
use ferrogw_api::{Client, Error};

use crate::failure::Failure;

/// Most changes of others that are told.
const MOST: u64 = 20;

/// The result; where another version than `expected` was in force, with what happened since.
pub(super) async fn explained<T>(client: &Client, expected: Option<u64>, result: Result<T, Error>) -> Result<T, Failure> {
    match (result, expected) {
        (Err(error), Some(expected)) if error.code() == Some("version_conflict") => {
            let since = since(client, expected).await;
            Err(Failure::Overtaken { error: Box::new(error), expected, since })
        }
        (result, _) => Ok(result?),
    }
}

/// What came into force since; nothing where that cannot be had, since the conflict is what has to be told.
async fn since(client: &Client, expected: u64) -> Vec<HistoryEntry> {
    let history = client.history(&HistoryQuery { limit: Some(MOST), offset: None, documents: Some(false) }).await;
    history.map(|history| history.data.into_iter().filter(|entry| entry.version > expected).collect()).unwrap_or_default()
}

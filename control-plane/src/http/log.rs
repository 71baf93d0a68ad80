//! The request log: page through it, look at one request, take it away as a file, follow it, throw old rows away.

use axum::Json;
use axum::extract::State;
use ferrogw_api::Envelope;
use ferrogw_api::log::{LogEntry, LogPage, LogSummary};

use super::cursor;
use super::query::Parameters;
use super::rejection::Rejection;
use crate::app::App;
use crate::store::{LogCursor, Page};
use entry::entry;
use wanted::{Wanted, WantedParameters};

pub(super) use wanted::key_filter;

pub(super) mod detail;
mod entry;
pub(super) mod export;
pub(super) mod purge;
mod stage;
pub(super) mod stats;
pub(super) mod tail;
mod wanted;

/// The request log, newest first.
///
/// A page has `next_cursor` unless it is the last one. Whatever is asked, a bounded number of rows is looked at: where a filter
/// is rare, a page may be short, or empty, and still have a next one, and `summary.more` says that `total_entries` is not all.
#[utoipa::path(
    get, path = "/admin/logs", tag = "logs",
    params(
        ("limit" = Option<u64>, Query, description = "Longest page: 50, at most 200."),
        ("cursor" = Option<String>, Query, description = "Where the page begins: the `next_cursor` of the page before."),
        ("offset" = Option<u64>, Query, description = "Requests to leave out before it, at most 10,000; a `cursor` leads further."),
        WantedParameters
    ),
    responses((status = 200, body = LogPage), (status = 400, body = Envelope), (status = 501, body = Envelope))
)]
pub(super) async fn list(State(app): State<App>, parameters: Parameters) -> Result<Json<LogPage>, Rejection> {
    let page = Page { limit: parameters.limit(50, 200)?, offset: parameters.offset()? };
    let cursor = place(&parameters)?;
    let wanted = Wanted::read(&parameters)?;
    // The store is asked in any case: without a request log the answer is 501, not an empty page.
    let asked = if wanted.nothing { Page { limit: 1, offset: 0 } } else { page };
    let mut found = app.store.logs(&wanted.filter, asked, cursor).await?;
    if wanted.nothing {
        (found.rows, found.total, found.more, found.next) = (Vec::new(), 0, false, None);
    }
    let data: Vec<LogEntry> = found.rows.into_iter().map(|row| entry(row.record)).collect();
    let summary = LogSummary { total_entries: found.total, returned_entries: data.len() as u64, more: found.more };
    let next_cursor = found.next.map(|next| cursor::write(next.started_at, next.id));
    Ok(Json(LogPage { data, summary, filters: wanted.echo(page), next_cursor }))
}

/// Where the caller wants to go on.
fn place(parameters: &Parameters) -> Result<Option<LogCursor>, Rejection> {
    Ok(cursor::read(parameters)?.map(|(started_at, id)| LogCursor { started_at, id }))
}

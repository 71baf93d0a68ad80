//! The request log as a file: read and sent part by part, so that its length costs no memory.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use ferrogw_api::Envelope;
use ferrogw_api::log::{ExportCut, LogEntry};
use futures::stream::{self, StreamExt as _};
use tokio::sync::OwnedSemaphorePermit;

use super::entry::entry;
use super::wanted::{Wanted, WantedParameters};
use crate::app::App;
use crate::http::cursor;
use crate::http::query::Parameters;
use crate::http::rejection::Rejection;
use crate::store::{LogCursor, LogFilter, LogRow, Store, StoreError};
use format::Format;

mod format;

/// Requests that an export holds at most.
const MOST: u64 = 100_000;

/// Requests that are read at once.
const PART: u64 = 1_000;

/// The request log as a file, newest first: 100,000 requests at most.
///
/// `json` is an object per line (NDJSON), `csv` a header and a line per request; cells that a spreadsheet would take for a formula
/// begin with an apostrophe. Where there is more than the file holds, its last line says so and names the `cursor` to go on with.
#[utoipa::path(
    get, path = "/admin/logs/export", tag = "logs",
    params(
        ("format" = Option<String>, Query, description = "`csv` or `json`, which is the default."),
        ("cursor" = Option<String>, Query, description = "Where to begin: the cursor of a page, or of an export that was cut."),
        WantedParameters
    ),
    responses(
        (status = 200, body = ExportCut, content_type = "application/x-ndjson"),
        (status = 400, body = Envelope), (status = 501, body = Envelope)
    )
)]
pub(in crate::http) async fn export(State(app): State<App>, parameters: Parameters) -> Result<Response, Rejection> {
    let format = match parameters.word("format", &["csv", "json"])? {
        Some("csv") => Format::Csv,
        _ => Format::Json,
    };
    let from = super::place(&parameters)?;
    let Wanted { filter, nothing, .. } = Wanted::read(&parameters)?;
    let seat = app
        .export_seat()
        .ok_or_else(|| Rejection::crowded("Too many exports are running. Try again when one of them has ended."))?;
    let mut export = Export { store: app.store, filter, format, left: MOST, next: Next::From(from), _seat: seat };
    // The first part is read before anything is sent, so that a refusal is still an answer of its own.
    let first = if nothing { export.nothing().await? } else { export.part().await? };
    let head = stream::iter(format.head().into_iter().chain(first).map(Ok));
    let parts = stream::unfold(export, |mut export| async move { export.next().await.map(|part| (part, export)) });
    let disposition = HeaderValue::from_static(format.disposition());
    let headers = [(CONTENT_TYPE, HeaderValue::from_static(format.content_type())), (CONTENT_DISPOSITION, disposition)];
    Ok((headers, Body::from_stream(head.chain(parts))).into_response())
}

/// An export under way.
struct Export {
    store: Store,
    filter: LogFilter,
    format: Format,
    left: u64,
    next: Next,
    _seat: OwnedSemaphorePermit,
}

enum Next {
    From(Option<LogCursor>),
    End,
}

impl Export {
    /// What the stream gives next. A fault ends it, and with it the connection, so that nobody takes the file for whole.
    async fn next(&mut self) -> Option<Result<Bytes, StoreError>> {
        match self.part().await {
            Ok(part) => part.map(Ok),
            Err(error) => {
                tracing::warn!(%error, "an export of the request log broke off: {error}");
                self.next = Next::End;
                Some(Err(error))
            }
        }
    }

    /// The next lines; `None`: that was all.
    async fn part(&mut self) -> Result<Option<Bytes>, StoreError> {
        loop {
            let Next::From(place) = self.next else { return Ok(None) };
            let (rows, next) = self.store.log_rows(&self.filter, PART.min(self.left), place).await?;
            self.left = self.left.saturating_sub(rows.len() as u64);
            self.next = next.map_or(Next::End, |next| Next::From(Some(next)));
            let mut lines = self.lines(rows);
            if let (Some(next), 0) = (next, self.left) {
                self.next = Next::End;
                let cut = ExportCut { cut: true, records: MOST, next_cursor: cursor::write(next.started_at, next.id) };
                lines.push_str(&self.format.cut(&cut));
            }
            if !lines.is_empty() {
                return Ok(Some(lines.into()));
            }
        }
    }

    /// No lines, but whether there is a log at all.
    async fn nothing(&mut self) -> Result<Option<Bytes>, StoreError> {
        self.next = Next::End;
        self.store.log_rows(&self.filter, 1, None).await.map(|_| None)
    }

    fn lines(&self, rows: Vec<LogRow>) -> String {
        let entries: Vec<LogEntry> = rows.into_iter().map(|row| entry(row.record)).collect();
        entries.iter().map(|entry| self.format.line(entry)).collect()
    }
}

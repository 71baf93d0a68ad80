//! `admin logs`: the request log.

mod detail;
mod export;
mod stats;

use ferrogw_api::Client;
use ferrogw_api::client::Purge;
use ferrogw_api::log::{LogEntry, LogQuery};
use serde::Serialize;

pub(super) use detail::get;
pub(super) use export::export;
pub(super) use stats::stats;

use crate::args::{ListLogs, LogFilter, PurgeLogs};
use crate::clock::When;
use crate::failure::Failure;
use crate::input;
use crate::output::{Column, Output, Progress, Tone, column, count, dollars, id, instant, millis, moment, toned};

const COLUMNS: &[Column<LogEntry>] = &[
    column("TIME", |entry| moment(entry.created_at)),
    toned("STATUS", |entry| entry.status.to_string(), tone),
    column("PROVIDER", |entry| entry.provider.clone()),
    column("MODEL", |entry| entry.shown_model().to_owned()),
    column("TOKENS", |entry| entry.total_tokens.to_string()),
    column("COST USD", |entry| dollars(entry.cost_usd)),
    column("DURATION MS", |entry| millis(entry.duration_ms)),
    column("ERROR", |entry| entry.error_message.clone()),
    id("ID", |entry| entry.id.clone()),
];

/// The longest page that the gateway gives.
const PAGE: u64 = 200;

/// Lists as many as are wanted, page by page.
pub(super) async fn list(client: &Client, wanted: ListLogs, output: Output) -> Result<(), Failure> {
    let mut query = wanted.filter.query(client, output).await?;
    query.offset = Some(wanted.offset).filter(|offset| *offset > 0);
    query.cursor = wanted.cursor;
    let mut progress = Progress::of(output);
    let mut entries: Vec<LogEntry> = Vec::new();
    let (summary, next) = loop {
        let left = wanted.limit.saturating_sub(entries.len() as u64);
        query.limit = Some(left.clamp(1, PAGE));
        let page = client.logs(&query).await?;
        entries.extend(page.data);
        // A page may be short, or empty, and still have a next one.
        let done = page.next_cursor.is_none() || entries.len() as u64 >= wanted.limit;
        if done {
            break (page.summary, page.next_cursor);
        }
        progress.tell(&format!("{} requests", count(entries.len() as u64)));
        (query.cursor, query.offset) = (page.next_cursor, None);
    };
    progress.end();
    let more = if summary.more { "more than " } else { "" };
    output.note(&format!("{} of {more}{} requests", count(entries.len() as u64), count(summary.total_entries)));
    output.list(&entries, COLUMNS, "")?;
    if let Some(cursor) = next {
        output.note(&format!("older ones: --cursor {cursor}"));
    }
    Ok(())
}

impl LogFilter {
    /// As the admin API takes it.
    pub(super) async fn query(self, client: &Client, output: Output) -> Result<LogQuery, Failure> {
        let [since, until] = When::resolve_all([self.since, self.until], client, output).await?;
        Ok(LogQuery {
            stage: self.stage,
            model: self.model,
            provider: self.provider,
            api_key_id: self.api_key_id,
            since,
            until,
            status: self.status,
            stream: self.stream,
            target: self.target,
            q: self.id,
            ..LogQuery::default()
        })
    }
}

/// What a purge would delete.
#[derive(Serialize)]
struct Planned {
    /// Requests.
    matching: u64,
    /// There are more than these; they were not counted to the end.
    more: bool,
}

pub(super) async fn purge(client: &Client, wanted: PurgeLogs, output: Output) -> Result<(), Failure> {
    let before = wanted.before.resolve(client, output).await?;
    let stage = wanted.stage.map(crate::args::Stage::name);
    let matching = LogQuery {
        limit: Some(1),
        until: Some(before),
        stage: stage.clone(),
        model: wanted.model.clone(),
        provider: wanted.provider.clone(),
        ..LogQuery::default()
    };
    let until = instant(Some(before));
    if wanted.dry_run || (!wanted.sure.yes && input::is_terminal()) {
        let found = client.logs(&matching).await?.summary;
        let total = format!("{}{}", if found.more { "more than " } else { "" }, count(found.total_entries));
        if wanted.dry_run {
            output.note(&format!("{total} requests from before {until} would be deleted"));
            let planned = Planned { matching: found.total_entries, more: found.more };
            return if output.is_table() { Ok(()) } else { output.record(&planned) };
        }
        let question = format!("{total} requests from before {until} go for good; sums and audit stay.");
        input::confirm("a purge", &question, "purge", false)?;
    } else if !wanted.sure.yes {
        return Err(Failure::Unconfirmed("a purge"));
    }
    let purge = Purge { before, stage, model: wanted.model, provider: wanted.provider };
    let purged = client.purge_logs(&purge).await?;
    output.note(&format!("{} requests from before {until} are deleted", count(purged.deleted)));
    if output.is_table() { Ok(()) } else { output.record(&purged) }
}

pub(super) fn tone(entry: &LogEntry) -> Tone {
    match entry.status {
        0..400 if entry.error_message.is_empty() => Tone::Plain,
        400..500 => Tone::Warn,
        _ => Tone::Bad,
    }
}

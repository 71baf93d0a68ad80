//! `admin logs`: the request log.

mod stats;

use ferrogw_api::Client;
use ferrogw_api::client::Purge;
use ferrogw_api::log::{LogEntry, LogQuery};

pub(super) use stats::stats;

use crate::args::{ListLogs, PurgeLogs};
use crate::clock::When;
use crate::failure::Failure;
use crate::input;
use crate::output::{Column, Output, Tone, column, count, dollars, id, instant, millis, moment, toned};

const COLUMNS: &[Column<LogEntry>] = &[
    column("TIME", |entry| moment(entry.created_at)),
    toned("STATUS", |entry| entry.status.to_string(), tone),
    column("PROVIDER", |entry| entry.provider.clone()),
    column("MODEL", model),
    column("TOKENS", |entry| entry.total_tokens.to_string()),
    column("COST USD", |entry| dollars(entry.cost_usd)),
    column("DURATION MS", |entry| millis(entry.duration_ms)),
    column("ERROR", |entry| entry.error_message.clone()),
    id("TRACE ID", |entry| entry.trace_id.clone()),
];

pub(super) async fn list(client: &Client, wanted: ListLogs, output: Output) -> Result<(), Failure> {
    let [since, until] = When::resolve_all([wanted.since, wanted.until], client, output).await?;
    let query = LogQuery {
        limit: Some(wanted.limit),
        offset: Some(wanted.offset),
        stage: wanted.stage,
        model: wanted.model,
        provider: wanted.provider,
        api_key_id: wanted.api_key_id,
        since,
        until,
        ..LogQuery::default()
    };
    let page = client.logs(&query).await?;
    output.note(&format!("{} of {} requests", page.summary.returned_entries, page.summary.total_entries));
    output.list(&page.data, COLUMNS, "")
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
        let total = count(client.logs(&matching).await?.summary.total_entries);
        if wanted.dry_run {
            output.note(&format!("{total} requests from before {until} would be deleted"));
            return Ok(());
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

/// The one that answered, or that was asked for.
pub(super) fn model(entry: &LogEntry) -> String {
    if entry.model.is_empty() { entry.requested_model.clone() } else { entry.model.clone() }
}

pub(super) fn tone(entry: &LogEntry) -> Tone {
    match entry.status {
        0..400 if entry.error_message.is_empty() => Tone::Plain,
        400..500 => Tone::Warn,
        _ => Tone::Bad,
    }
}

//! `admin logs`: the request log.

use ferrogw_api::Client;
use ferrogw_api::log::{LogEntry, LogQuery};

use crate::args::ListLogs;
use crate::failure::Failure;
use crate::output::{Column, Format, instant, number};
use crate::say;

const COLUMNS: &[Column<LogEntry>] = &[
    ("CREATED AT", |entry| instant(Some(entry.created_at))),
    ("STATUS", |entry| entry.status.to_string()),
    ("PROVIDER", |entry| entry.provider.clone()),
    ("MODEL", |entry| if entry.model.is_empty() { entry.requested_model.clone() } else { entry.model.clone() }),
    ("TOKENS", |entry| entry.total_tokens.to_string()),
    ("COST USD", |entry| number(entry.cost_usd)),
    ("DURATION MS", |entry| number(entry.duration_ms.map(|ms| format!("{ms:.1}")))),
    ("ERROR", |entry| entry.error_message.clone()),
    ("TRACE ID", |entry| entry.trace_id.clone()),
];

pub(super) async fn list(client: &Client, wanted: ListLogs, format: Format) -> Result<(), Failure> {
    let query = LogQuery {
        limit: Some(wanted.limit),
        offset: Some(wanted.offset),
        stage: wanted.stage,
        model: wanted.model,
        provider: wanted.provider,
        api_key_id: wanted.api_key_id,
        since: wanted.since,
        until: wanted.until,
    };
    let page = client.logs(&query).await?;
    say::note(&format!("{} of {} requests", page.summary.returned_entries, page.summary.total_entries));
    format.list(&page.data, COLUMNS)
}

//! `admin audit`: who changed what.

use ferrogw_api::Client;
use ferrogw_api::audit::{AuditEntry, AuditQuery};

use crate::args::ListAudit;
use crate::clock::When;
use crate::failure::Failure;
use crate::output::{Column, Output, Tone, column, count, id, moment, text, toned};

const COLUMNS: &[Column<AuditEntry>] = &[
    column("TIME", |entry| moment(entry.occurred_at)),
    column("ACTION", |entry| entry.action.clone()),
    toned("OUTCOME", |entry| entry.outcome.clone(), tone),
    column("ACTOR", |entry| entry.actor.clone()),
    column("TARGET", |entry| text(entry.target_id.as_deref())),
    column("FROM", |entry| text(entry.source_ip.as_deref())),
    column("DETAIL", |entry| text(entry.detail.as_deref())),
    id("ID", |entry| entry.id.clone()),
];

pub(super) async fn list(client: &Client, wanted: ListAudit, output: Output) -> Result<(), Failure> {
    let [since, until] = When::resolve_all([wanted.since, wanted.until], client, output).await?;
    let query = AuditQuery {
        limit: Some(wanted.limit),
        offset: Some(wanted.offset).filter(|offset| *offset > 0),
        cursor: wanted.cursor,
        action: wanted.action,
        actor_id: wanted.actor_id,
        target: wanted.target,
        outcome: wanted.outcome.map(|outcome| outcome.name().to_owned()),
        since,
        until,
    };
    let page = client.audit(&query).await?;
    output.note(&format!("{} of {} entries", page.summary.returned_entries, count(page.summary.total_entries)));
    output.list(&page.data, COLUMNS, "")?;
    if let Some(cursor) = page.next_cursor {
        output.note(&format!("older ones: --cursor {cursor}"));
    }
    Ok(())
}

fn tone(entry: &AuditEntry) -> Tone {
    match entry.outcome.as_str() {
        "ok" => Tone::Plain,
        "denied" => Tone::Warn,
        _ => Tone::Bad,
    }
}

//! The audit trail.

use axum::Json;
use axum::extract::State;
use ferrogw_api::Envelope;
use ferrogw_api::audit::{self as api, AuditFilters, AuditPage, AuditSummary};

use super::cursor;
use super::query::Parameters;
use super::rejection::Rejection;
use crate::app::App;
use crate::store::{AuditCursor, AuditEntry, AuditFilter, Outcome, Page};

/// Who did what, newest first.
#[utoipa::path(
    get, path = "/admin/audit", tag = "audit",
    params(
        ("limit" = Option<u64>, Query, description = "Longest page: 50, at most 200."),
        ("cursor" = Option<String>, Query, description = "Where the page begins: the `next_cursor` of the page before."),
        ("offset" = Option<u64>, Query, description = "Entries to leave out before it, at most 10,000; a `cursor` leads further."),
        ("action" = Option<String>, Query, description = "For example `key.create`."),
        ("actor_id" = Option<String>, Query, description = "The id of the credential that did it."),
        ("target" = Option<String>, Query, description = "What it was done to."),
        ("outcome" = Option<String>, Query, description = "`ok`, `denied` or `error`."),
        ("since" = Option<String>, Query, description = "At or after this time."),
        ("until" = Option<String>, Query, description = "Before this time.")
    ),
    responses((status = 200, body = AuditPage), (status = 400, body = Envelope))
)]
pub(super) async fn list(State(app): State<App>, parameters: Parameters) -> Result<Json<AuditPage>, Rejection> {
    let page = Page { limit: parameters.limit(50, 200)?, offset: parameters.offset()? };
    let outcome = parameters.word("outcome", &["ok", "denied", "error"])?;
    let (since, until) = (parameters.instant("since")?, parameters.instant("until")?);
    let filter = AuditFilter {
        action: parameters.text("action"),
        actor_id: parameters.text("actor_id"),
        target: parameters.text("target"),
        outcome: outcome.and_then(Outcome::named),
        since: since.as_ref().map(|since| since.at),
        until: until.as_ref().map(|until| until.at),
        page,
        after: cursor::read(&parameters)?.map(|(at, id)| AuditCursor { at, id }),
    };
    let trail = app.store.audit(&filter).await?;
    let data: Vec<api::AuditEntry> = trail.entries.into_iter().map(entry).collect();
    let summary = AuditSummary { total_entries: trail.total, returned_entries: data.len() as u64 };
    let filters = AuditFilters {
        limit: page.limit,
        offset: page.offset,
        action: filter.action,
        actor_id: filter.actor_id,
        target: filter.target,
        outcome: outcome.map(str::to_owned),
        since: since.map(|since| since.text),
        until: until.map(|until| until.text),
    };
    let next_cursor = trail.next.map(|next| cursor::write(next.at, next.id));
    Ok(Json(AuditPage { data, summary, filters, next_cursor }))
}

fn entry(entry: AuditEntry) -> api::AuditEntry {
    api::AuditEntry {
        id: entry.id.to_string(),
        occurred_at: entry.at,
        action: entry.action,
        actor: entry.actor,
        actor_id: entry.actor_id,
        target_id: Some(entry.target).filter(|target| !target.is_empty()),
        outcome: entry.outcome.name().to_owned(),
        detail: entry.detail,
        source_ip: entry.source_ip,
        trace_id: entry.request_id,
    }
}

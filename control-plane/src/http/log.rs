//! The request log: read it, throw old rows away.

use axum::Json;
use axum::extract::State;
use ferrogw_api::Envelope;
use ferrogw_api::log::{Attempt, LogEntry, LogFilters, LogPage, LogSummary, PurgeFilters, Purged};
use uuid::Uuid;

use super::figures::{dollars, millis};
use super::query::{Instant, Parameters};
use super::rejection::Rejection;
use crate::app::App;
use crate::auth::Principal;
use crate::store::{KeyFilter, LogAttempt, LogFilter, LogRow, Page, Purge, StatusFilter};

pub(super) mod stats;

/// Which rows a `stage` means. There is one row per request, so a stage says how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Every request.
    Any,
    /// Requests that succeeded.
    After,
    /// Requests that failed.
    Error,
    /// Something that no row is at.
    Nothing,
}

impl Stage {
    const AFTER: &'static str = "after_request";
    const ERROR: &'static str = "on_error";

    pub(super) fn of(text: Option<&str>) -> Self {
        match text {
            None | Some("" | "all") => Self::Any,
            Some(Self::AFTER) => Self::After,
            Some(Self::ERROR) => Self::Error,
            Some(_) => Self::Nothing,
        }
    }

    pub(super) fn status(self) -> Option<StatusFilter> {
        match self {
            Self::Any | Self::Nothing => None,
            Self::After => Some(StatusFilter::Succeeded),
            Self::Error => Some(StatusFilter::Failed),
        }
    }
}

/// The request log, newest first.
#[utoipa::path(
    get, path = "/admin/logs", tag = "logs",
    params(
        ("limit" = Option<u64>, Query, description = "Longest page: 50, at most 200."),
        ("offset" = Option<u64>, Query, description = "Requests to leave out before it."),
        ("stage" = Option<String>, Query, description = "`after_request` for successes, `on_error` for failures."),
        ("model" = Option<String>, Query),
        ("provider" = Option<String>, Query),
        ("api_key_id" = Option<String>, Query, description = "A key's id, or `none` for requests without one."),
        ("since" = Option<String>, Query, description = "Arrived at or after this time."),
        ("until" = Option<String>, Query, description = "Arrived before this time.")
    ),
    responses((status = 200, body = LogPage), (status = 400, body = Envelope), (status = 501, body = Envelope))
)]
pub(super) async fn list(State(app): State<App>, parameters: Parameters) -> Result<Json<LogPage>, Rejection> {
    let page = Page { limit: parameters.limit(50, 200)?, offset: parameters.count("offset", u64::MAX)? };
    let (stage, key) = (parameters.text("stage"), parameters.text("api_key_id"));
    let (since, until) = (parameters.instant("since")?, parameters.instant("until")?);
    let (model, provider) = (parameters.text("model"), parameters.text("provider"));
    let meant = Stage::of(stage.as_deref());
    let filter = LogFilter {
        since: since.as_ref().map(|since| since.at),
        until: until.as_ref().map(|until| until.at),
        model: model.clone(),
        provider: provider.clone(),
        key: key.as_deref().map(key_filter),
        status: meant.status(),
        ..LogFilter::default()
    };
    // The store is asked in any case: without a request log the answer is 501, not an empty page.
    let asked = if meant == Stage::Nothing { Page { limit: 1, offset: 0 } } else { page };
    let found = app.store.logs(&filter, asked, None).await?;
    let (rows, total) = if meant == Stage::Nothing { (Vec::new(), 0) } else { (found.rows, found.total) };
    let data: Vec<LogEntry> = rows.into_iter().map(entry).collect();
    let summary = LogSummary { total_entries: total, returned_entries: data.len() as u64 };
    let filters = LogFilters {
        limit: page.limit,
        offset: page.offset,
        stages: stages(stage.as_deref()),
        stage: stage.unwrap_or_default(),
        model: model.unwrap_or_default(),
        api_key_id: key.unwrap_or_default(),
        provider: provider.unwrap_or_default(),
        since: spelt(since),
        until: spelt(until),
    };
    Ok(Json(LogPage { data, summary, filters }))
}

/// Deletes rows that are strictly older than `before`. What keys used and what was spent stays known.
#[utoipa::path(
    delete, path = "/admin/logs", tag = "logs",
    params(
        ("before" = String, Query, description = "Arrived strictly before this time."),
        ("stage" = Option<String>, Query, description = "`after_request` for successes, `on_error` for failures, `all` for both."),
        ("model" = Option<String>, Query),
        ("provider" = Option<String>, Query)
    ),
    responses((status = 200, body = Purged), (status = 400, body = Envelope), (status = 501, body = Envelope))
)]
pub(super) async fn purge(
    State(app): State<App>,
    parameters: Parameters,
    principal: Principal,
) -> Result<Json<Purged>, Rejection> {
    let before = parameters
        .instant("before")?
        .ok_or_else(|| Rejection::invalid("`before` is required: rows older than it are deleted for good.").about("before"))?;
    // A misspelt filter must not delete what nobody meant.
    let stage = parameters.word("stage", &["all", Stage::AFTER, Stage::ERROR])?;
    let (model, provider) = (parameters.text("model"), parameters.text("provider"));
    let status = Stage::of(stage).status();
    let purge = Purge { before: before.at, model: model.clone(), provider: provider.clone(), status };
    let deleted = app.store.purge_logs(&purge, &principal.actor).await?;
    let filters = PurgeFilters {
        before: before.text,
        stage: stage.unwrap_or_default().to_owned(),
        model: model.unwrap_or_default(),
        provider: provider.unwrap_or_default(),
    };
    Ok(Json(Purged { deleted, filters }))
}

/// `none`, or an id; what is no id is nobody's.
fn key_filter(text: &str) -> KeyFilter {
    if text == "none" { KeyFilter::None } else { KeyFilter::Id(Uuid::try_parse(text).unwrap_or(Uuid::nil())) }
}

fn stages(stage: Option<&str>) -> Option<Vec<String>> {
    match stage {
        None => Some(vec![Stage::AFTER.to_owned(), Stage::ERROR.to_owned()]),
        Some("all") => None,
        Some(stage) => Some(vec![stage.to_owned()]),
    }
}

pub(super) fn spelt(instant: Option<Instant>) -> String {
    instant.map(|instant| instant.text).unwrap_or_default()
}

fn entry(LogRow { record, .. }: LogRow) -> LogEntry {
    let tokens = record.tokens.unwrap_or_default();
    let (class, code, message) = match record.error {
        Some(error) => (Some(error.class), Some(error.code), error.message),
        None => (None, None, String::new()),
    };
    LogEntry {
        id: record.id.to_string(),
        trace_id: record.request_id,
        stage: if class.is_some() { Stage::ERROR } else { Stage::AFTER }.to_owned(),
        surface: record.surface,
        requested_model: record.requested_model,
        model: record.model,
        provider: record.provider,
        target: record.target,
        api_key_id: record.key_id.map(|id| id.to_string()).unwrap_or_default(),
        status: record.status,
        stream: record.stream,
        client_gone: record.client_gone,
        finish_reason: record.finish_reason,
        error_class: class,
        error_code: code,
        error_message: message,
        prompt_tokens: tokens.prompt(),
        completion_tokens: tokens.output,
        total_tokens: tokens.total(),
        cached_tokens: tokens.cache_read,
        created_at: record.started_at,
        duration_ms: Some(millis(record.duration)),
        ttft_ms: record.first_content.map(millis),
        cost_usd: record.cost_nanos.map(dollars),
        version: record.generation,
        attempts: record.attempts.into_iter().map(attempt).collect(),
    }
}

fn attempt(attempt: LogAttempt) -> Attempt {
    Attempt {
        target: attempt.target,
        provider: attempt.provider,
        model: attempt.model,
        status: attempt.status,
        outcome: attempt.outcome,
        message: attempt.message,
        started_ms: super::figures::micros(attempt.started_us),
        duration_ms: super::figures::micros(attempt.duration_us),
    }
}

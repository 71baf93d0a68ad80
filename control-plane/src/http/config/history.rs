//! What was in force and when, and going back to it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use ferrogw_api::Envelope;
use ferrogw_api::config::{History, HistoryEntry, HistorySummary, HistoryVersion, RolledBack};
use serde_json::json;

use super::terms::Terms;
use super::{Versioned, aside, denied, document, versioned};
use crate::app::App;
use crate::auth::Principal;
use crate::http::query::Parameters;
use crate::http::rejection::Rejection;
use crate::http::segment::Segment;
use crate::store::{Action, Activation, Draft, Outline, Page, Store, StoreError};

/// What was in force, oldest first; without parameters the newest 200 versions.
#[utoipa::path(
    get, path = "/admin/config/history", tag = "config",
    params(
        ("limit" = Option<u64>, Query, description = "Most entries: 200, at most 200. Fewer come where their documents are large."),
        ("offset" = Option<u64>, Query, description = "Newest entries to leave out."),
        ("documents" = Option<bool>, Query, description = "`false`: without documents, and so as many entries as `limit` says.")
    ),
    responses((status = 200, body = History), (status = 400, body = Envelope))
)]
pub(in crate::http) async fn list(State(app): State<App>, parameters: Parameters) -> Result<Json<History>, Rejection> {
    let page = Page { limit: parameters.limit(200, 200)?, offset: parameters.count("offset", u64::MAX)? };
    let history = match parameters.boolean("documents")? {
        Some(false) => outlines(&app.store, page).await?,
        _ => documents(&app.store, page).await?,
    };
    Ok(Json(history))
}

/// One version with its document as a text, to be compared with another one.
#[utoipa::path(
    get, path = "/admin/config/history/{version}", tag = "config", params(("version" = u64, Path)),
    responses((status = 200, body = HistoryVersion), (status = 400, body = Envelope), (status = 404, body = Envelope))
)]
pub(in crate::http) async fn get(State(app): State<App>, Segment(version): Segment) -> Result<Json<HistoryVersion>, Rejection> {
    let activation = app.store.activation(number(&version)?).await.map_err(|error| match error {
        StoreError::NotFound(_) => Rejection::not_found("version"),
        error => error.into(),
    })?;
    let entry = entry(&activation);
    let text = entry.config.as_ref().map(|config| format!("{config:#}\n"));
    Ok(Json(HistoryVersion { entry, text }))
}

/// Puts the document of an earlier version in force again, as a new version.
#[utoipa::path(
    post, path = "/admin/config/rollback/{version}", tag = "config",
    params(
        ("version" = u64, Path),
        ("note" = Option<String>, Query, description = "Why, for the history: one line of at most 500 characters."),
        ("If-Match" = Option<String>, Header, description = "The version that has to be in force still.")
    ),
    responses(
        (status = 200, body = RolledBack),
        (status = 400, body = Envelope, description = "No version number, or `invalid_config`: this release refuses the document."),
        (status = 404, body = Envelope),
        (status = 412, body = Envelope, description = "`version_conflict`: another version is in force; the `ETag` names it.")
    )
)]
pub(in crate::http) async fn rollback(
    State(app): State<App>,
    Segment(version): Segment,
    principal: Principal,
    terms: Terms,
) -> Result<Versioned<RolledBack>, Rejection> {
    let to = number(&version)?;
    let earlier = match app.store.activation(to).await {
        Err(StoreError::NotFound(_)) => {
            denied(&app, "config.rollback", &version, json!({ "reason": "version_not_found" }), &principal).await;
            return Err(Rejection::not_found("version"));
        }
        earlier => earlier?,
    };
    let document = earlier.version.map(|version| version.document.clone());
    if let Some(document) = document.clone() {
        aside(move || document.read().map(drop)).await.map_err(Rejection::invalid_config)?;
    }
    let draft = Draft { document, action: Action::Rollback { to }, note: terms.note };
    let activation = app.store.activate(draft, terms.expected, &principal.actor).await?;
    let generation = activation.generation;
    let body = RolledBack {
        status: "rolled_back".to_owned(),
        rolled_back_to: to,
        current_history_size: generation,
        version: generation,
    };
    Ok(versioned(StatusCode::OK, generation, body))
}

/// A page of versions with their documents, as far as these fit.
async fn documents(store: &Store, page: Page) -> Result<History, StoreError> {
    let history = store.history(page).await?;
    let data = history.activations.iter().map(entry).collect();
    Ok(History { data, summary: HistorySummary { total_versions: history.total } })
}

/// A page of versions without their documents.
async fn outlines(store: &Store, page: Page) -> Result<History, StoreError> {
    let history = store.outlines(page).await?;
    let data = history.activations.into_iter().map(outlined).collect();
    Ok(History { data, summary: HistorySummary { total_versions: history.total } })
}

/// The number of a version.
fn number(text: &str) -> Result<u64, Rejection> {
    let number = text.parse().ok().filter(|number| (1..=i64::MAX.unsigned_abs()).contains(number));
    number.ok_or_else(|| Rejection::invalid("A version is a positive whole number.").about("version"))
}

fn entry(activation: &Activation) -> HistoryEntry {
    let config = activation.version.as_ref().map(|version| document(&version.document));
    HistoryEntry { config, ..outlined(activation.outline()) }
}

fn outlined(outline: Outline) -> HistoryEntry {
    HistoryEntry {
        version: outline.generation,
        updated_at: outline.at,
        config: None,
        digest: outline.digest.map(|digest| digest.to_string()),
        rolled_back_from: outline.rolled_back_from,
        actor: Some(outline.actor).filter(|actor| !actor.is_empty()),
        note: Some(outline.note).filter(|note| !note.is_empty()),
    }
}

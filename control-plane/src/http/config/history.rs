//! What was in force and when, and going back to it.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use ferrogw_api::Envelope;
use ferrogw_api::config::{History, HistoryEntry, HistorySummary, HistoryVersion, RolledBack};
use serde_json::json;

use super::{Versioned, denied, document, if_match, versioned};
use crate::app::App;
use crate::auth::Principal;
use crate::http::query::Parameters;
use crate::http::rejection::Rejection;
use crate::store::{Action, Activation, Draft, Page, StoreError};

/// A page ends early where its documents would be longer than this together.
const MOST_BYTES: usize = 16 << 20;

/// What was in force, oldest first; without parameters the newest 200 versions.
#[utoipa::path(
    get, path = "/admin/config/history", tag = "config",
    params(
        ("limit" = Option<u64>, Query, description = "Most entries: 200, at most 200. Fewer come where documents are large."),
        ("offset" = Option<u64>, Query, description = "Newest entries to leave out.")
    ),
    responses((status = 200, body = History), (status = 400, body = Envelope))
)]
pub(in crate::http) async fn list(State(app): State<App>, parameters: Parameters) -> Result<Json<History>, Rejection> {
    let page = Page { limit: parameters.limit(200, 200)?, offset: parameters.count("offset", u64::MAX)? };
    let history = app.store.history(page).await?;
    let mut bytes = 0;
    // The newest entries are what is asked for, so they are kept when not all fit.
    let mut data: Vec<HistoryEntry> = history
        .activations
        .iter()
        .rev()
        .take_while(|activation| {
            let first = bytes == 0;
            bytes += activation.version.as_ref().map_or(1, |version| version.document.bytes().len());
            first || bytes <= MOST_BYTES
        })
        .map(entry)
        .collect();
    data.reverse();
    Ok(Json(History { data, summary: HistorySummary { total_versions: history.total } }))
}

/// One version with its document as a text, to be compared with another one.
#[utoipa::path(
    get, path = "/admin/config/history/{version}", tag = "config", params(("version" = u64, Path)),
    responses((status = 200, body = HistoryVersion), (status = 400, body = Envelope), (status = 404, body = Envelope))
)]
pub(in crate::http) async fn get(State(app): State<App>, Path(version): Path<String>) -> Result<Json<HistoryVersion>, Rejection> {
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
    Path(version): Path<String>,
    principal: Principal,
    headers: HeaderMap,
) -> Result<Versioned<RolledBack>, Rejection> {
    let expected = if_match(&headers)?;
    let to = number(&version)?;
    let earlier = match app.store.activation(to).await {
        Err(StoreError::NotFound(_)) => {
            denied(&app, "config.rollback", &version, json!({ "reason": "version_not_found" }), &principal).await;
            return Err(Rejection::not_found("version"));
        }
        earlier => earlier?,
    };
    let document = earlier.version.map(|version| version.document.clone());
    if let Some(document) = &document {
        document.read().map_err(Rejection::invalid_config)?;
    }
    let draft = Draft { document, action: Action::Rollback { to }, note: String::new() };
    let activation = app.store.activate(draft, expected, &principal.actor).await?;
    let generation = activation.generation;
    let body = RolledBack {
        status: "rolled_back".to_owned(),
        rolled_back_to: to,
        current_history_size: generation,
        version: generation,
    };
    Ok(versioned(StatusCode::OK, generation, body))
}

/// The number of a version.
fn number(text: &str) -> Result<u64, Rejection> {
    let number = text.parse().ok().filter(|number| (1..=i64::MAX.unsigned_abs()).contains(number));
    number.ok_or_else(|| Rejection::invalid("A version is a positive whole number.").about("version"))
}

fn entry(activation: &Activation) -> HistoryEntry {
    let version = activation.version.as_ref();
    HistoryEntry {
        version: activation.generation,
        updated_at: activation.at,
        config: version.map(|version| document(&version.document)),
        digest: version.map(|version| version.document.digest().to_string()),
        rolled_back_from: activation.rolled_back_from,
        actor: (!activation.actor.is_empty()).then(|| activation.actor.clone()),
        note: (!activation.note.is_empty()).then(|| activation.note.clone()),
    }
}

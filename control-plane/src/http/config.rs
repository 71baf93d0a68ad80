//! The configuration in force: read it, replace it, take it back.

use axum::Json;
use axum::extract::State;
use axum::http::header::{ETAG, HeaderName};
use axum::http::{HeaderValue, StatusCode};
use ferrogw_api::Envelope;
use ferrogw_api::config::Written;
use ferrogw_config::{Checked, Document, Issue, read};
use serde_json::{Value, json};

use super::body::DocumentText;
use super::rejection::Rejection;
use crate::app::App;
use crate::auth::Principal;
use crate::scrub;
use crate::store::{Action, Activation, Area, Deed, Draft, Outcome};

pub(super) mod check;
pub(super) mod history;
mod terms;

use terms::Terms;

/// An answer with the version that it is about.
type Versioned<T> = (StatusCode, [(HeaderName, HeaderValue); 1], Json<T>);

/// The configuration in force, with everything hidden that could be a secret. Its version is the `ETag`.
#[utoipa::path(
    get, path = "/admin/config", tag = "config",
    responses(
        (status = 200, body = Object, headers(("ETag" = String, description = "The version in force."))),
        (status = 404, body = Envelope, description = "`no_configuration`: none is in force.")
    )
)]
pub(super) async fn get(State(app): State<App>) -> Result<Versioned<Value>, Rejection> {
    let current = app.store.current().await?;
    let generation = current.as_ref().map_or(0, |activation| activation.generation);
    let version = current.and_then(|activation| activation.version).ok_or_else(|| none(generation))?;
    Ok(versioned(StatusCode::OK, generation, document(&version.document)))
}

/// Puts a configuration in force. The body is JSON, or YAML with a content type that says so.
#[utoipa::path(
    post, path = "/admin/config", tag = "config", request_body = Object,
    params(
        ("note" = Option<String>, Query, description = "Why, for the history: one line of at most 500 characters."),
        ("If-Match" = Option<String>, Header, description = "The version that has to be in force still.")
    ),
    responses(
        (status = 201, body = Written),
        (status = 400, body = Envelope, description = "`invalid_config` with all `issues`, or `redacted_secret`."),
        (status = 412, body = Envelope, description = "`version_conflict`: another version is in force; the `ETag` names it."),
        (status = 413, body = Envelope)
    )
)]
pub(super) async fn create(
    State(app): State<App>,
    principal: Principal,
    terms: Terms,
    document: DocumentText,
) -> Result<Versioned<Written>, Rejection> {
    let (activation, warnings) = write(&app, &principal, terms, document, Action::Create).await?;
    Ok(written(StatusCode::CREATED, "created", &activation, warnings))
}

/// Replaces the configuration in force. The body is JSON, or YAML with a content type that says so.
#[utoipa::path(
    put, path = "/admin/config", tag = "config", request_body = Object,
    params(
        ("note" = Option<String>, Query, description = "Why, for the history: one line of at most 500 characters."),
        ("If-Match" = Option<String>, Header, description = "The version that has to be in force still.")
    ),
    responses(
        (status = 200, body = Written),
        (status = 400, body = Envelope, description = "`invalid_config` with all `issues`, or `redacted_secret`."),
        (status = 412, body = Envelope, description = "`version_conflict`: another version is in force; the `ETag` names it."),
        (status = 413, body = Envelope)
    )
)]
pub(super) async fn update(
    State(app): State<App>,
    principal: Principal,
    terms: Terms,
    document: DocumentText,
) -> Result<Versioned<Written>, Rejection> {
    let (activation, warnings) = write(&app, &principal, terms, document, Action::Update).await?;
    Ok(written(StatusCode::OK, "updated", &activation, warnings))
}

/// Goes back to the configuration that the process started with, as a new version.
#[utoipa::path(
    delete, path = "/admin/config", tag = "config",
    params(
        ("note" = Option<String>, Query, description = "Why, for the history: one line of at most 500 characters."),
        ("If-Match" = Option<String>, Header, description = "The version that has to be in force still.")
    ),
    responses(
        (status = 200, body = Written),
        (status = 412, body = Envelope, description = "`version_conflict`: another version is in force; the `ETag` names it.")
    )
)]
pub(super) async fn delete(State(app): State<App>, principal: Principal, terms: Terms) -> Result<Versioned<Written>, Rejection> {
    let draft = Draft { document: app.startup().cloned(), action: Action::Delete, note: terms.note };
    let activation = app.store.activate(draft, terms.expected, &principal.actor).await?;
    Ok(written(StatusCode::OK, "deleted", &activation, Vec::new()))
}

/// Refuses what must not be stored, and stores the rest as the next version.
async fn write(
    app: &App,
    principal: &Principal,
    terms: Terms,
    submitted: DocumentText,
    action: Action,
) -> Result<(Activation, Vec<Issue>), Rejection> {
    let (checked, document) = match aside(move || acceptable(&submitted)).await {
        Ok(acceptable) => acceptable,
        Err(Unacceptable::Redacted(place)) => return Err(redacted(app, principal, action, &place).await),
        Err(Unacceptable::Invalid(issues)) => return Err(Rejection::invalid_config(issues)),
        Err(Unacceptable::TooLarge) => return Err(Rejection::too_large(Document::MAX_BYTES)),
    };
    let draft = Draft { document: Some(document), action, note: terms.note };
    let activation = app.store.activate(draft, terms.expected, &principal.actor).await?;
    Ok((activation, checked.warnings().to_vec()))
}

/// Why a document must not be stored.
enum Unacceptable {
    /// At that place it holds what stands for a hidden value.
    Redacted(String),
    Invalid(Vec<Issue>),
    TooLarge,
}

fn acceptable(submitted: &DocumentText) -> Result<(Checked, Document), Unacceptable> {
    if let Some(place) = scrub::marked_text(&submitted.text) {
        return Err(Unacceptable::Redacted(place));
    }
    let checked = read::read(&submitted.text, submitted.syntax).map_err(Unacceptable::Invalid)?;
    let document = checked.document();
    if document.bytes().len() > Document::MAX_BYTES {
        return Err(Unacceptable::TooLarge);
    }
    if let Some(place) = serde_json::from_slice(document.bytes()).ok().and_then(|tree| scrub::marked(&tree)) {
        return Err(Unacceptable::Redacted(place));
    }
    Ok((checked, document))
}

/// Does what computes for long where no other request waits for it: a document may have three megabytes. A panic is the caller's.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

/// What was hidden on the way out must not come back as if it were the value.
async fn redacted(app: &App, principal: &Principal, action: Action, place: &str) -> Rejection {
    let name = if matches!(action, Action::Create) { "config.create" } else { "config.update" };
    denied(app, name, "*", json!({ "reason": "redacted_secret", "field": place }), principal).await;
    let message =
        format!("`{place}` holds the marker that stands for a hidden value. Put the value itself there, as `${{VAR}}`.");
    Rejection::coded("redacted_secret", message).about(place)
}

/// Best effort: the refusal stands whether or not it can be written down.
async fn denied(app: &App, action: &str, target: &str, detail: Value, principal: &Principal) {
    let deed = Deed { action, target, outcome: Outcome::Denied, detail };
    if let Err(error) = app.store.note(Area::Config, &deed, &principal.actor).await {
        tracing::error!(%error, action, "a refusal could not be written to the audit trail: {error}");
    }
}

/// A stored document as it may be seen.
fn document(document: &Document) -> Value {
    let tree = serde_json::from_slice(document.bytes()).unwrap_or(Value::Null);
    scrub::scrub(&tree)
}

fn none(generation: u64) -> Rejection {
    let message = "No configuration is in force. Send one with PUT /admin/config, or name a file in GATEWAY_CONFIG.";
    Rejection::new(StatusCode::NOT_FOUND, "not_found_error", "no_configuration", message).at(generation)
}

fn versioned<T>(status: StatusCode, generation: u64, body: T) -> Versioned<T> {
    (status, [(ETAG, super::etag(generation))], Json(body))
}

fn written(status: StatusCode, word: &str, activation: &Activation, warnings: Vec<Issue>) -> Versioned<Written> {
    let body = Written { status: word.to_owned(), version: activation.generation, warnings };
    versioned(status, activation.generation, body)
}

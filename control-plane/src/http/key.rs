//! API keys: make, look at, change, take away.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ferrogw_api::key as api;
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use super::body::Strict;
use super::figures::dollars;
use super::rejection::Rejection;
use super::segment::Segment;
use crate::app::App;
use crate::auth::Principal;
use crate::store::{Area, Deed, Expiry, IssuedKey, Key, KeyEdit, KeyUse, NewKey, Outcome, Scope, Scopes, Store, StoreError};

mod bootstrap;
pub(super) mod usage;

/// Longest name of a key, in characters.
const LONGEST_NAME: usize = 200;

/// All keys, newest first.
#[utoipa::path(get, path = "/admin/keys", tag = "keys", responses((status = 200, body = Vec<api::Key>)))]
pub(super) async fn list(State(app): State<App>) -> Result<Json<Vec<api::Key>>, Rejection> {
    all(&app).await.map(Json)
}

/// A key.
#[utoipa::path(
    get, path = "/admin/keys/{id}", tag = "keys", params(("id" = String, Path)),
    responses((status = 200, body = api::Key), (status = 404, body = ferrogw_api::Envelope))
)]
pub(super) async fn get(State(app): State<App>, Segment(id): Segment) -> Result<Json<api::Key>, Rejection> {
    if let Some(key) = bootstrap::find(&app.store, &id).await? {
        return Ok(Json(key));
    }
    let key = app.store.key(parse(&id)?).await?;
    Ok(Json(shown(key, &Usage::read(&app.store).await)))
}

/// Makes a key. Its secret is in this answer and in no other.
#[utoipa::path(
    post, path = "/admin/keys", tag = "keys", request_body = api::NewKey,
    responses((status = 201, body = api::Key), (status = 400, body = ferrogw_api::Envelope))
)]
pub(super) async fn create(
    State(app): State<App>,
    principal: Principal,
    Strict(new): Strict<api::NewKey>,
) -> Result<(StatusCode, Json<api::Key>), Rejection> {
    let name = name(&new.name)?.ok_or_else(|| Rejection::invalid("A key needs a `name`.").about("name"))?;
    let new = NewKey { name, scopes: scopes(&new.scopes)?, expires_at: new.expires_at };
    let issued = app.store.create_key(new, &principal.actor).await?;
    Ok((StatusCode::CREATED, Json(issued_once(issued, &Usage::none()))))
}

/// Changes a key's name, scopes or expiry; what is absent or empty stays.
#[utoipa::path(
    put, path = "/admin/keys/{id}", tag = "keys", params(("id" = String, Path)), request_body = api::KeyChange,
    responses(
        (status = 200, body = api::Key),
        (status = 400, body = ferrogw_api::Envelope),
        (status = 404, body = ferrogw_api::Envelope),
        (status = 409, body = ferrogw_api::Envelope, description = "The change would lock its maker, or everybody, out.")
    )
)]
pub(super) async fn update(
    State(app): State<App>,
    Segment(id): Segment,
    principal: Principal,
    Strict(change): Strict<api::KeyChange>,
) -> Result<Json<api::Key>, Rejection> {
    let edit = edit(&change)?;
    bootstrap::refuse_change(&app.store, &id).await?;
    let key = app.store.update_key(parse(&id)?, edit, &principal.actor).await?;
    Ok(Json(shown(key, &Usage::read(&app.store).await)))
}

/// Takes a key away and forgets it.
#[utoipa::path(
    delete, path = "/admin/keys/{id}", tag = "keys", params(("id" = String, Path)),
    responses(
        (status = 204),
        (status = 404, body = ferrogw_api::Envelope),
        (status = 409, body = ferrogw_api::Envelope, description = "The change would lock its maker, or everybody, out.")
    )
)]
pub(super) async fn delete(State(app): State<App>, Segment(id): Segment, principal: Principal) -> Result<StatusCode, Rejection> {
    if bootstrap::retire(&app, &id, "key.delete", &principal).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    app.store.delete_key(parse(&id)?, &principal.actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a key away for good and remembers it.
#[utoipa::path(
    post, path = "/admin/keys/{id}/revoke", tag = "keys", params(("id" = String, Path)),
    responses(
        (status = 200, body = api::Revoked),
        (status = 404, body = ferrogw_api::Envelope),
        (status = 409, body = ferrogw_api::Envelope, description = "The change would lock its maker, or everybody, out.")
    )
)]
pub(super) async fn revoke(
    State(app): State<App>,
    Segment(id): Segment,
    principal: Principal,
) -> Result<Json<api::Revoked>, Rejection> {
    if !bootstrap::retire(&app, &id, "key.revoke", &principal).await? {
        app.store.revoke_key(parse(&id)?, &principal.actor).await?;
    }
    Ok(Json(api::Revoked { status: "revoked".to_owned() }))
}

/// Gives a key a new secret, which is in this answer and in no other. The old one is refused at once.
#[utoipa::path(
    post, path = "/admin/keys/{id}/rotate", tag = "keys", params(("id" = String, Path)),
    responses(
        (status = 200, body = api::Key),
        (status = 404, body = ferrogw_api::Envelope),
        (status = 409, body = ferrogw_api::Envelope, description = "The key is revoked or expired.")
    )
)]
pub(super) async fn rotate(State(app): State<App>, Segment(id): Segment, principal: Principal) -> Result<Response, Rejection> {
    bootstrap::refuse_change(&app.store, &id).await?;
    let issued = app.store.rotate_key(parse(&id)?, &principal.actor).await?;
    Ok(Json(issued_once(issued, &Usage::read(&app.store).await)).into_response())
}

/// All keys as the API shows them: bootstrap credentials, then stored keys, newest first.
pub(super) async fn all(app: &App) -> Result<Vec<api::Key>, Rejection> {
    let usage = Usage::read(&app.store).await;
    let stored = app.store.keys().await?;
    let mut keys = bootstrap::list(&app.store).await?;
    keys.extend(stored.into_iter().map(|key| shown(key, &usage)));
    Ok(keys)
}

/// What keys were used for, as far as it is known: it lives with the request log, whose absence must not hide the keys.
struct Usage(Option<HashMap<Uuid, KeyUse>>);

impl Usage {
    /// Of a key that is new.
    fn none() -> Self {
        Self(Some(HashMap::new()))
    }

    async fn read(store: &Store) -> Self {
        match store.key_usage().await {
            Ok(usage) => Self(Some(usage)),
            Err(StoreError::Disabled) => Self(None),
            Err(error) => {
                tracing::warn!(%error, "keys are shown without their use: {error}");
                Self(None)
            }
        }
    }

    /// How often, when last, and for how much.
    fn of(&self, id: &Uuid) -> (Option<u64>, Option<OffsetDateTime>, Option<f64>) {
        let Some(known) = &self.0 else { return (None, None, None) };
        let told = |usage: &KeyUse| (Some(usage.requests), Some(usage.last_used_at), Some(dollars(usage.cost_nanos)));
        known.get(id).map_or((Some(0), None, Some(0.0)), told)
    }
}

fn shown(key: Key, usage: &Usage) -> api::Key {
    let (usage_count, last_used_at, cost_usd) = usage.of(&key.id);
    api::Key {
        id: key.id.to_string(),
        key: key.display,
        name: key.name,
        scopes: key.scopes.iter().map(scope).collect(),
        created_at: key.created_at,
        revoked_at: key.revoked_at,
        expires_at: key.expires_at,
        rotated_at: key.rotated_at,
        last_used_at,
        usage_count,
        cost_usd,
        active: key.revoked_at.is_none(),
    }
}

fn issued_once(issued: IssuedKey, usage: &Usage) -> api::Key {
    api::Key { key: issued.secret.expose().clone(), ..shown(issued.key, usage) }
}

pub(super) fn scope(scope: Scope) -> api::Scope {
    match scope {
        Scope::Admin => api::Scope::Admin,
        Scope::ReadOnly => api::Scope::ReadOnly,
        Scope::Inference => api::Scope::Inference,
    }
}

fn scopes(names: &[String]) -> Result<Scopes, Rejection> {
    let unknown = |error: crate::store::UnknownScope| {
        Rejection::coded(
            "invalid_scope",
            format!("There is no scope `{}`: the scopes are admin, read_only and inference.", error.0),
        )
        .about("scopes")
    };
    names.iter().map(|name| name.parse::<Scope>()).collect::<Result<_, _>>().map_err(unknown)
}

/// The name in `text`; `None`: blank.
fn name(text: &str) -> Result<Option<String>, Rejection> {
    let name = text.trim();
    if name.chars().count() > LONGEST_NAME {
        return Err(Rejection::invalid(format!("A key's `name` has at most {LONGEST_NAME} characters.")).about("name"));
    }
    Ok((!name.is_empty()).then(|| name.to_owned()))
}

/// Everything is validated before anything is written: scopes first, then the expiry.
fn edit(change: &api::KeyChange) -> Result<KeyEdit, Rejection> {
    let scopes = scopes(&change.scopes)?;
    let expiry = match change.expires_at.as_deref() {
        _ if change.clear_expiration => Expiry::Never,
        None | Some("") => Expiry::Keep,
        Some(text) => Expiry::At(OffsetDateTime::parse(text, &Rfc3339).map_err(|_| {
            Rejection::invalid("`expires_at` has to be an RFC 3339 time such as 2026-01-31T12:00:00Z.").about("expires_at")
        })?),
    };
    Ok(KeyEdit { name: name(&change.name)?, scopes: (!scopes.is_empty()).then_some(scopes), expiry })
}

/// An id that is none addresses nothing.
fn parse(id: &str) -> Result<Uuid, Rejection> {
    Uuid::try_parse(id).map_err(|_| Rejection::not_found("key"))
}

/// Best effort: the refusal stands whether or not it can be written down.
async fn denied(store: &Store, action: &str, id: &str, reason: &str, principal: &Principal) {
    let deed = Deed { action, target: id, outcome: Outcome::Denied, detail: json!({ "reason": reason }) };
    if let Err(error) = store.note(Area::Keys, &deed, &principal.actor).await {
        tracing::error!(%error, action, "a refusal could not be written to the audit trail: {error}");
    }
}

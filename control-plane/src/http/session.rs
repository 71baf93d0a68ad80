//! Sessions: sign in, ask who one is, sign out; the sessions of everybody for whoever may read, and their end for administrators.

use axum::extract::State;
use axum::http::header::{SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use ferrogw_api::session as api;
use uuid::Uuid;

use super::body::Optional;
use super::cookie;
use super::key::scope;
use super::rejection::Rejection;
use super::segment::Segment;
use crate::app::App;
use crate::auth::{Credential, Principal};
use crate::metrics::SignIn;
use crate::store::{Session, StoreError};

/// Opens a session for the key in the header. Its token is in this answer and in no other; with `cookie` it is set as a cookie
/// instead, which scripts cannot read.
#[utoipa::path(
    post, path = "/admin/session", tag = "sessions", request_body(content = Option<api::SignIn>),
    responses(
        (status = 201, body = api::SignedIn),
        (status = 400, body = ferrogw_api::Envelope, description = "The credential is a session's token itself."),
        (status = 429, body = ferrogw_api::Envelope, description = "Too many attempts from this address; `Retry-After` says when to go on.")
    )
)]
pub(super) async fn create(
    State(app): State<App>,
    principal: Principal,
    Extension(credential): Extension<Credential>,
    headers: HeaderMap,
    Optional(sign_in): Optional<api::SignIn>,
) -> Result<Response, Rejection> {
    let agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok());
    let opened = app.store.open_session(agent, &credential.digest(), &principal.actor).await;
    app.metrics.sign_in(if opened.is_ok() { SignIn::Ok } else { SignIn::Failed });
    let opened = match opened {
        Err(StoreError::NotFound(_)) => return Err(Rejection::unknown_credential(credential.expose())),
        opened => opened?,
    };
    let (session, token) = (opened.session, opened.token);
    let signed_in = api::SignedIn {
        token: (!sign_in.cookie).then(|| token.expose().clone()),
        subject: session.subject,
        scopes: principal.scopes.iter().map(scope).collect(),
        expires_at: session.expires_at,
    };
    let mut response = (StatusCode::CREATED, Json(signed_in)).into_response();
    if sign_in.cookie {
        response.headers_mut().insert(SET_COOKIE, cookie::keep(&token, Session::LIFE.whole_seconds(), &headers));
    }
    Ok(response)
}

/// Who the caller is and what they may do at this moment.
#[utoipa::path(get, path = "/admin/session", tag = "sessions", responses((status = 200, body = api::Caller)))]
pub(super) async fn current(principal: Principal) -> Json<api::Caller> {
    let session = principal.session.as_ref();
    Json(api::Caller {
        id: session.map(|session| session.id.to_string()),
        credential_id: principal.actor.id.clone(),
        subject: principal.actor.name.clone(),
        scopes: principal.scopes.iter().map(scope).collect(),
        expires_at: session.map(|session| session.expires_at),
    })
}

/// Ends the session that the call is made in, and has a browser forget its cookie.
#[utoipa::path(
    delete, path = "/admin/session", tag = "sessions",
    responses((status = 204), (status = 400, body = ferrogw_api::Envelope, description = "The call is made with a key."))
)]
pub(super) async fn end(State(app): State<App>, principal: Principal, headers: HeaderMap) -> Result<Response, Rejection> {
    let session = principal.session.ok_or_else(Rejection::not_a_session)?;
    app.store.end_session(session.id, "session.logout", &principal.actor).await?;
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, cookie::forget(&headers))]).into_response())
}

/// The sessions that are open, newest first.
#[utoipa::path(get, path = "/admin/sessions", tag = "sessions", responses((status = 200, body = api::Sessions)))]
pub(super) async fn list(State(app): State<App>, principal: Principal) -> Result<Json<api::Sessions>, Rejection> {
    let mut sessions = app.store.sessions().await?;
    let mut credentials: Vec<String> = sessions.iter().map(|session| session.credential.clone()).collect();
    credentials.sort_unstable();
    credentials.dedup();
    for credential in credentials {
        // What a dead credential opened opens nothing any more.
        if app.keyring().holder(&app.store, &credential).await?.is_none() {
            sessions.retain(|session| session.credential != credential);
        }
    }
    let own = principal.session.map(|session| session.id);
    let data = sessions.into_iter().map(|session| shown(session, own)).collect();
    Ok(Json(api::Sessions { data }))
}

/// Ends every session, the caller's too.
#[utoipa::path(delete, path = "/admin/sessions", tag = "sessions", responses((status = 200, body = api::Ended)))]
pub(super) async fn end_all(State(app): State<App>, principal: Principal) -> Result<Json<api::Ended>, Rejection> {
    Ok(Json(api::Ended { revoked: app.store.end_sessions(&principal.actor).await? }))
}

/// Ends a session; one that has ended before is no mistake.
#[utoipa::path(delete, path = "/admin/sessions/{id}", tag = "sessions", params(("id" = String, Path)), responses((status = 204)))]
pub(super) async fn end_one(State(app): State<App>, Segment(id): Segment, principal: Principal) -> Result<StatusCode, Rejection> {
    if let Ok(id) = Uuid::try_parse(&id) {
        app.store.end_session(id, "session.revoke", &principal.actor).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

fn shown(session: Session, own: Option<Uuid>) -> api::Session {
    api::Session {
        current: own == Some(session.id),
        id: session.id.to_string(),
        subject: session.subject,
        credential_id: session.credential,
        created_at: session.created_at,
        last_seen_at: session.last_seen_at,
        expires_at: session.expires_at,
        source_ip: session.source_ip,
        user_agent: session.user_agent,
    }
}

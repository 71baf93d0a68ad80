//! Authentication and authorisation: one layer, decided before a handler runs, closed when in doubt.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::rejection::Rejection;
use super::request_id::RequestId;
use crate::app::App;
use crate::auth::Principal;

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Keys with `read_only` or `admin`.
    Read,
    /// Keys with `admin`.
    Write,
}

impl Access {
    /// What it takes, for people.
    pub(super) fn needs(self) -> &'static str {
        match self {
            Self::Read => "`read_only` or `admin`",
            Self::Write => "`admin`",
        }
    }

    fn admits(self, principal: &Principal) -> bool {
        match self {
            Self::Read => principal.may_read(),
            Self::Write => principal.is_admin(),
        }
    }
}

/// Lets a request through to its handler, with its [`Principal`], or answers it.
pub(super) async fn pass(State((app, access)): State<(App, Access)>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match admit(&app, access, &parts).await {
        Ok(principal) => {
            parts.extensions.insert(principal);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(rejection) => rejection.into_response(),
    }
}

async fn admit(app: &App, access: Access, request: &Parts) -> Result<Principal, Rejection> {
    let credential = bearer(&request.headers).ok_or_else(Rejection::unauthenticated)?;
    let known = app.keyring().identify(&app.store, credential).await?;
    let mut principal = known.ok_or_else(Rejection::unknown_credential)?;
    if !access.admits(&principal) {
        return Err(Rejection::insufficient_scope(access.needs()));
    }
    principal.actor.source_ip =
        request.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip().to_string());
    principal.actor.request_id = request.extensions.get::<RequestId>().map(|RequestId(id)| id.clone());
    Ok(principal)
}

/// The credential, where there is exactly one header of exactly this form. An empty one is none.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut headers = headers.get_all(AUTHORIZATION).iter();
    let header = headers.next()?.to_str().ok()?;
    let credential = header.strip_prefix("Bearer ")?;
    (headers.next().is_none() && !credential.is_empty()).then_some(credential)
}

/// A handler that asks for a principal can only be reached through [`pass`].
impl<S: Sync> FromRequestParts<S> for Principal {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| {
            tracing::error!("{} asks who is calling but is not guarded", parts.uri.path());
            Rejection::internal().into_response()
        })
    }
}

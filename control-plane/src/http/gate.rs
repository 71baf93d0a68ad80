//! Authentication and authorisation: one layer, decided before a handler runs, closed when in doubt.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Instant;

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::rejection::Rejection;
use super::request_id::RequestId;
use super::{cookie, denial, same_site};
use crate::app::App;
use crate::auth::{self, Credential, Principal};
use crate::store::Actor;

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Keys and sessions with `read_only` or `admin`.
    Read,
    /// Keys and sessions with `admin`.
    Write,
    /// Keys with `read_only` or `admin`, so often from one address.
    SignIn,
}

impl Access {
    /// What it takes, for people.
    pub(super) fn needs(self) -> &'static str {
        match self {
            Self::Read | Self::SignIn => "`read_only` or `admin`",
            Self::Write => "`admin`",
        }
    }

    fn admits(self, principal: &Principal) -> bool {
        match self {
            Self::Read | Self::SignIn => principal.may_read(),
            Self::Write => principal.is_admin(),
        }
    }
}

/// What a request brings to show who makes it.
#[derive(Debug, Clone, Copy)]
enum Presented<'a> {
    /// A key or a token that somebody put into this request.
    Bearer(&'a str),
    /// A token that a browser adds to whatever it sends here, whoever made it do so.
    Cookie(&'a str),
}

/// Lets a request through to its handler, or answers it.
pub(super) async fn pass(State((app, access)): State<(App, Access)>, request: Request, next: Next) -> Response {
    match enter(&app, access, request).await {
        Ok(request) => next.run(request).await,
        Err(rejection) => rejection.into_response(),
    }
}

/// The request with the [`Principal`] who makes it and the [`Credential`] that it came with, if they may.
pub(super) async fn enter(app: &App, access: Access, request: Request) -> Result<Request, Rejection> {
    let (mut parts, body) = request.into_parts();
    let mut caller = caller(&parts);
    match admit(app, access, &parts, &mut caller).await {
        Ok((principal, credential)) => {
            parts.extensions.insert(Principal { actor: caller, ..principal });
            parts.extensions.insert(credential);
            Ok(Request::from_parts(parts, body))
        }
        Err(rejection) => {
            if access == Access::SignIn {
                app.metrics.sign_in(rejection.sign_in());
            }
            denial::note(app, access, &parts, &caller, &rejection).await;
            Err(rejection)
        }
    }
}

/// What is known of a caller before anything is asked.
fn caller(request: &Parts) -> Actor {
    Actor {
        source_ip: address(request).map(|address| address.to_string()),
        request_id: request.extensions.get::<RequestId>().map(|RequestId(id)| id.clone()),
        ..Actor::named("", "")
    }
}

/// Where a request comes from.
pub(super) fn address(request: &Parts) -> Option<IpAddr> {
    request.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip())
}

/// Who makes the request, if they may. `caller` learns who it is also where they may not.
async fn admit(app: &App, access: Access, request: &Parts, caller: &mut Actor) -> Result<(Principal, Credential), Rejection> {
    if access == Access::SignIn {
        let address = address(request).unwrap_or(Ipv4Addr::UNSPECIFIED.into());
        app.sign_ins().attempt(address, Instant::now()).map_err(Rejection::too_many_sign_ins)?;
    }
    let presented = presented(access, &request.headers).ok_or_else(Rejection::unauthenticated)?;
    let (Presented::Bearer(credential) | Presented::Cookie(credential)) = presented;
    if access == Access::SignIn && auth::is_session(credential) {
        return Err(Rejection::not_a_key());
    }
    let known = app.keyring().identify(&app.store, credential).await?;
    let principal = known.ok_or_else(|| Rejection::unknown_credential(credential))?;
    (caller.id, caller.name, caller.session) =
        (principal.actor.id.clone(), principal.actor.name.clone(), principal.actor.session);
    if matches!(presented, Presented::Cookie(_)) {
        same_site::check(request)?;
    }
    if access.admits(&principal) {
        Ok((principal, Credential::new(credential)))
    } else {
        Err(Rejection::insufficient_scope(access.needs()))
    }
}

/// The credential of a request. A bearer wins over a cookie, which nobody can sign in with.
fn presented(access: Access, headers: &HeaderMap) -> Option<Presented<'_>> {
    let cookie = || cookie::token(headers).filter(|_| access != Access::SignIn);
    bearer(headers).map(Presented::Bearer).or_else(|| cookie().map(Presented::Cookie))
}

/// The credential, where there is exactly one header of exactly this form. An empty one is none.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
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

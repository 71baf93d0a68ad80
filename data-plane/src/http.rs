//! What answers on a core: the table of addresses, and what holds for every answer.
//!
//! One function around one `match`, in place of a router under a stack of layers: each of those costs every request, and there are
//! few addresses. What is behind an address is elsewhere: `serve` for models, `health` for probes, and in all-in-one the control
//! plane's own router, which never runs on a core.

mod cors;
mod elsewhere;
mod refusal;
mod route;

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use futures::FutureExt as _;
use http::header::{CONTENT_LENGTH, ORIGIN, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderValue, Method, Request, Response};
use http_body::Body as _;
use hyper::body::Incoming;

use self::cors::Cors;
pub(crate) use self::elsewhere::Elsewhere;
use self::route::Route;
use crate::cores::Service;
use crate::exchange::{Identity, REQUEST_ID};
use crate::health::Health;
use crate::plane::Core;
use crate::rejection::Rejection;
use crate::serve::{authenticate, hear_out, serve};
use crate::snapshot::keys::Scopes;
use crate::surface;

/// How long a request waits for a worker that was not told everything yet; about as long as a lost control plane is not asked again.
const PATIENCE: Duration = Duration::from_secs(5);

/// What answers on one core. Cloned for each request.
#[derive(Clone)]
pub(crate) struct Front {
    core: Arc<Core>,
    shared: Arc<Shared>,
}

/// What the fronts of all cores share.
#[derive(Debug)]
pub(crate) struct Shared {
    health: Arc<Health>,
    cors: Cors,
    admin: Option<Elsewhere>,
}

impl Shared {
    /// `origins` may call `/v1` from a browser; `admin` answers under `/admin` and `/dashboard`.
    pub(crate) fn new(health: Arc<Health>, origins: &[String], admin: Option<Elsewhere>) -> Self {
        Self { health, cors: Cors::of(origins), admin }
    }
}

impl Service for Front {
    fn answer(&self, request: Request<Incoming>, peer: SocketAddr) -> impl Future<Output = Response<Body>> + use<> {
        let front = self.clone();
        async move { front.respond(request.map(Body::new), peer).await }
    }
}

impl Front {
    pub(crate) fn new(core: Arc<Core>, shared: Arc<Shared>) -> Self {
        Self { core, shared }
    }

    /// Answers a request, and gives the answer what every answer has.
    async fn respond(&self, request: Request<Body>, peer: SocketAddr) -> Response<Body> {
        let is_api = route::is_api(request.uri().path());
        let is_head = *request.method() == Method::HEAD;
        let origin = if is_api { self.shared.cors.allows(request.headers()) } else { None };
        let mut response = AssertUnwindSafe(self.dispatch(request, peer)).catch_unwind().await.unwrap_or_else(|_| {
            // The panic itself has been reported by the hook.
            surface::refuse(&Rejection::internal())
        });
        let headers = response.headers_mut();
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if is_api {
            self.shared.cors.admit(origin, headers);
        }
        if !headers.contains_key(REQUEST_ID) {
            name(headers, &Identity::of(&HeaderMap::new()));
        }
        if is_head { without_body(response) } else { response }
    }

    async fn dispatch(&self, mut request: Request<Body>, peer: SocketAddr) -> Response<Body> {
        let (method, path) = (request.method(), request.uri().path());
        if route::is_api(path) && !self.shared.health.told.is_everything() && !self.is_told_in_time().await {
            return surface::refuse(&Rejection::uninformed());
        }
        if let Some(Route::Operation(operation)) = Route::of(path)
            && *method == Method::POST
        {
            return serve(Arc::clone(&self.core), operation, request).await;
        }
        if route::is_api(path) && *method == Method::OPTIONS && request.headers().contains_key(ORIGIN) {
            return self.shared.cors.preflight(request.headers());
        }
        let identity = Identity::of(request.headers());
        let mut response = match self.other(&mut request, peer).await {
            Ok(response) => response,
            Err(rejection) => surface::refuse(&rejection),
        };
        let most = self.core.plane.live.load().routes.max_request_bytes;
        let (head, body) = request.into_parts();
        hear_out(&head.headers, body, most).await;
        if !response.headers().contains_key(REQUEST_ID) {
            name(response.headers_mut(), &identity);
        }
        response
    }

    /// Whether the worker, which has just started, hears soon what it serves and to whom: whoever balances over workers sends requests
    /// before that, and a key that is not known yet is no reason to refuse one.
    async fn is_told_in_time(&self) -> bool {
        tokio::time::timeout(PATIENCE, self.shared.health.told.everything()).await.is_ok()
    }

    /// Everything but requests to models.
    async fn other(&self, request: &mut Request<Body>, peer: SocketAddr) -> Result<Response<Body>, Rejection> {
        let (method, path) = (request.method(), request.uri().path());
        if !route::is_known(method) {
            return Err(refusal::unknown_method());
        }
        let snapshot = self.core.plane.live.load();
        // Whoever has no key learns nothing of `/v1`, not even what is missing there.
        let key = if route::is_api(path) { Some(authenticate(&snapshot.keys, request.headers())?) } else { None };
        let route = Route::of(path).ok_or_else(refusal::unknown_address)?;
        if !route.has(method) {
            return Ok(refusal::wrong_method(&route, method));
        }
        match route {
            Route::Models => surface::models::list(&snapshot, key.as_ref()),
            Route::Model(id) => surface::models::entry(&snapshot, key.as_ref(), id),
            Route::Health => Ok(self.shared.health.summary()),
            Route::Livez => Ok(self.shared.health.alive()),
            Route::Readyz => Ok(self.shared.health.readiness()),
            Route::Metrics => {
                let key = authenticate(&snapshot.keys, request.headers())?;
                let may_look = key.scopes.any_of(Scopes::READ_ONLY.and(Scopes::ADMIN));
                if may_look { self.scrape().await } else { Err(refusal::no_metrics()) }
            }
            Route::Admin => match &self.shared.admin {
                Some(admin) => Ok(admin.answer(std::mem::take(request), peer).await),
                None => Err(refusal::admin_is_elsewhere()),
            },
            Route::Operation(_) => Err(refusal::unknown_address()),
        }
    }

    /// Thousands of series take their time, in which this core's streams would stand still.
    async fn scrape(&self) -> Result<Response<Body>, Rejection> {
        let health = Arc::clone(&self.shared.health);
        tokio::task::spawn_blocking(move || health.metrics()).await.map_err(|_| Rejection::internal())
    }
}

fn name(headers: &mut HeaderMap, identity: &Identity) {
    if let Ok(id) = HeaderValue::from_str(&identity.request_id) {
        headers.insert(REQUEST_ID, id);
    }
}

/// The answer to HEAD: as to GET, but for the body, whose length is told.
fn without_body(mut response: Response<Body>) -> Response<Body> {
    if let Some(length) = response.body().size_hint().exact() {
        response.headers_mut().entry(CONTENT_LENGTH).or_insert(length.into());
    }
    response.map(|_| Body::empty())
}

//! The playground's addresses: what models are asked, for administrators, from a page that knows no inference key.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;

use super::body;
use super::rejection::{Rejection, chain, sentence};
use super::request_id::RequestId;
use crate::app::App;
use crate::playground::{Question, Unanswered};

/// Which worker answered.
const WORKER: HeaderName = HeaderName::from_static("x-ferrogw-worker");

/// What is passed on of an answer's headers, besides those that say where the answer comes from.
const PASSED: [HeaderName; 4] = [CONTENT_TYPE, CONTENT_LENGTH, CONTENT_DISPOSITION, RETRY_AFTER];

/// How the names of headers begin that say where an answer comes from.
const OURS: &str = "x-ferrogw-";

/// Puts a chat request to a worker. Body and answer are those of `/v1/chat/completions`; a stream comes as the worker sends it.
#[utoipa::path(
    post, path = "/admin/playground/v1/chat/completions", tag = "playground", request_body(content = Object),
    responses((status = 200, body = Object, description = "What the worker answers; `X-Ferrogw-Worker` names it."))
)]
pub(super) async fn chat(State(app): State<App>, request: Request) -> Result<Response, Rejection> {
    relay(&app, "v1/chat/completions", request).await
}

/// Puts a completion request to a worker.
#[utoipa::path(
    post, path = "/admin/playground/v1/completions", tag = "playground", request_body(content = Object),
    responses((status = 200, body = Object, description = "What the worker answers; `X-Ferrogw-Worker` names it."))
)]
pub(super) async fn completions(State(app): State<App>, request: Request) -> Result<Response, Rejection> {
    relay(&app, "v1/completions", request).await
}

/// Puts an embedding request to a worker.
#[utoipa::path(
    post, path = "/admin/playground/v1/embeddings", tag = "playground", request_body(content = Object),
    responses((status = 200, body = Object, description = "What the worker answers; `X-Ferrogw-Worker` names it."))
)]
pub(super) async fn embeddings(State(app): State<App>, request: Request) -> Result<Response, Rejection> {
    relay(&app, "v1/embeddings", request).await
}

/// The models that a worker serves.
#[utoipa::path(
    get, path = "/admin/playground/v1/models", tag = "playground",
    responses((status = 200, body = Object, description = "What the worker answers; `X-Ferrogw-Worker` names it."))
)]
pub(super) async fn models(State(app): State<App>, request: Request) -> Result<Response, Rejection> {
    relay(&app, "v1/models", request).await
}

/// Nothing of the caller's goes along but the body and its type: neither a cookie nor a credential.
async fn relay(app: &App, path: &'static str, request: Request) -> Result<Response, Rejection> {
    let posted = request.method() == Method::POST;
    let request_id = request.extensions().get::<RequestId>().map(|RequestId(id)| id.clone()).unwrap_or_default();
    let json = HeaderValue::from_static("application/json");
    let content_type = posted.then(|| request.headers().get(CONTENT_TYPE).cloned().unwrap_or(json));
    let body = if posted { body::read(request, body::limit(app).await?).await? } else { Vec::new() };
    // A HEAD is answered as its GET; the router leaves the body out.
    let method = if posted { Method::POST } else { Method::GET };
    let question = Question { method, path, content_type, body: body.into(), request_id };
    let (worker, answer) = app.playground().ask(app, &question).await?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = answer.status();
    for (name, value) in answer.headers() {
        if PASSED.contains(name) || name.as_str().starts_with(OURS) {
            response.headers_mut().append(name, value.clone());
        }
    }
    let worker = HeaderValue::try_from(worker.to_string()).expect("an id is a header value");
    response.headers_mut().insert(WORKER, worker);
    // Piece by piece as it comes. When the caller hangs up this is dropped, and with it the connection to the worker.
    *response.body_mut() = Body::from_stream(answer.bytes_stream());
    Ok(response)
}

impl From<Unanswered> for Rejection {
    fn from(unanswered: Unanswered) -> Self {
        let (status, code) = match unanswered {
            Unanswered::Store(error) => return error.into(),
            Unanswered::Transport(ref source) => {
                tracing::error!(error = %chain(source), "{unanswered}: {}", chain(source));
                return Self::internal();
            }
            Unanswered::NoWorker => (StatusCode::SERVICE_UNAVAILABLE, "no_worker"),
            Unanswered::NoneCurrent => (StatusCode::SERVICE_UNAVAILABLE, "no_current_worker"),
            Unanswered::Address { .. } | Unanswered::Unreachable { .. } => (StatusCode::BAD_GATEWAY, "worker_unreachable"),
            Unanswered::Odd { .. } => (StatusCode::BAD_GATEWAY, "worker_answered_oddly"),
        };
        if let Unanswered::Unreachable { source, .. } = &unanswered {
            tracing::warn!(error = %chain(source), "{unanswered}: {source}");
        }
        Self::new(status, "server_error", code, sentence(&unanswered.to_string()))
    }
}

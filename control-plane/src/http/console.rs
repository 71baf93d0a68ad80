//! The dashboard's own files, for anybody who asks: they are a program without secrets. What it shows it gets from the admin API.

mod file;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::Request;
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, LOCATION};
use axum::http::header::{REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::edge;
use file::{FILES, File};

/// What the page's files may do: load each other, talk to their own origin, and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
     connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 7] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

const MISSING: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>ferrogw</title><h1>No dashboard in this build</h1>\
     <p>Run <code>make dashboard</code> and build the gateway again; <code>make build</code> does both. The admin API works without it.</p>";

/// The addresses of the dashboard, with headers of their own.
pub(super) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/", get(home))
        .route("/dashboard", get(serve))
        .route("/dashboard/", get(serve))
        .route("/dashboard/{*path}", get(serve))
        .method_not_allowed_fallback(edge::method_not_allowed)
        .layer(from_fn(guard))
}

/// Whoever types the bare address means the dashboard.
async fn home() -> Response {
    (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, "/dashboard/"), (CACHE_CONTROL, "no-store")]).into_response()
}

async fn serve(request: Request) -> Response {
    let path = request.uri().path().strip_prefix("/dashboard").unwrap_or_default().trim_start_matches('/').to_owned();
    match find(FILES, &path, request.headers()) {
        Found::File(file) => file.answer(request.headers()),
        Found::NotBuilt => {
            (StatusCode::SERVICE_UNAVAILABLE, [(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, "no-store")], MISSING)
                .into_response()
        }
        Found::Nothing => {
            let mut response = edge::not_found(request).await.into_response();
            response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
    }
}

async fn guard(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// What an address stands for.
#[derive(Debug, PartialEq)]
enum Found {
    File(&'static File),
    NotBuilt,
    Nothing,
}

/// A file by its name; any other address is one of the page's own, for whoever wants a page.
fn find(files: &'static [File], path: &str, headers: &HeaderMap) -> Found {
    if let Some(file) = files.iter().find(|file| file.name == path) {
        return Found::File(file);
    }
    let wants_page =
        headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains("text/html"));
    if path.starts_with("assets/") || !(path.is_empty() || wants_page) {
        return Found::Nothing;
    }
    files.iter().find(|file| file.name == "index.html").map_or(Found::NotBuilt, Found::File)
}

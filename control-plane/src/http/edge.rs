//! What holds for every answer, whichever handler gave it.

use std::any::Any;

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::rejection::{Outage, Rejection};
use crate::metrics::{Metrics, Reader};

const METHODS: [Method; 9] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::DELETE,
    Method::PATCH,
    Method::OPTIONS,
    Method::TRACE,
    Method::CONNECT,
];

/// Answers are for one caller at one time, are no pages, and belong into no frame.
const HEADERS: [(HeaderName, &str); 6] = [
    (CACHE_CONTROL, "no-store"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "no-referrer"),
    (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
];

/// Refuses verbs that HTTP does not know, and sets the headers that every answer has.
pub(super) async fn guard(request: Request, next: Next) -> Response {
    let mut response = if METHODS.contains(request.method()) {
        next.run(request).await
    } else {
        let message = format!("The method {} is not known here.", request.method());
        Rejection::new(StatusCode::NOT_IMPLEMENTED, "invalid_request_error", "method_not_supported", message).into_response()
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Counts the answers that tell of an outage of the store.
pub(super) async fn count(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if response.extensions().get::<Outage>().is_some() {
        metrics.store_error(Reader::Admin);
    }
    response
}

/// No such address.
pub(super) async fn not_found(request: Request) -> Rejection {
    Rejection::nothing_at(request.uri().path())
}

/// The address exists, the method does not; the router adds `Allow`.
pub(super) async fn method_not_allowed(request: Request) -> Rejection {
    let message = format!("{} is not allowed at {}; the Allow header names what is.", request.method(), request.uri().path());
    Rejection::new(StatusCode::METHOD_NOT_ALLOWED, "invalid_request_error", "method_not_supported", message)
}

/// A handler panicked. What it said goes to the log alone.
pub(super) fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let said = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    tracing::error!("a handler panicked: {}", said.unwrap_or("without a message"));
    Rejection::internal().into_response()
}

#[cfg(test)]
mod tests;

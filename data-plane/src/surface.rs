//! How clients are spoken to: OpenAI's dialect.

pub mod models;

use axum::body::Body;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Response};

use crate::rejection::Rejection;

/// A rejection as an HTTP response.
#[must_use]
pub fn refuse(rejection: &Rejection) -> Response<Body> {
    let mut response = json(envelope(rejection));
    *response.status_mut() = rejection.status;
    if let Some(seconds) = rejection.retry_after {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// OpenAI's error envelope, which has all four members; the body of a refusal, or a broken stream's last event.
pub(crate) fn envelope(rejection: &Rejection) -> Bytes {
    let Rejection { message, kind, param, code, .. } = rejection;
    let error = serde_json::json!({"message": message, "type": kind, "param": param, "code": code});
    Bytes::from(serde_json::json!({"error": error}).to_string())
}

pub(crate) fn json(body: Bytes) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

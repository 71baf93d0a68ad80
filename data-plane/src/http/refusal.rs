//! What is refused for its address or method alone.

use std::borrow::Cow;

use axum::body::Body;
use http::header::ALLOW;
use http::{HeaderValue, Method, Response, StatusCode};

use super::route::Route;
use crate::rejection::Rejection;
use crate::surface;

/// There is nothing at this address.
pub(super) fn unknown_address() -> Rejection {
    let message =
        "There is nothing at this address. The API is at /v1/chat/completions, /v1/completions, /v1/embeddings and /v1/models.";
    rejection(StatusCode::NOT_FOUND, "not_found", message)
}

/// The control plane is another process.
pub(super) fn admin_is_elsewhere() -> Rejection {
    let message = "This worker has no admin API and no dashboard; they are at the control plane's own address.";
    rejection(StatusCode::NOT_FOUND, "not_found", message)
}

/// The key may not look at metrics.
pub(super) fn no_metrics() -> Rejection {
    let message = "The API key may not read metrics; that takes a key with the scope `read_only` or `admin`.";
    let rejection = rejection(StatusCode::FORBIDDEN, "insufficient_scope", message);
    Rejection { kind: "permission_error".into(), ..rejection }
}

/// HTTP knows no such method.
pub(super) fn unknown_method() -> Rejection {
    rejection(StatusCode::NOT_IMPLEMENTED, "method_not_supported", "This is no method of HTTP.")
}

/// The address does not have the method.
pub(super) fn wrong_method(route: &Route<'_>, method: &Method) -> Response<Body> {
    let methods = route.methods();
    let message = format!("{method} is not possible here; use {methods}.");
    let mut response = surface::refuse(&rejection(StatusCode::METHOD_NOT_ALLOWED, "method_not_supported", message));
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(methods));
    response
}

fn rejection(status: StatusCode, code: &'static str, message: impl Into<Cow<'static, str>>) -> Rejection {
    let (kind, code, message) = ("invalid_request_error".into(), code.into(), message.into());
    Rejection { status, class: "rejected", kind, code, param: None, message, retry_after: None }
}

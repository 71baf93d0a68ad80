//! `X-Request-ID`: the name under which a request is found again in answers, logs and the audit trail.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;
use uuid::Uuid;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id of the request at hand: 32 lower-case hexadecimal digits.
#[derive(Debug, Clone)]
pub(super) struct RequestId(pub(super) String);

/// Gives the request its id, and the answer too.
pub(super) async fn assign(mut request: Request, next: Next) -> Response {
    let id = accepted(request.headers()).unwrap_or_else(|| Uuid::now_v7().simple().to_string());
    let span = tracing::info_span!("admin", request_id = %id);
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).instrument(span).await;
    let value = HeaderValue::try_from(id).expect("hexadecimal digits are a header value");
    response.headers_mut().insert(HEADER, value);
    response
}

/// The caller's own id, if it is one that traces can carry: 32 hexadecimal digits, not all zero.
fn accepted(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(HEADER)?.to_str().ok()?;
    let usable = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()) && id.bytes().any(|byte| byte != b'0');
    usable.then(|| id.to_ascii_lowercase())
}

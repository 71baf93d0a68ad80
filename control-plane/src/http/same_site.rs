//! Against requests that another site has a browser make: its cookie comes along with them, what our own page adds does not.
//!
//! A header of one's own takes the consent of the address that it goes to, and none is ever given; so whoever can send it is our page,
//! or no browser. The origin, where the browser tells one, has to be ours besides.

use axum::http::header::{HOST, HeaderName, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};

use super::rejection::Rejection;

/// What our own page sends along.
const HEADER: HeaderName = HeaderName::from_static("x-ferrogw-request");
const PAGE: &str = "dashboard";

/// Refuses a request that would change something and was not made by our own page.
pub(super) fn check(request: &Parts) -> Result<(), Rejection> {
    let reads = matches!(request.method, Method::GET | Method::HEAD);
    let headers = &request.headers;
    if reads || (headers.get(HEADER).is_some_and(|value| value == PAGE) && is_ours(headers, request.uri.authority())) {
        return Ok(());
    }
    Err(Rejection::forged())
}

/// Whether the page's host is the one that the request was sent to. HTTP/2 says that in the request line.
fn is_ours(headers: &HeaderMap, authority: Option<&axum::http::uri::Authority>) -> bool {
    let Some(origin) = headers.get(ORIGIN) else { return true };
    let page = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    let ours = authority.map(|authority| authority.as_str()).or_else(|| headers.get(HOST)?.to_str().ok());
    page.zip(ours).is_some_and(|(page, ours)| page.eq_ignore_ascii_case(ours))
}

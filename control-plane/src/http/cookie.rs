//! The cookie in which a browser keeps its session's token, out of its scripts' reach.

use axum::http::header::{COOKIE, ORIGIN};
use axum::http::{HeaderMap, HeaderValue};
use ferrogw_config::Secret;

/// The cookie's name.
pub(super) const NAME: &str = "ferrogw_session";

/// The token that a request brings in a cookie.
pub(super) fn token(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == NAME).map(|(_, token)| token).filter(|token| !token.is_empty())
}

/// Has the browser keep `token` for so many seconds.
pub(super) fn keep(token: &Secret<String>, seconds: i64, request: &HeaderMap) -> HeaderValue {
    cookie(token.expose(), seconds, request)
}

/// Has the browser forget its token.
pub(super) fn forget(request: &HeaderMap) -> HeaderValue {
    cookie("", 0, request)
}

/// `Secure` wherever the page came over TLS, whoever took that off on the way here.
fn cookie(token: &str, seconds: i64, request: &HeaderMap) -> HeaderValue {
    let secure = request.get(ORIGIN).is_some_and(|origin| origin.as_bytes().starts_with(b"https://"));
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{NAME}={token}; Path=/admin; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    let mut value = HeaderValue::try_from(text).expect("a token's letters and digits are a header value");
    value.set_sensitive(true);
    value
}

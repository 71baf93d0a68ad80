//! `GET /v1/models` and `GET /v1/models/{id}`: what a key of any scope may see.

use std::borrow::Cow;

use axum::body::Body;
use http::Response;

use super::json;
use crate::rejection::Rejection;
use crate::snapshot::Snapshot;
use crate::snapshot::keys::Key;

/// `GET /v1/models`
///
/// # Errors
///
/// Without a key that may look.
pub fn list(snapshot: &Snapshot, key: Option<&Key>) -> Result<Response<Body>, Rejection> {
    may_look(key)?;
    Ok(json(snapshot.routes.model_list()))
}

/// `GET /v1/models/{id}`; `id` as it is spelt in the address, where slashes may stand plain or escaped.
///
/// # Errors
///
/// Without a key that may look, and where no such model is listed.
pub fn entry(snapshot: &Snapshot, key: Option<&Key>, id: &str) -> Result<Response<Body>, Rejection> {
    may_look(key)?;
    let (id, routes) = (unescaped(id), &snapshot.routes);
    routes.model_entry(&id).map(json).ok_or_else(|| Rejection::unknown_model(&id, &routes.nearest(&id)))
}

fn may_look(key: Option<&Key>) -> Result<(), Rejection> {
    let key = key.ok_or_else(Rejection::missing_key)?;
    if key.scopes.may_list_models() { Ok(()) } else { Err(Rejection::insufficient_scope()) }
}

/// `text` with its percent-escapes read; escapes that are none stay as they are.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return text.into();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = after.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        let escaped = escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_in_an_address_are_read_and_what_is_none_is_left() {
        assert_eq!(unescaped("meta-llama%2FLlama-3%3A8b"), "meta-llama/Llama-3:8b");
        assert_eq!(unescaped("100%"), "100%");
        assert_eq!(unescaped("%zz%2"), "%zz%2");
        assert_eq!(unescaped("%C3%BC"), "ü");
    }
}

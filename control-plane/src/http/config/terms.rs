//! On which terms the configuration is changed: which version it may replace, and what is said about it.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::IF_MATCH;
use axum::http::request::Parts;
use ferrogw_api::config::LONGEST_NOTE;

use crate::http::query::Parameters;
use crate::http::rejection::Rejection;

/// What goes with a change.
#[derive(Debug)]
pub(in crate::http) struct Terms {
    /// The version that the caller wants to replace, if they care.
    pub(super) expected: Option<u64>,
    /// Why; empty: nothing is said.
    pub(super) note: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Terms {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let parameters = Parameters::from_request_parts(parts, state).await?;
        Ok(Self { expected: if_match(&parts.headers)?, note: note(&parameters)? })
    }
}

fn if_match(headers: &HeaderMap) -> Result<Option<u64>, Rejection> {
    let Some(value) = headers.get(IF_MATCH) else { return Ok(None) };
    let refuse = || Rejection::invalid("If-Match has to be one version in quotes, such as \"7\", or *.").about("If-Match");
    let text = value.to_str().map_err(|_| refuse())?.trim();
    if text == "*" {
        return Ok(None);
    }
    // A proxy that compresses answers makes their entity tags weak; the version in them is the same.
    let strong = text.strip_prefix("W/").unwrap_or(text);
    let number = strong.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(strong);
    number.parse().map(Some).map_err(|_| refuse())
}

/// It is shown in one line of a list, beside what others said.
fn note(parameters: &Parameters) -> Result<String, Rejection> {
    let text = parameters.text("note").unwrap_or_default();
    let note = text.trim();
    let length = note.chars().count();
    if length > LONGEST_NOTE {
        let message = format!("The note has {length} characters; it may have {LONGEST_NOTE}. Shorten it.");
        return Err(Rejection::invalid(message).about("note"));
    }
    if note.contains(char::is_control) {
        let message = "The note has to be one line, without tabs or other control characters.";
        return Err(Rejection::invalid(message).about("note"));
    }
    Ok(note.to_owned())
}

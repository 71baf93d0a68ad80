//! Query strings. Unknown parameters are ignored; known ones that make no sense are refused by name.

use std::collections::HashMap;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::rejection::Rejection;

/// The parameters of a request. The first of several with one name counts.
#[derive(Debug)]
pub(super) struct Parameters(HashMap<String, String>);

/// How many a page may leave out before it: the store reads those too.
const FURTHEST: u64 = 10_000;

/// An instant and how the caller spelt it, for the echo.
#[derive(Debug, Clone)]
pub(super) struct Instant {
    pub(super) at: OffsetDateTime,
    pub(super) text: String,
}

impl Parameters {
    /// The text of a parameter; empty is absent.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.0.get(name).filter(|text| !text.is_empty()).cloned()
    }

    /// `limit`: positive; what exceeds `most` is taken for `most`.
    pub(super) fn limit(&self, default: u64, most: u64) -> Result<u64, Rejection> {
        match self.number("limit")? {
            None => Ok(default),
            Some(0) => Err(refuse("limit", "a positive whole number")),
            Some(limit) => Ok(limit.min(most)),
        }
    }

    /// A count from 0; what exceeds `most` is taken for `most`.
    pub(super) fn count(&self, name: &str, most: u64) -> Result<u64, Rejection> {
        Ok(self.number(name)?.unwrap_or(0).min(most))
    }

    /// How many to leave out before a page of a list that a cursor leads further through.
    pub(super) fn offset(&self) -> Result<u64, Rejection> {
        match self.number("offset")?.unwrap_or(0) {
            offset if offset > FURTHEST => Err(refuse("offset", &format!("at most {FURTHEST}; a `cursor` leads further"))),
            offset => Ok(offset),
        }
    }

    /// An RFC 3339 instant.
    pub(super) fn instant(&self, name: &str) -> Result<Option<Instant>, Rejection> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let at =
            OffsetDateTime::parse(&text, &Rfc3339).map_err(|_| refuse(name, "an RFC 3339 time such as 2026-01-31T12:00:00Z"))?;
        Ok(Some(Instant { at, text }))
    }

    /// A truth value in any of its usual spellings.
    pub(super) fn boolean(&self, name: &str) -> Result<Option<bool>, Rejection> {
        match self.text(name).as_deref() {
            None => Ok(None),
            Some("1" | "t" | "T" | "true" | "TRUE" | "True") => Ok(Some(true)),
            Some("0" | "f" | "F" | "false" | "FALSE" | "False") => Ok(Some(false)),
            Some(_) => Err(refuse(name, "`true` or `false`")),
        }
    }

    /// One of a few words.
    pub(super) fn word(&self, name: &str, words: &[&'static str]) -> Result<Option<&'static str>, Rejection> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let found = words.iter().copied().find(|word| *word == text);
        found.map(Some).ok_or_else(|| refuse(name, &format!("one of {}", words.join(", "))))
    }

    fn number(&self, name: &str) -> Result<Option<u64>, Rejection> {
        let Some(text) = self.text(name) else { return Ok(None) };
        // Databases count in signed integers.
        let number = text.parse().ok().filter(|number| i64::try_from(*number).is_ok());
        number.map(Some).ok_or_else(|| refuse(name, "a whole number that is not negative"))
    }
}

fn refuse(name: &str, wanted: &str) -> Rejection {
    Rejection::invalid(format!("The parameter `{name}` has to be {wanted}.")).about(name)
}

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map_err(|_| Rejection::invalid("The query string is not percent-encoded UTF-8."))?;
        let mut parameters = HashMap::new();
        for (name, text) in pairs {
            // PostgreSQL cannot even be asked about one.
            if text.contains('\0') {
                return Err(refuse(&name, "a text without NUL characters"));
            }
            parameters.entry(name).or_insert(text);
        }
        Ok(Self(parameters))
    }
}

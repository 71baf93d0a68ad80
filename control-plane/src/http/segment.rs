//! The part of an address that names something.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use super::rejection::Rejection;

/// The one parameter in the path, decoded. What cannot be decoded names nothing.
pub(super) struct Segment(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(text)) => Ok(Self(text)),
            Err(_) => Err(Rejection::nothing_at(parts.uri.path())),
        }
    }
}

//! Request bodies: bounded in size and time, and strict.

use std::error::Error;
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use ferrogw_config::{Document, Syntax};
use http_body_util::{BodyExt as _, LengthLimitError};
use serde::de::DeserializeOwned;

use super::rejection::Rejection;
use crate::app::App;

/// What is taken where there is no configuration.
const DEFAULT_LIMIT: usize = 10 << 20;

/// What is taken where a few switches are all that there can be.
const SMALL: usize = 64 << 10;

/// How much of a body that is too long is read and thrown away, and for how long: most clients look for an answer only when
/// everything is sent, and would see a broken connection instead of being told.
const DISCARDED: usize = 64 << 20;
const DISCARDING: Duration = Duration::from_secs(5);

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// A JSON body without members that nobody knows.
pub(super) struct Strict<T>(pub(super) T);

/// A JSON body like that, or none, which stands for what is usual.
pub(super) struct Optional<T>(pub(super) T);

/// A configuration document as it was sent.
pub(super) struct DocumentText {
    pub(super) text: String,
    pub(super) syntax: Syntax,
}

impl<T: DeserializeOwned> FromRequest<App> for Strict<T> {
    type Rejection = Rejection;

    async fn from_request(request: Request, app: &App) -> Result<Self, Self::Rejection> {
        let bytes = read(request, limit(app).await?).await?;
        parse(&bytes).map(Self)
    }
}

impl<T: DeserializeOwned + Default> FromRequest<App> for Optional<T> {
    type Rejection = Rejection;

    async fn from_request(request: Request, _app: &App) -> Result<Self, Self::Rejection> {
        let bytes = read(request, SMALL).await?;
        if bytes.is_empty() { Ok(Self(T::default())) } else { parse(&bytes).map(Self) }
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Rejection> {
    serde_json::from_slice(bytes)
        .map_err(|error| Rejection::invalid(format!("The body is not the JSON that is expected here: {error}.")))
}

impl FromRequest<App> for DocumentText {
    type Rejection = Rejection;

    async fn from_request(request: Request, _app: &App) -> Result<Self, Self::Rejection> {
        let syntax = syntax(request.headers());
        let bytes = read(request, Document::MAX_BYTES).await?;
        let text = String::from_utf8(bytes).map_err(|_| Rejection::invalid("The configuration is not UTF-8 text."))?;
        Ok(Self { text, syntax })
    }
}

/// The syntax that the content type names; JSON where it names none.
fn syntax(headers: &HeaderMap) -> Syntax {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind.ends_with("yaml") || kind.ends_with("yml") { Syntax::Yaml } else { Syntax::Json }
}

/// The limit that the configuration in force sets, as for requests to models.
pub(super) async fn limit(app: &App) -> Result<usize, Rejection> {
    Ok(app.in_force().await?.checked().map_or(DEFAULT_LIMIT, |checked| checked.config().body_limit()))
}

/// A whole body of at most `limit` bytes.
pub(super) async fn read(request: Request, limit: usize) -> Result<Vec<u8>, Rejection> {
    let body = request.into_body();
    if body.size_hint().lower() > limit as u64 {
        discard(body).await;
        return Err(Rejection::too_large(limit));
    }
    let reading = axum::body::to_bytes(body, limit);
    let Ok(read) = tokio::time::timeout(PATIENCE, reading).await else {
        let message = format!("The body did not arrive within {} s.", PATIENCE.as_secs());
        return Err(Rejection::new(StatusCode::REQUEST_TIMEOUT, "invalid_request_error", "request_timeout", message));
    };
    match read {
        Ok(bytes) => Ok(bytes.into()),
        Err(error) if error.source().is_some_and(|source| source.is::<LengthLimitError>()) => Err(Rejection::too_large(limit)),
        Err(_) => Err(Rejection::invalid("The body ended before its announced length.")),
    }
}

async fn discard(mut body: Body) {
    let throwing_away = async {
        let mut read = 0;
        while let Some(Ok(frame)) = body.frame().await {
            read += frame.data_ref().map_or(0, bytes::Bytes::len);
            if read > DISCARDED {
                return;
            }
        }
    };
    // Whoever is slower than this sees the connection close, which is all that is left to say.
    let _ = tokio::time::timeout(DISCARDING, throwing_away).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_arrive_is_told_so() {
        let body = Body::from_stream(futures::stream::pending::<Result<Vec<u8>, std::convert::Infallible>>());
        let refused = read(Request::new(body), 1_000).await.map(drop).expect_err("there is no body");
        assert_eq!(axum::response::IntoResponse::into_response(refused).status(), StatusCode::REQUEST_TIMEOUT);
    }
}

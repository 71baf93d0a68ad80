//! Everything that a client of the admin API can be told instead of an answer: the one table of status, type and code.

use std::time::Duration;

use axum::Json;
use axum::http::header::{ETAG, HeaderName, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use ferrogw_api::{Envelope, Problem};
use ferrogw_config::{Issue, Severity};

use crate::auth::{self, Undecided};
use crate::metrics::SignIn;
use crate::store::StoreError;
use crate::tail::Unfollowable;

/// Issues that are spelt out in a message; the rest is in `issues`.
const SPELT_OUT: usize = 20;

/// A refusal or failure, ready to be sent.
#[derive(Debug)]
pub(super) struct Rejection {
    status: StatusCode,
    problem: Box<Problem>,
    header: Option<(HeaderName, HeaderValue)>,
    outage: bool,
}

/// Marks an answer that tells of an outage of the store.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outage;

impl Rejection {
    /// The code where there is no credential at all.
    pub(super) const MISSING: &str = "missing_api_key";

    pub(super) fn new(status: StatusCode, kind: &str, code: &str, message: impl Into<String>) -> Self {
        let problem = Problem {
            message: message.into(),
            kind: kind.to_owned(),
            param: None,
            code: Some(code.to_owned()),
            issues: Vec::new(),
        };
        Self { status, problem: Box::new(problem), header: None, outage: false }
    }

    /// The request says something that cannot be meant.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::coded("invalid_request", message)
    }

    /// A 400 with a code of its own.
    pub(super) fn coded(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request_error", code, message)
    }

    /// Nothing has that id.
    pub(super) fn not_found(what: &str) -> Self {
        let message = format!("There is no such {what}.");
        Self::new(StatusCode::NOT_FOUND, "not_found_error", "resource_not_found", message)
    }

    /// The address leads nowhere.
    pub(super) fn nothing_at(path: &str) -> Self {
        let message = format!("There is nothing at {path}.");
        Self::new(StatusCode::NOT_FOUND, "not_found_error", "resource_not_found", message)
    }

    /// The change would go against the operator's own interest.
    pub(super) fn conflict(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "invalid_request_error", code, message)
    }

    /// The body is longer than `limit` bytes.
    pub(super) fn too_large(limit: usize) -> Self {
        let message = format!("The body is longer than {limit} bytes, which is the most that is taken here.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "invalid_request_error", "request_too_large", message)
    }

    /// No credential was presented in a form that is understood.
    pub(super) fn unauthenticated() -> Self {
        Self::unauthorized(
            Self::MISSING,
            "No API key was presented. Send it in a header of exactly the form `Authorization: Bearer <key>`.",
        )
    }

    /// The credential is nobody's.
    pub(super) fn unknown_credential(credential: &str) -> Self {
        if auth::is_session(credential) {
            return Self::unauthorized("invalid_session", "The session has ended. Sign in again.");
        }
        Self::unauthorized("invalid_api_key", "The API key is unknown, revoked or expired.")
    }

    fn unauthorized(code: &str, message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "authentication_error", code, message)
            .with(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
    }

    /// The caller is known, and may not.
    pub(super) fn insufficient_scope(needed: &str) -> Self {
        let message = format!("The API key's scopes do not allow this; it takes {needed}.");
        Self::new(StatusCode::FORBIDDEN, "permission_error", "insufficient_scope", message)
    }

    /// A browser was made to send this by a page that is not ours.
    pub(super) fn forged() -> Self {
        let message = "A session's cookie alone changes nothing: the request needs the header `X-Ferrogw-Request: dashboard`, and its \
                       Origin has to be the Host that it is sent to. A proxy in front has to pass the Host on.";
        Self::new(StatusCode::FORBIDDEN, "permission_error", "csrf_rejected", message)
    }

    /// A session was asked for with a session.
    pub(super) fn not_a_key() -> Self {
        Self::coded("not_a_key", "A session cannot open another one. Send an API key.")
    }

    /// What only a session can do was asked for with a key.
    pub(super) fn not_a_session() -> Self {
        Self::coded("not_a_session", "The call is made with an API key, not in a session; there is nothing to sign out of.")
    }

    /// The address has tried to sign in too often.
    pub(super) fn too_many_sign_ins(wait: Duration) -> Self {
        let seconds = wait.as_millis().div_ceil(1_000);
        let message = format!("Too many attempts to sign in from this address. Try again in {seconds} s.");
        let after = HeaderValue::try_from(seconds.to_string()).expect("digits are a header value");
        Self::new(StatusCode::TOO_MANY_REQUESTS, "rate_limit_error", "rate_limit_exceeded", message).with(RETRY_AFTER, after)
    }

    /// Another version than the expected one is in force.
    pub(super) fn version_conflict(current: u64) -> Self {
        let message = format!("Version {current} is in force by now. Read it, decide again, and send `If-Match: \"{current}\"`.");
        Self::new(StatusCode::PRECONDITION_FAILED, "invalid_request_error", "version_conflict", message).at(current)
    }

    /// The configuration is refused, for all these reasons.
    pub(super) fn invalid_config(issues: Vec<Issue>) -> Self {
        let errors: Vec<&Issue> = issues.iter().filter(|issue| issue.severity == Severity::Error).collect();
        let mut message = match errors.len() {
            1 => "The configuration has a problem:".to_owned(),
            count => format!("The configuration has {count} problems:"),
        };
        for issue in errors.iter().take(SPELT_OUT) {
            message.push_str(&format!("\n- {issue}"));
        }
        if errors.len() > SPELT_OUT {
            message.push_str(&format!("\n- and {} more", errors.len() - SPELT_OUT));
        }
        let mut rejection = Self::coded("invalid_config", message);
        rejection.problem.issues = issues;
        rejection
    }

    /// A fault of ours.
    pub(super) fn internal() -> Self {
        let message = "Something went wrong here. The log has more under this answer's X-Request-ID.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "server_error", "internal_error", message)
    }

    /// The client is to come back later.
    pub(super) fn busy() -> Self {
        let message = "Too many sign-ins are being verified. Try again in a second.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, "rate_limit_error", "rate_limit_exceeded", message)
            .with(RETRY_AFTER, HeaderValue::from_static("1"))
    }

    /// What it is where somebody tried to sign in.
    pub(super) fn sign_in(&self) -> SignIn {
        match self.status {
            StatusCode::TOO_MANY_REQUESTS => SignIn::Throttled,
            status if status.is_client_error() => SignIn::Denied,
            _ => SignIn::Failed,
        }
    }

    pub(super) fn status(&self) -> StatusCode {
        self.status
    }

    pub(super) fn message(&self) -> &str {
        &self.problem.message
    }

    pub(super) fn code(&self) -> &str {
        self.problem.code.as_deref().unwrap_or_default()
    }

    /// Others are at it, as many as may be.
    pub(super) fn crowded(message: impl Into<String>) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "rate_limit_error", "too_many_streams", message)
            .with(RETRY_AFTER, HeaderValue::from_static("5"))
    }

    /// Names the parameter or body member at fault.
    pub(super) fn about(mut self, param: &str) -> Self {
        self.problem.param = Some(param.to_owned());
        self
    }

    /// Tells the version in force.
    pub(super) fn at(self, version: u64) -> Self {
        self.with(ETAG, super::etag(version))
    }

    fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.header = Some((name, value));
        self
    }
}

/// An outage is told as one: never as an empty answer, as "not found" or as a bad credential.
impl From<StoreError> for Rejection {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound(what) => Self::not_found(what),
            StoreError::Conflict { current } => Self::version_conflict(current),
            StoreError::Guard(guard) => Self::conflict(guard.code(), sentence(&guard.to_string())),
            StoreError::Invalid(message) => Self::invalid(sentence(&message)),
            StoreError::Disabled => {
                Self::new(StatusCode::NOT_IMPLEMENTED, "not_implemented_error", "not_implemented", sentence(&error.to_string()))
            }
            StoreError::Newer { .. } | StoreError::Open { .. } | StoreError::Unavailable(_) => {
                tracing::error!(error = %chain(&error), "the store is unavailable: {}", chain(&error));
                let message = "The database is unavailable. Nothing was changed; try again when it is back.";
                let rejection = Self::new(StatusCode::SERVICE_UNAVAILABLE, "server_error", "store_unavailable", message);
                Self { outage: true, ..rejection }
            }
        }
    }
}

impl From<Unfollowable> for Rejection {
    fn from(error: Unfollowable) -> Self {
        match error {
            Unfollowable::Crowded => Self::crowded(sentence(&error.to_string())),
            Unfollowable::Store(error) => error.into(),
        }
    }
}

impl From<Undecided> for Rejection {
    fn from(undecided: Undecided) -> Self {
        match undecided {
            Undecided::Store(error) => error.into(),
            Undecided::Busy => Self::busy(),
        }
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(Envelope { error: *self.problem })).into_response();
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        if self.outage {
            response.extensions_mut().insert(Outage);
        }
        response
    }
}

/// An error and what caused it, in one line for the log.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    std::iter::successors(error.source(), |error| error.source())
        .fold(error.to_string(), |text, source| format!("{text}: {source}"))
}

/// Library errors begin in lower case; people get sentences.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let mut sentence: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    if !sentence.ends_with('.') {
        sentence.push('.');
    }
    sentence
}

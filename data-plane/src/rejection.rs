//! Everything that a client can be told went wrong: one table of statuses, types, codes and words.
//!
//! The words are chosen by what happened and name no target, address or store. Only refusals of the request itself keep the
//! provider's own (redacted) text, because the client is the one who can mend them.

use std::borrow::Cow;
use std::time::Duration;

use ferrogw_llm::{Failure, FailureClass, Malformed, Operation};
use ferrogw_providers::Refusal;
use http::StatusCode;

const INVALID_REQUEST: &str = "invalid_request_error";
const AUTHENTICATION: &str = "authentication_error";
const PERMISSION: &str = "permission_error";
const RATE_LIMIT: &str = "rate_limit_error";
const UPSTREAM: &str = "upstream_error";
const SERVER: &str = "server_error";

/// The class under which records know what was refused without asking a provider.
const REJECTED: &str = "rejected";

/// What a client is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The HTTP status.
    pub status: StatusCode,
    /// The class under which records and metrics know it.
    pub class: &'static str,
    /// The error envelope's `type`.
    pub kind: Cow<'static, str>,
    /// The error envelope's `code`.
    pub code: Cow<'static, str>,
    /// The error envelope's `param`: the member at fault.
    pub param: Option<Box<str>>,
    /// The error envelope's `message`.
    pub message: Cow<'static, str>,
    /// How long to wait before another try, in whole seconds.
    pub retry_after: Option<u32>,
}

impl Rejection {
    fn new(status: StatusCode, kind: &'static str, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        let (kind, code, message) = (kind.into(), code.into(), message.into());
        Self { status, class: REJECTED, kind, code, param: None, message, retry_after: None }
    }

    /// No key was sent.
    #[must_use]
    pub fn missing_key() -> Self {
        let message = "No API key was sent. Send `Authorization: Bearer <key>` with a key of this gateway.";
        Self::new(StatusCode::UNAUTHORIZED, AUTHENTICATION, "missing_api_key", message)
    }

    /// The key is none of ours.
    #[must_use]
    pub fn unknown_key() -> Self {
        let message =
            "The API key is not valid here. Use a key of this gateway, not one of a provider; it may have been revoked.";
        Self::new(StatusCode::UNAUTHORIZED, AUTHENTICATION, "invalid_api_key", message)
    }

    /// The key's time is over.
    #[must_use]
    pub fn expired_key() -> Self {
        let message = "The API key has expired. Ask the gateway's operator for a new one.";
        Self::new(StatusCode::UNAUTHORIZED, AUTHENTICATION, "invalid_api_key", message)
    }

    /// The key may not do this.
    #[must_use]
    pub fn insufficient_scope() -> Self {
        let message = "The API key may look but not send requests to models; that takes a key with the scope `inference`.";
        Self::new(StatusCode::FORBIDDEN, PERMISSION, "insufficient_scope", message)
    }

    /// Every core has as many connections as it takes.
    #[must_use]
    pub fn no_room() -> Self {
        let message = "This worker has no room for another connection. Try again, or ask its operator for more workers.";
        let rejection = Self::new(StatusCode::SERVICE_UNAVAILABLE, SERVER, "busy", message);
        Self { retry_after: Some(1), ..rejection }
    }

    /// The request line and headers did not arrive in time.
    #[must_use]
    pub fn slow_head() -> Self {
        let message = "The request's headers did not arrive in time. Send it again over a better connection.";
        Self::new(StatusCode::REQUEST_TIMEOUT, INVALID_REQUEST, "request_timeout", message)
    }

    /// The body is longer than is taken.
    #[must_use]
    pub fn too_large(limit: usize) -> Self {
        let message = format!("The request body is longer than {limit} bytes, which is the most that this gateway takes.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, INVALID_REQUEST, "request_too_large", message)
    }

    /// The body did not arrive in time.
    #[must_use]
    pub fn slow_body() -> Self {
        let message = "The request body did not arrive in time. Send it again over a better connection.";
        Self::new(StatusCode::REQUEST_TIMEOUT, INVALID_REQUEST, "request_timeout", message)
    }

    /// The body broke off.
    #[must_use]
    pub fn broken_body() -> Self {
        let message = "The request body could not be read to its end. Send it again.";
        Self::new(StatusCode::BAD_REQUEST, INVALID_REQUEST, "invalid_request", message)
    }

    /// No configuration is in force.
    #[must_use]
    pub fn unconfigured() -> Self {
        let message = "The gateway has no configuration yet, so no model can be reached. Its operator has to activate one.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, UPSTREAM, "gateway_not_configured", message)
    }

    /// The worker knows neither its configuration nor its keys yet.
    #[must_use]
    pub fn uninformed() -> Self {
        let message = "This worker has just started and has not heard from its control plane. Try again in a moment.";
        let rejection = Self::new(StatusCode::SERVICE_UNAVAILABLE, SERVER, "worker_starting", message);
        Self { retry_after: Some(1), ..rejection }
    }

    /// Nobody serves the model.
    #[must_use]
    pub fn unknown_model(model: &str, nearest: &[&str]) -> Self {
        let shown: String = model.chars().take(128).collect();
        let hint = match nearest {
            [] => "See GET /v1/models for what is served.".to_owned(),
            names => format!("Did you mean `{}`? See GET /v1/models.", names.join("`, `")),
        };
        let message = format!("The model `{shown}` is not served here. {hint}");
        let rejection = Self::new(StatusCode::NOT_FOUND, INVALID_REQUEST, "model_not_found", message);
        Self { param: Some("model".into()), ..rejection }
    }

    /// The model is served, but not this operation of it.
    #[must_use]
    pub fn unserved_operation(model: &str, operation: Operation) -> Self {
        let shown: String = model.chars().take(128).collect();
        let message = format!("The model `{shown}` is not served for {}.", operation.name());
        let rejection = Self::new(StatusCode::NOT_FOUND, INVALID_REQUEST, "model_not_found", message);
        Self { param: Some("model".into()), ..rejection }
    }

    /// Everybody who serves the model is out of reach.
    #[must_use]
    pub fn unroutable() -> Self {
        let message =
            "No provider of this model can be used at the moment: the gateway lacks its credential. Its operator has been told.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, UPSTREAM, "upstream_unavailable", message)
    }

    /// A plugin that a request may not go without broke.
    #[must_use]
    pub fn plugin_broke() -> Self {
        let message = "A plugin of the gateway failed, so the request was not sent. Try again, or ask the operator.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, SERVER, "plugin_error", message)
    }

    /// Something of ours broke.
    #[must_use]
    pub fn internal() -> Self {
        let message = "The gateway failed to handle the request. Try again, or ask the operator.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, SERVER, "internal_error", message)
    }
}

impl From<Malformed> for Rejection {
    fn from(malformed: Malformed) -> Self {
        let rejection = Self::new(StatusCode::BAD_REQUEST, INVALID_REQUEST, "invalid_request", sentence(&malformed.to_string()));
        Self { param: malformed.param().map(Into::into), ..rejection }
    }
}

impl From<Refusal> for Rejection {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Malformed(malformed) => malformed.into(),
            Refusal::Unsupported { ref param, .. } => {
                let message = sentence(&refusal.to_string());
                let rejection = Self::new(StatusCode::BAD_REQUEST, INVALID_REQUEST, "unsupported_parameter", message);
                Self { param: Some(param.as_str().into()), ..rejection }
            }
        }
    }
}

/// How a class of failure is told: the status, unless the provider's own is kept; type; code; our words.
type Told = (StatusCode, &'static str, &'static str, &'static str);

impl From<Failure> for Rejection {
    fn from(failure: Failure) -> Self {
        let (status, kind, code, message) = told(failure.class);
        let is_theirs = failure.status.is_some_and(|status| status.is_client_error()) && keeps_words(failure.class);
        if !is_theirs {
            let message = if keeps_words(failure.class) { failure.message.into() } else { message.into() };
            let (kind, code, retry_after) = (kind.into(), code.into(), failure.retry_after.map(seconds));
            return Self { status, class: failure.class.name(), kind, code, param: None, message, retry_after };
        }
        Self {
            status: failure.status.unwrap_or(status),
            class: failure.class.name(),
            kind: failure.kind.map_or(kind.into(), Cow::Owned),
            code: failure.code.map_or(code.into(), Cow::Owned),
            param: failure.param.map(Into::into),
            message: failure.message.into(),
            retry_after: failure.retry_after.map(seconds),
        }
    }
}

/// Whether the provider's own words reach the client: where the request is at fault, and where the client may wait.
fn keeps_words(class: FailureClass) -> bool {
    use FailureClass as Class;
    match class {
        Class::InvalidRequest
        | Class::ContextLength
        | Class::ContentFilter
        | Class::NotFound
        | Class::RateLimited
        | Class::QuotaExceeded => true,
        Class::Auth
        | Class::Overloaded
        | Class::UpstreamTimeout
        | Class::Server
        | Class::Connection
        | Class::Timer
        | Class::Malformed => false,
    }
}

fn told(class: FailureClass) -> Told {
    use FailureClass as Class;
    match class {
        Class::InvalidRequest => (StatusCode::BAD_REQUEST, INVALID_REQUEST, "invalid_request", ""),
        Class::ContextLength => (StatusCode::BAD_REQUEST, INVALID_REQUEST, "context_length_exceeded", ""),
        Class::ContentFilter => (StatusCode::BAD_REQUEST, INVALID_REQUEST, "content_filter", ""),
        Class::NotFound => (StatusCode::NOT_FOUND, INVALID_REQUEST, "model_not_found", ""),
        Class::RateLimited => (StatusCode::TOO_MANY_REQUESTS, RATE_LIMIT, "rate_limit_exceeded", ""),
        Class::QuotaExceeded => (StatusCode::TOO_MANY_REQUESTS, "insufficient_quota", "insufficient_quota", ""),
        Class::Auth => (
            StatusCode::BAD_GATEWAY,
            UPSTREAM,
            "upstream_auth_error",
            "The provider refused the gateway's own credential or account. Your key is fine; the gateway's operator has to act.",
        ),
        Class::Overloaded => (
            StatusCode::SERVICE_UNAVAILABLE,
            UPSTREAM,
            "upstream_unavailable",
            "The provider has no capacity at the moment. Try again later.",
        ),
        Class::UpstreamTimeout => {
            (StatusCode::GATEWAY_TIMEOUT, UPSTREAM, "upstream_timeout", "The provider gave up on the request for lack of time.")
        }
        Class::Timer => (
            StatusCode::GATEWAY_TIMEOUT,
            UPSTREAM,
            "gateway_timeout",
            "The provider did not answer within the time that this gateway allows.",
        ),
        Class::Server => (StatusCode::BAD_GATEWAY, UPSTREAM, "upstream_error", "The provider failed to answer. Try again."),
        Class::Connection => (
            StatusCode::BAD_GATEWAY,
            UPSTREAM,
            "upstream_error",
            "The provider could not be reached, or the connection broke before its answer was whole. Try again.",
        ),
        Class::Malformed => {
            (StatusCode::BAD_GATEWAY, UPSTREAM, "upstream_error", "The provider sent an answer that cannot be read. Try again.")
        }
    }
}

/// Whole seconds that are not too few.
fn seconds(wait: Duration) -> u32 {
    u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(u32::from(wait.subsec_nanos() > 0))
}

/// `text` as a sentence of its own.
fn sentence(text: &str) -> String {
    let mut sentence = String::with_capacity(text.len() + 1);
    let mut chars = text.chars();
    sentence.extend(chars.next().map(|first| first.to_ascii_uppercase()));
    sentence.push_str(chars.as_str());
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests;

//! What went wrong at a provider, in our words.

use std::time::Duration;

use http::StatusCode;

/// The kinds of failure that routing, breakers and clients tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureClass {
    /// 400, 413, 422 and every 4xx not named below: every target would refuse the same request.
    InvalidRequest,
    /// The prompt is longer than the model's window: a target with a larger window may take it.
    ContextLength,
    /// A content filter refused the prompt or the answer.
    ContentFilter,
    /// 401, 402, 403: the operator's credential or account, not the caller's.
    Auth,
    /// 404: this target does not have the model (or the path).
    NotFound,
    /// 429: too many requests or tokens.
    RateLimited,
    /// 429 that waiting does not cure: the account's quota or spend limit is used up.
    QuotaExceeded,
    /// 503, 529: the provider has no capacity now.
    Overloaded,
    /// 408, 504: the provider gave up on time.
    UpstreamTimeout,
    /// Any other 5xx, and 3xx (which is never followed).
    Server,
    /// No connection, or it broke before the answer was whole.
    Connection,
    /// One of our own timers ran out.
    Timer,
    /// An answer that cannot be read as what it should be.
    Malformed,
}

impl FailureClass {
    /// The name under which records and metrics know it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::ContextLength => "context_length",
            Self::ContentFilter => "content_filter",
            Self::Auth => "auth",
            Self::NotFound => "not_found",
            Self::RateLimited => "rate_limited",
            Self::QuotaExceeded => "quota_exceeded",
            Self::Overloaded => "overloaded",
            Self::UpstreamTimeout => "upstream_timeout",
            Self::Server => "server_error",
            Self::Connection => "connection",
            Self::Timer => "timeout",
            Self::Malformed => "malformed_answer",
        }
    }
}

/// One failed attempt. Texts are redacted; the raw upstream body is never kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What kind of failure it is.
    pub class: FailureClass,
    /// The provider's status, where one came.
    pub status: Option<StatusCode>,
    /// The provider's message (redacted), or ours where it gave none.
    pub message: String,
    /// The provider's `type`.
    pub kind: Option<String>,
    /// The provider's `param`.
    pub param: Option<String>,
    /// The provider's `code`, as text.
    pub code: Option<String>,
    /// How long the provider asks to wait.
    pub retry_after: Option<Duration>,
}

impl Failure {
    /// A failure that is ours to word: no answer of the provider stands behind it.
    #[must_use]
    pub fn ours(class: FailureClass, message: impl Into<String>) -> Self {
        Self { class, status: None, message: message.into(), kind: None, param: None, code: None, retry_after: None }
    }
}

/// Why a stream did not end well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamFault {
    /// The provider sent an error frame.
    Upstream(Failure),
    /// A frame that cannot be read; the text says what about it, quoting nothing.
    Malformed(String),
    /// The stream ended before its end was told.
    Truncated,
}

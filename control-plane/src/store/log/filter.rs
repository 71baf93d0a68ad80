//! Which rows of the request log are meant.

use time::OffsetDateTime;
use uuid::Uuid;

/// Which rows are meant; absent members do not filter.
#[derive(Debug, Clone, Default)]
pub struct LogFilter {
    /// Arrived at or after.
    pub since: Option<OffsetDateTime>,
    /// Arrived before.
    pub until: Option<OffsetDateTime>,
    /// The model, as the client spelt it or as it went to the provider.
    pub model: Option<String>,
    /// The provider.
    pub provider: Option<String>,
    /// The caller's key.
    pub key: Option<KeyFilter>,
    /// How the request ended.
    pub status: Option<StatusFilter>,
    /// Whether a stream was asked for.
    pub stream: Option<bool>,
    /// A record's id or request id, or a part of a request id or of an error's message.
    pub text: Option<String>,
}

/// Whose requests are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyFilter {
    /// Requests without a key.
    None,
    /// Requests with this key, also after it was deleted.
    Id(Uuid),
}

/// How the requests that are meant ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusFilter {
    /// Without an error.
    Succeeded,
    /// With an error, whatever the status said (a stream may fail after its 200).
    Failed,
    /// With a status of this hundred, 1 to 5.
    Class(u16),
    /// With exactly this status.
    Exactly(u16),
}

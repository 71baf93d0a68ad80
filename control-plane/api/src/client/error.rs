//! Why a call did not succeed.

use http::{Method, StatusCode};

use super::transport::TransportError;
use crate::Problem;

/// Why no client could be made.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// The address is none.
    #[error("`{0}` is not an http or https URL")]
    Url(String),
    /// The address holds a user's name or a password, which would be shown wherever it is.
    #[error(
        "the gateway's address holds a user or a password; a key goes into FERROGW_API_KEY, and an address is shown to everybody"
    )]
    Userinfo,
    /// The credential cannot be sent.
    #[error("the API key holds characters that an HTTP header cannot carry")]
    Credential,
    /// No HTTP client, e.g. because the system's certificates cannot be read.
    #[error("no HTTP client could be made")]
    Transport(#[source] TransportError),
}

/// Why a call did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No answer came.
    #[error("{base} cannot be reached")]
    Unreachable {
        /// The address.
        base: String,
        /// What the network said.
        #[source]
        source: TransportError,
    },
    /// The gateway refused, and said why.
    #[error("{method} {path}: {status}{}: {}", code(problem), problem.message)]
    Refused {
        /// The method.
        method: Method,
        /// The path.
        path: String,
        /// The status.
        status: StatusCode,
        /// What it said.
        problem: Box<Problem>,
        /// The version in force, where the answer told it.
        version: Option<u64>,
        /// The answer's `X-Request-ID`, to look the request up with.
        request_id: Option<String>,
    },
    /// The id cannot be one, since an address with it would be another address. Nothing was sent.
    #[error("{path}: `.` and `..` cannot be ids")]
    Id {
        /// The path.
        path: String,
    },
    /// Something answered, but not as the admin API would.
    #[error("{method} {path}: {reason}")]
    Unexpected {
        /// The method.
        method: Method,
        /// The path.
        path: String,
        /// What is odd about the answer.
        reason: String,
    },
}

impl Error {
    /// The machine-readable code of a refusal.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { problem, .. } => problem.code.as_deref(),
            Self::Unreachable { .. } | Self::Id { .. } | Self::Unexpected { .. } => None,
        }
    }

    /// The status of a refusal.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            Self::Unreachable { .. } | Self::Id { .. } | Self::Unexpected { .. } => None,
        }
    }
}

fn code(problem: &Problem) -> String {
    problem.code.as_ref().map(|code| format!(" ({code})")).unwrap_or_default()
}

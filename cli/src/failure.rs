//! Why a command did not succeed, and what a script is told of it.

mod hint;

use std::error::Error as _;
use std::io;
use std::process::ExitCode;

use ferrogw_api::client::{self, Unusable};
use ferrogw_api::config::HistoryEntry;
use http::StatusCode;
use tonic::{Code, Status};

/// Why a command did not succeed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The command line cannot be meant.
    #[error("{0}")]
    Usage(String),
    /// A file, or standard input, cannot be read.
    #[error("cannot read {file}: {source}")]
    Read {
        /// Which.
        file: String,
        /// What the system said.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write {file}: {source}")]
    WriteFile {
        /// Which.
        file: String,
        /// What the system said.
        source: io::Error,
    },
    /// A file's name tells no syntax.
    #[error("{0} has to end in .yaml, .yml or .json, so that its syntax is known")]
    Syntax(String),
    /// Something is wrong with a configuration; what, was said already.
    #[error("{file} is not valid: {count}")]
    Invalid {
        /// The file.
        file: String,
        /// How much is wrong.
        count: String,
    },
    /// There is nothing to show.
    #[error("no configuration is in force (version {0})")]
    NoConfiguration(u64),
    /// There is no such version, or it holds no configuration.
    #[error("{0}")]
    NoVersion(String),
    /// What was asked about before it is done was not confirmed.
    #[error("{0}; nothing was done")]
    Declined(&'static str),
    /// Nobody is there to confirm it.
    #[error("{0} has to be confirmed, and nobody can be asked here; say --yes")]
    Unconfirmed(&'static str),
    /// Somebody else was faster.
    #[error("{error}")]
    Overtaken {
        /// What the gateway said.
        error: Box<client::Error>,
        /// The version that was thought to be in force.
        expected: u64,
        /// What came into force since, oldest first.
        since: Vec<HistoryEntry>,
    },
    /// Two configurations could not be compared. Not to be mistaken for their being different.
    #[error(transparent)]
    NotCompared(Box<Self>),
    /// The command line names no gateway that could be called.
    #[error(transparent)]
    Connection(#[from] Unusable),
    /// The call did not succeed.
    #[error(transparent)]
    Call(#[from] client::Error),
    /// A stream was refused, or never came.
    #[error("{base}: {}", told(status))]
    Stream {
        /// The address.
        base: String,
        /// What was said.
        status: Box<Status>,
    },
    /// The result cannot be written.
    #[error("cannot write the result: {0}")]
    Write(#[source] io::Error),
}

impl Failure {
    /// What a script can tell failures apart by; `--help` lists them.
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code())
    }

    fn code(&self) -> u8 {
        match self {
            Self::Read { .. } | Self::WriteFile { .. } | Self::Invalid { .. } | Self::Declined(_) | Self::Write(_) => 1,
            Self::Usage(_) | Self::Syntax(_) | Self::Unconfirmed(_) | Self::Connection(_) => 2,
            Self::NoConfiguration(_) | Self::NoVersion(_) => 5,
            Self::Overtaken { .. } => 6,
            Self::NotCompared(failure) => failure.code().max(2),
            Self::Call(client::Error::Unreachable { .. } | client::Error::Unexpected { .. }) => 3,
            Self::Call(client::Error::Id { .. }) => 5,
            Self::Stream { status, .. } => stream(status),
            // A worker's words; a control plane has others.
            Self::Call(error) if error.code() == Some("not_found") => 3,
            Self::Call(client::Error::Refused { status, .. }) => refused(*status),
        }
    }
}

/// What an error began with.
pub(crate) fn root_of(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |&error| error.source()).last().unwrap_or(error).to_string()
}

/// What happened and what began it, where that is not said yet. Layers of libraries in between say nothing to anybody.
pub(crate) fn with_causes(error: &dyn std::error::Error) -> String {
    let (text, root) = (error.to_string(), root_of(error));
    if text.contains(&root) { text } else { format!("{text}: {root}") }
}

fn stream(status: &Status) -> u8 {
    match status.code() {
        Code::Unavailable if is_gateways_word(status) => 7,
        Code::FailedPrecondition => 1,
        Code::Unauthenticated | Code::PermissionDenied => 4,
        Code::InvalidArgument => 2,
        Code::NotFound => 5,
        Code::ResourceExhausted => 7,
        _ => 3,
    }
}

/// Whether the gateway itself said so, and not the connection or a proxy, whose status the library translates.
fn is_gateways_word(status: &Status) -> bool {
    status.source().is_none() && !status.message().starts_with("grpc-status header missing")
}

/// What a status says, or else what it comes from.
fn told(status: &Status) -> String {
    let root = root_of(status);
    match status.code() {
        Code::Unknown | Code::Unavailable | Code::Internal if root != status.to_string() => root,
        Code::Unimplemented => "there is no operator service here".to_owned(),
        _ if status.message().is_empty() => status.code().to_string(),
        _ => status.message().to_owned(),
    }
}

fn refused(status: StatusCode) -> u8 {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => 4,
        StatusCode::NOT_FOUND => 5,
        StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED => 6,
        StatusCode::NOT_IMPLEMENTED => 1,
        StatusCode::TOO_MANY_REQUESTS => 7,
        status if status.is_server_error() => 7,
        _ => 1,
    }
}

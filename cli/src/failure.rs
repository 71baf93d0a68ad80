//! Why a command did not succeed, and what a script is told of it.

use std::io;
use std::process::ExitCode;

use ferrogw_api::client::{self, Unusable};

/// Why a command did not succeed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A file, or standard input, cannot be read.
    #[error("cannot read {file}: {source}")]
    Read {
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
    /// The command line names no gateway that could be called.
    #[error(transparent)]
    Connection(#[from] Unusable),
    /// The call did not succeed.
    #[error(transparent)]
    Call(#[from] client::Error),
    /// The result cannot be written.
    #[error("cannot write the result: {0}")]
    Write(#[source] io::Error),
}

impl Failure {
    /// What a script can tell failures apart by; `--help` lists them.
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Read { .. } | Self::Invalid { .. } | Self::NoConfiguration(_) | Self::Write(_) => 1,
            Self::Call(client::Error::Refused { .. } | client::Error::Id { .. }) => 1,
            Self::Syntax(_) | Self::Connection(_) => 2,
            Self::Call(client::Error::Unreachable { .. } | client::Error::Unexpected { .. }) => 3,
        })
    }

    /// What else might help.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::Call(client::Error::Unreachable { .. }) => {
                Some("is it running? --gateway-url or FERROGW_URL says where".to_owned())
            }
            Self::Call(client::Error::Refused { problem, request_id, .. }) => match problem.code.as_deref() {
                Some("missing_api_key" | "invalid_api_key") => {
                    Some("--api-key, FERROGW_API_KEY or MASTER_KEY says which key to use".to_owned())
                }
                Some("version_conflict") => Some("--force writes all the same".to_owned()),
                _ => request_id.as_ref().map(|id| format!("the gateway's log has more under the request id {id}")),
            },
            _ => None,
        }
    }
}

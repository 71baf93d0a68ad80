//! What can go wrong between this page and the control plane, by what the page has to do about it.

use ferrogw_api::Error;
use ferrogw_config::Issue;

/// What went wrong.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fault {
    /// The session is over.
    SignedOut,
    /// The reader may not.
    Forbidden(String),
    /// Nothing answered.
    Away(String),
    /// Something answered that is not the control plane.
    Foreign(String),
    /// The control plane answered that it cannot do its work now.
    Broken(String),
    /// The gateway is set up without this.
    Disabled(String),
    /// There is no such thing.
    Missing(String),
    /// The control plane will not, and says why.
    Refused(Refusal),
}

/// A refusal.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) message: String,
    pub(crate) code: String,
    pub(crate) issues: Vec<Issue>,
    /// The version in force, where the answer told it.
    pub(crate) version: Option<u64>,
}

impl Fault {
    /// Whether it passes by itself, so that asking again helps.
    pub(crate) fn is_outage(&self) -> bool {
        self.is_silence() || matches!(self, Self::Broken(_))
    }

    /// Whether the control plane itself was not heard.
    pub(crate) fn is_silence(&self) -> bool {
        matches!(self, Self::Away(_) | Self::Foreign(_))
    }

    /// As it is told of a change: nobody tries that again, and what had no answer may be done all the same.
    pub(crate) fn of_change(self) -> Self {
        match self {
            Self::Away(_) | Self::Foreign(_) => {
                Self::Away("No answer came, so nobody knows whether it was done. Look before you try again.".to_owned())
            }
            other => other,
        }
    }

    /// In a few words.
    pub(crate) fn title(&self) -> &'static str {
        match self {
            Self::SignedOut => "Your session has ended",
            Self::Forbidden(_) => "Your key does not allow this",
            Self::Away(_) => "The control plane cannot be reached",
            Self::Foreign(_) => "Something else answers in the control plane's place",
            Self::Broken(_) => "The control plane cannot do its work",
            Self::Disabled(_) => "This gateway is set up without it",
            Self::Missing(_) => "There is no such thing",
            Self::Refused(_) => "That was refused",
        }
    }

    /// In whole.
    pub(crate) fn message(&self) -> &str {
        match self {
            Self::SignedOut => "Sign in again to go on.",
            Self::Refused(refusal) => &refusal.message,
            Self::Forbidden(text)
            | Self::Away(text)
            | Self::Foreign(text)
            | Self::Broken(text)
            | Self::Disabled(text)
            | Self::Missing(text) => text,
        }
    }

    /// The code of a refusal.
    pub(crate) fn code(&self) -> &str {
        match self {
            Self::Refused(refusal) => &refusal.code,
            _ => "",
        }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        match error {
            Error::Unreachable { source, .. } => {
                Self::Away(format!("What is shown may be old. Trying again every few seconds. ({source})"))
            }
            Error::Unexpected { reason, .. } => {
                Self::Foreign(format!("A proxy or another server between this page and the control plane answered: {reason}"))
            }
            Error::Id { .. } => Self::Missing("No id looks like this.".to_owned()),
            Error::Refused { status, problem, version, .. } => match status.as_u16() {
                401 => Self::SignedOut,
                403 => Self::Forbidden(problem.message),
                404 => Self::Missing(problem.message),
                501 => Self::Disabled(problem.message),
                500..=599 => Self::Broken(problem.message),
                _ => Self::Refused(Refusal {
                    message: problem.message,
                    code: problem.code.unwrap_or_default(),
                    issues: problem.issues,
                    version,
                }),
            },
        }
    }
}

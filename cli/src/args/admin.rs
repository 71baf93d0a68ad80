//! `admin`, and what has few options.

use clap::{Args as Arguments, Subcommand, ValueEnum};

use super::{Config, Keys, Logs, Sure};
use crate::clock::When;

const USAGE_EXAMPLES: &str = "\
Examples:
  ferrogw-cli admin usage --since 7d --by model
  ferrogw-cli admin usage --since 2026-01-01 --until 2026-02-01 --by key --format json";

#[derive(Debug, Subcommand)]
pub(crate) enum Admin {
    /// API keys
    #[command(subcommand)]
    Keys(Keys),
    /// The configuration in force and its history
    #[command(subcommand)]
    Config(Config),
    /// The request log
    #[command(subcommand)]
    Logs(Logs),
    /// The providers that the workers can reach
    #[command(subcommand)]
    Providers(Providers),
    /// Show what was used, spent and waited for
    #[command(after_help = USAGE_EXAMPLES)]
    Usage(ShowUsage),
    /// Who changed what
    #[command(subcommand)]
    Audit(Audit),
    /// People who are signed in
    #[command(subcommand)]
    Sessions(Sessions),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Providers {
    /// List those that some worker has a credential for, with their models and targets
    List,
    /// Show whether each provider of the configuration can be used, and why not
    Health,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Workers {
    /// List all workers that were ever seen: what each serves, and how it is
    List,
    /// Show the workers as they change: in place on a terminal, otherwise a line for each change. JSON is a line for each list
    Watch,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Sessions {
    /// List the sessions that are open, newest first
    List,
    /// End a session
    End {
        /// The session's id
        id: String,
    },
    /// End all sessions
    EndAll {
        #[command(flatten)]
        sure: Sure,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// List what was done, newest first
    List(ListAudit),
}

#[derive(Debug, Arguments)]
pub(crate) struct ShowUsage {
    /// From when on, such as 2026-01-31, or how long ago, such as 7d
    #[arg(long, value_name = "TIME", default_value = "24h")]
    pub(crate) since: When,

    /// Until when. Unset: now
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<When>,

    /// What to tell apart
    #[arg(long, value_name = "WHAT", default_value = "provider")]
    pub(crate) by: By,

    /// Most steps in time
    #[arg(long, default_value_t = 60)]
    pub(crate) points: u64,

    /// Only this model
    #[arg(long)]
    pub(crate) model: Option<String>,

    /// Only this provider
    #[arg(long)]
    pub(crate) provider: Option<String>,

    /// Only requests with this key; none for those without one
    #[arg(long, value_name = "ID")]
    pub(crate) api_key_id: Option<String>,
}

/// What usage is told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum By {
    /// Providers
    Provider,
    /// Models
    Model,
    /// API keys
    Key,
}

/// How an act ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Outcome {
    /// It was done
    Ok,
    /// It was refused
    Denied,
    /// It failed
    Error,
}

#[derive(Debug, Arguments)]
pub(crate) struct ListAudit {
    /// Most entries, up to 200
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: u64,

    /// Newest entries to leave out
    #[arg(long, default_value_t = 0)]
    pub(crate) offset: u64,

    /// Go on where another list ended
    #[arg(long, conflicts_with = "offset")]
    pub(crate) cursor: Option<String>,

    /// Only this action, such as key.create
    #[arg(long)]
    pub(crate) action: Option<String>,

    /// Only what was done with this credential
    #[arg(long, value_name = "ID")]
    pub(crate) actor_id: Option<String>,

    /// Only what was done to this, such as a key's id or a version
    #[arg(long)]
    pub(crate) target: Option<String>,

    /// Only what ended so
    #[arg(long)]
    pub(crate) outcome: Option<Outcome>,

    /// Only at or after this time, such as 2026-01-31T12:00:00Z, or how long ago, such as 24h
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<When>,

    /// Only before this time
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<When>,
}

impl Outcome {
    /// Its name in the API.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Denied => "denied",
            Self::Error => "error",
        }
    }
}

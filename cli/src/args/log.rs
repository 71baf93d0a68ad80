//! `admin logs`.

use clap::{Args as Arguments, Subcommand, ValueEnum};

use super::key::Sure;
use crate::clock::When;

const LIST_EXAMPLES: &str = "\
Examples:
  ferrogw-cli admin logs list --since 30m --stage on_error
  ferrogw-cli admin logs list --model gpt-4o-mini --since 2026-01-31 --format json";

const PURGE_EXAMPLES: &str = "\
Examples:
  ferrogw-cli admin logs purge --before 90d --dry-run
  ferrogw-cli admin logs purge --before 2026-01-01 --stage on_error --yes";

#[derive(Debug, Subcommand)]
pub(crate) enum Logs {
    /// List requests, newest first
    #[command(after_help = LIST_EXAMPLES)]
    List(ListLogs),
    /// Show the request log in figures: totals, latencies, providers, models and the commonest errors
    Stats(LogStats),
    /// Show requests as they are stored, from now on; JSON is a line for each
    Tail(TailLogs),
    /// Delete old requests for good; what keys used and what was spent stays known
    #[command(after_help = PURGE_EXAMPLES)]
    Purge(PurgeLogs),
}

#[derive(Debug, Arguments)]
pub(crate) struct ListLogs {
    /// Most requests, up to 200
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: u64,

    /// Newest requests to leave out
    #[arg(long, default_value_t = 0)]
    pub(crate) offset: u64,

    /// `after_request` for successes, `on_error` for failures
    #[arg(long)]
    pub(crate) stage: Option<String>,

    /// Only this model
    #[arg(long)]
    pub(crate) model: Option<String>,

    /// Only this provider
    #[arg(long)]
    pub(crate) provider: Option<String>,

    /// Only requests with this key; none for those without one
    #[arg(long, value_name = "ID")]
    pub(crate) api_key_id: Option<String>,

    /// Only requests that arrived at or after this time, such as 2026-01-31T12:00:00Z, or how long ago, such as 30m
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<When>,

    /// Only requests that arrived before this time
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<When>,
}

#[derive(Debug, Arguments)]
pub(crate) struct TailLogs {
    /// Only how it ended: ok, error, 4xx, 5xx or a number
    #[arg(long)]
    pub(crate) status: Option<String>,

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

#[derive(Debug, Arguments)]
pub(crate) struct LogStats {
    /// Only requests that arrived at or after this time, such as 2026-01-31T12:00:00Z, or how long ago, such as 30m
    #[arg(long, value_name = "TIME", default_value = "24h", conflicts_with = "all")]
    pub(crate) since: When,

    /// The whole log; without latencies, which need a beginning
    #[arg(long)]
    pub(crate) all: bool,

    /// Only this model
    #[arg(long)]
    pub(crate) model: Option<String>,

    /// Only this provider
    #[arg(long)]
    pub(crate) provider: Option<String>,

    /// Only requests that ended so
    #[arg(long)]
    pub(crate) stage: Option<Stage>,

    /// Most providers and most models
    #[arg(long, default_value_t = 10)]
    pub(crate) limit: u64,
}

#[derive(Debug, Arguments)]
pub(crate) struct PurgeLogs {
    /// Requests that arrived before this time, such as 2026-01-31, or how long ago, such as 30d
    #[arg(long, value_name = "TIME")]
    pub(crate) before: When,

    /// Only this model
    #[arg(long)]
    pub(crate) model: Option<String>,

    /// Only this provider
    #[arg(long)]
    pub(crate) provider: Option<String>,

    /// Only requests that ended so
    #[arg(long)]
    pub(crate) stage: Option<Stage>,

    /// Say how many there are, and delete none
    #[arg(long)]
    pub(crate) dry_run: bool,

    #[command(flatten)]
    pub(crate) sure: Sure,
}

/// How requests ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Stage {
    /// With success
    AfterRequest,
    /// With a failure
    OnError,
}

impl Stage {
    /// Its name in the API.
    pub(crate) fn name(self) -> String {
        match self {
            Self::AfterRequest => "after_request",
            Self::OnError => "on_error",
        }
        .to_owned()
    }
}

//! `admin logs`.

use std::path::PathBuf;

use clap::{Args as Arguments, Subcommand, ValueEnum};

use super::key::Sure;
use crate::clock::When;

const LIST_EXAMPLES: &str = "\
Examples:
  ferrogw-cli admin logs list --since 30m --stage on_error
  ferrogw-cli admin logs list --model gpt-4o-mini --since 2026-01-31 --format json";

const EXPORT_EXAMPLES: &str = "\
Examples:
  ferrogw-cli admin logs export january.csv --since 2026-01-01 --until 2026-02-01
  ferrogw-cli admin logs export --as json --status 5xx | jq .error_message

The gateway sends 100,000 requests at once; what is beyond is asked for until all is written.";

const PURGE_EXAMPLES: &str = "\
Examples:
  ferrogw-cli admin logs purge --before 90d --dry-run
  ferrogw-cli admin logs purge --before 2026-01-01 --stage on_error --yes";

#[derive(Debug, Subcommand)]
pub(crate) enum Logs {
    /// List requests, newest first
    #[command(after_help = LIST_EXAMPLES)]
    List(Box<ListLogs>),
    /// Show everything that is known of one request: every attempt, tokens, the price behind the cost
    Get {
        /// The record's id
        id: String,
    },
    /// Write the request log to a file, or to standard output
    #[command(after_help = EXPORT_EXAMPLES)]
    Export(Box<ExportLogs>),
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
    /// Most requests
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: u64,

    /// Newest requests to leave out
    #[arg(long, default_value_t = 0)]
    pub(crate) offset: u64,

    /// Go on where another list ended
    #[arg(long, conflicts_with = "offset")]
    pub(crate) cursor: Option<String>,

    #[command(flatten)]
    pub(crate) filter: LogFilter,
}

#[derive(Debug, Arguments)]
pub(crate) struct ExportLogs {
    /// The file to write, for its owner's eyes only; none or -: standard output
    pub(crate) file: Option<PathBuf>,

    /// How requests are written. Unset: as the file's name says, otherwise json for --format json and csv
    #[arg(long = "as", value_name = "FORM")]
    pub(crate) form: Option<Form>,

    /// Go on where another export ended
    #[arg(long)]
    pub(crate) cursor: Option<String>,

    /// Overwrite the file
    #[arg(long)]
    pub(crate) force: bool,

    #[command(flatten)]
    pub(crate) filter: LogFilter,
}

/// How an export is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// A header and a line for each request
    Csv,
    /// A JSON object on each line
    Json,
}

/// Which requests.
#[derive(Debug, Arguments)]
pub(crate) struct LogFilter {
    /// Only how it ended: ok, error, 4xx, 5xx or a number
    #[arg(long)]
    pub(crate) status: Option<String>,

    /// Only answers that were streamed, or with --stream=false only the others
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    pub(crate) stream: Option<bool>,

    /// Only this target
    #[arg(long)]
    pub(crate) target: Option<String>,

    /// Only where the request id, the record's id or the key's id begins so; four characters at least
    #[arg(long = "q", value_name = "ID")]
    pub(crate) id: Option<String>,

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

//! `admin config`.

use std::convert::Infallible;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args as Arguments, Subcommand};

use super::key::Sure;

const APPLY_EXAMPLES: &str = "\
Examples:
  ferrogw-cli admin config apply my-config.yaml --wait
  ferrogw-cli admin config apply my-config.yaml --note 'groq is back'
  ferrogw-cli admin config apply my-config.yaml --if-version 7";

const DIFF_EXAMPLES: &str = "\
Examples:
  ferrogw-cli admin config diff my-config.yaml    what would change
  ferrogw-cli admin config diff 7                 what changed since version 7
  ferrogw-cli admin config diff 6 7               what version 7 changed

Exit code 0: they are the same; 1: they differ; more: they could not be compared.";

const EXPORT_EXAMPLES: &str = "\
Examples:
  ferrogw-cli admin config export my-config.yaml
  ferrogw-cli admin config export --of 7 version-7.yaml";

#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    /// Write the configuration in force, with everything hidden that could be a secret
    Get {
        /// Write what was in force as this version instead
        #[arg(value_name = "VERSION")]
        edition: Option<u64>,
    },
    /// Put a configuration file in force
    #[command(after_help = APPLY_EXAMPLES)]
    Apply {
        /// A file that ends in .yaml, .yml or .json; - reads YAML or JSON from standard input
        file: PathBuf,
        #[command(flatten)]
        terms: Terms,
        /// Then wait until every connected worker serves it, at most this long; without a length 60s
        #[arg(long, value_name = "DURATION", num_args = 0..=1, default_missing_value = "60s", require_equals = true)]
        wait: Option<crate::clock::Span>,
    },
    /// Let the gateway check a file as it would before putting it in force; it may be of another release than this program
    Check {
        /// A file that ends in .yaml, .yml or .json; - reads YAML or JSON from standard input
        file: PathBuf,
    },
    /// Compare the configuration in force with a file or with another version
    #[command(after_help = DIFF_EXAMPLES)]
    Diff(Diff),
    /// List what was in force and when
    History {
        /// Most entries
        #[arg(long, default_value_t = 20)]
        limit: u64,
        /// Newest entries to leave out
        #[arg(long, default_value_t = 0)]
        offset: u64,
    },
    /// Put the document of an earlier version in force again, as a new version
    Rollback {
        /// The earlier version
        #[arg(value_name = "VERSION")]
        to: u64,
        #[command(flatten)]
        terms: Terms,
    },
    /// Go back to the configuration that the control plane was started with, or to none, as a new version
    Delete {
        #[command(flatten)]
        terms: Terms,
        #[command(flatten)]
        sure: Sure,
    },
    /// Write the configuration in force as a file that can be edited and applied again
    #[command(after_help = EXPORT_EXAMPLES)]
    Export(Export),
}

#[derive(Debug, Arguments)]
pub(crate) struct Export {
    /// The file to write, .yaml, .yml or .json, for its owner's eyes only; none or -: standard output, as YAML unless --format
    /// json
    pub(crate) file: Option<PathBuf>,

    /// Write what was in force as this version instead
    #[arg(long = "of", value_name = "VERSION")]
    pub(crate) edition: Option<u64>,

    /// Overwrite the file
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Arguments)]
pub(crate) struct Diff {
    /// A file, a version's number, or `running`. A file alone is what would change if it was applied; a version alone, what
    /// changed since
    #[arg(value_name = "FROM")]
    pub(crate) from: Side,

    /// What to compare it with: a file, a version's number, or `running`
    #[arg(value_name = "TO")]
    pub(crate) to: Option<Side>,

    /// Lines around each change
    #[arg(long, short = 'U', default_value_t = 3, value_name = "LINES")]
    pub(crate) context: usize,
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Side {
    /// What is in force.
    Running,
    /// What was in force as this version.
    Version(u64),
    /// A file, or - for standard input.
    File(PathBuf),
}

impl FromStr for Side {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.parse() {
            Ok(version) => Self::Version(version),
            Err(_) if text == "running" => Self::Running,
            Err(_) => Self::File(PathBuf::from(text)),
        })
    }
}

/// What goes with a write: what it is conditional on, by default that the version read just before is still in force, and why.
#[derive(Debug, Arguments)]
pub(crate) struct Terms {
    /// Write only if this version is in force
    #[arg(long, value_name = "VERSION", conflicts_with = "force")]
    pub(crate) if_version: Option<u64>,

    /// Write whichever version is in force
    #[arg(long)]
    pub(crate) force: bool,

    /// Why, for the history: one line of at most 500 characters
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub(crate) note: String,
}

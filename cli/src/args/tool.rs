//! What is done on this machine.

use std::path::PathBuf;

use clap::{Args as Arguments, ValueEnum};
use ferrogw_config::StrategyMode;

/// Examples of `init`.
pub(super) const INIT_EXAMPLES: &str = "\
Examples:
  ferrogw-cli init                                        asks
  ferrogw-cli init --yes                                  uses the credentials in the environment
  ferrogw-cli init --yes --provider openai,anthropic my-config.yaml";

#[derive(Debug, Arguments)]
pub(crate) struct Init {
    /// The file to write, .yaml, .yml or .json; only YAML has comments
    #[arg(default_value = "ferrogw.yaml", value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// Providers to use, in the order in which they are tried; several times or with commas. Unset: those whose credentials are
    /// in the environment
    #[arg(long = "provider", value_delimiter = ',', value_name = "PROVIDER")]
    pub(crate) providers: Vec<String>,

    /// How targets are chosen. Unset: fallback where there are several
    #[arg(long)]
    pub(crate) strategy: Option<Strategy>,

    /// Ask nothing
    #[arg(long, short)]
    pub(crate) yes: bool,

    /// Overwrite the file
    #[arg(long)]
    pub(crate) force: bool,
}

/// The strategies that this version serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Strategy {
    /// The first target alone
    Single,
    /// One target after the other, until one answers
    Fallback,
}

#[derive(Debug, Arguments)]
pub(crate) struct Doctor {
    /// The configuration file to look at. Unset: the one in GATEWAY_CONFIG, or ferrogw.yaml here
    #[arg(long, env = "GATEWAY_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// The gateway's data directory, where it is on this machine
    #[arg(long, env = "FERROGW_DATA_DIR", default_value = "./ferrogw-data", value_name = "DIRECTORY")]
    pub(crate) data_dir: PathBuf,

    /// Do not call the gateway
    #[arg(long)]
    pub(crate) offline: bool,
}

/// A shell that completions can be had for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    /// GNU Bash
    Bash,
    /// Z shell
    Zsh,
    /// fish
    Fish,
}

impl From<Strategy> for StrategyMode {
    fn from(strategy: Strategy) -> Self {
        match strategy {
            Strategy::Single => Self::Single,
            Strategy::Fallback => Self::Fallback,
        }
    }
}

//! The command line.

mod admin;
mod config;
mod key;
mod log;
mod tool;

use std::path::PathBuf;

use clap::{Args as Arguments, Parser, Subcommand};
use ferrogw_config::Secret;

use crate::output::{Format, Output};

pub(crate) use admin::{Admin, Audit, By, ListAudit, Providers, Sessions, ShowUsage, Workers};
pub(crate) use config::{Config, Diff, Export, Side, Terms};
pub(crate) use key::{CreateKey, Keys, Sure, UpdateKey};
pub(crate) use log::{ExportLogs, Form, ListLogs, LogFilter, LogStats, Logs, PurgeLogs, Stage, TailLogs};
pub(crate) use tool::{Doctor, Init, Shell};

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  it failed, or something wrong was found: a file is not valid (validate),
     configurations differ (admin config diff), all is not well (status, doctor)
  2  the command line makes no sense, or --yes is missing and nobody can be asked
  3  the gateway cannot be reached, or what answers is not a gateway
  4  the credential was refused: unknown, revoked, expired, or without the scope
  5  there is no such thing
  6  a conflict: somebody else was faster, or a rule forbids it (last admin key)
  7  the gateway cannot do it now: its database is away, or it is busy

Results go to standard output, everything else to standard error. NO_COLOR is honoured.";

/// Manages and inspects a ferrogw gateway.
#[derive(Debug, Parser)]
#[command(name = "ferrogw-cli", version, after_help = EXIT_CODES, propagate_version = true, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) connection: Connection,

    #[command(flatten)]
    pub(crate) look: Look,

    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Which gateway, and as whom.
#[derive(Debug, Arguments)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Connection {
    /// Where the gateway's admin API is: `ferrogw` itself, or the control plane of a split deployment
    #[arg(
        long,
        env = "FERROGW_URL",
        hide_env_values = true,
        default_value = "http://localhost:8080",
        global = true,
        value_name = "URL"
    )]
    pub(crate) gateway_url: String,

    /// A key with the scope read_only or admin; - reads it from standard input. Unset: the one in MASTER_KEY. Better given by
    /// the environment or a file, where others cannot see it
    #[arg(long, env = "FERROGW_API_KEY", hide_env_values = true, value_parser = secret, global = true, value_name = "KEY")]
    pub(crate) api_key: Option<Secret<String>>,

    /// Read the key from standard input
    #[arg(long, global = true)]
    pub(crate) api_key_stdin: bool,

    /// Read the key from a file
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) api_key_file: Option<PathBuf>,

    /// What `--api-key` falls back to.
    #[arg(long, env = "MASTER_KEY", hide = true, hide_env_values = true, value_parser = secret, global = true)]
    pub(crate) master_key: Option<Secret<String>>,
}

/// How results look.
#[derive(Debug, Arguments)]
#[command(next_help_heading = "Output")]
pub(crate) struct Look {
    /// How results are written
    #[arg(long, value_enum, default_value_t, global = true, value_name = "FORMAT")]
    pub(crate) format: Format,

    /// Write only ids (the secret, where one is made), or nothing; errors are told all the same
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show how a running gateway is, on one page
    Status,
    /// Look for what is wrong, here and at the gateway, and say what to do about it
    Doctor(Doctor),
    /// Write a configuration to begin with
    #[command(after_help = tool::INIT_EXAMPLES)]
    Init(Init),
    /// Check a configuration file, without a gateway
    Validate {
        /// A file that ends in .yaml, .yml or .json; - reads YAML or JSON from standard input
        file: PathBuf,
    },
    /// List the plugins that there are
    Plugins,
    /// List the providers that there are, and what enables each
    Providers,
    /// The data-plane workers
    #[command(subcommand)]
    Workers(Workers),
    /// Manage a running gateway
    #[command(subcommand)]
    Admin(Admin),
    /// Write a completion script for a shell to standard output
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write the manual page to standard output, or all pages to a directory
    Man {
        /// Write a page for each command there
        #[arg(long, value_name = "DIRECTORY")]
        dir: Option<PathBuf>,
    },
}

impl Look {
    /// Where results go, and how they look.
    pub(crate) fn output(&self) -> Output {
        Output { format: self.format, quiet: self.quiet }
    }
}

/// Reads a secret so that no error message can repeat it.
fn secret(text: &str) -> Result<Secret<String>, std::convert::Infallible> {
    Ok(Secret::new(text.trim().to_owned()))
}

#[cfg(test)]
mod tests;

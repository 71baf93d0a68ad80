//! The command line.

use std::path::PathBuf;

use clap::{Args as Arguments, Parser, Subcommand};
use ferrogw_config::Secret;

use crate::command::key::Lifetime;
use crate::output::Format;

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  the operation failed, was refused, or found something wrong
  2  the command line makes no sense
  3  the gateway cannot be reached, or what answers is not a gateway";

/// Manages and inspects a ferrogw gateway.
#[derive(Debug, Parser)]
#[command(name = "ferrogw-cli", version, after_help = EXIT_CODES, propagate_version = true, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) connection: Connection,

    /// How results are written
    #[arg(long, value_enum, default_value_t, global = true, value_name = "FORMAT")]
    pub(crate) format: Format,

    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Which gateway, and as whom.
#[derive(Debug, Arguments)]
pub(crate) struct Connection {
    /// Where the gateway's admin API is
    #[arg(long, env = "FERROGW_URL", default_value = "http://localhost:8080", global = true, value_name = "URL")]
    pub(crate) gateway_url: String,

    /// An admin or read-only key; without it the one in `MASTER_KEY`
    #[arg(long, env = "FERROGW_API_KEY", hide_env_values = true, value_parser = secret, global = true, value_name = "KEY")]
    pub(crate) api_key: Option<Secret<String>>,

    /// What `--api-key` falls back to.
    #[arg(long, env = "MASTER_KEY", hide = true, hide_env_values = true, value_parser = secret, global = true)]
    pub(crate) master_key: Option<Secret<String>>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check a configuration file, without a gateway
    Validate {
        /// A file that ends in .yaml, .yml or .json; - reads YAML or JSON from standard input
        file: PathBuf,
    },
    /// List the plugins that there are
    Plugins,
    /// List the providers that there are, and what enables each
    Providers,
    /// Manage a running gateway
    #[command(subcommand)]
    Admin(Admin),
}

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
}

#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Make a key; its secret is shown this once
    Create(CreateKey),
    /// List the keys, newest first
    List,
    /// Take a key away for good
    Revoke {
        /// The key's id
        id: String,
    },
}

#[derive(Debug, Arguments)]
pub(crate) struct CreateKey {
    /// What the key is for
    #[arg(long)]
    pub(crate) name: String,

    /// What it may do: `admin`, `read_only` or `inference`; several times or with commas
    #[arg(long = "scope", value_delimiter = ',', default_value = "read_only", value_name = "SCOPE")]
    pub(crate) scopes: Vec<ferrogw_api::key::Scope>,

    /// How long it is accepted, such as 720h or 30d
    #[arg(long, value_name = "DURATION")]
    pub(crate) expires_in: Option<Lifetime>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    /// Write the configuration in force, with everything hidden that could be a secret
    Get,
    /// Put a configuration file in force
    Apply {
        /// A file that ends in .yaml, .yml or .json; - reads YAML or JSON from standard input
        file: PathBuf,
        #[command(flatten)]
        guard: Guard,
    },
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
        guard: Guard,
    },
}

/// What a write is conditional on; by default, that the version read just before is still in force.
#[derive(Debug, Arguments)]
pub(crate) struct Guard {
    /// Write only if this version is in force
    #[arg(long, value_name = "VERSION", conflicts_with = "force")]
    pub(crate) if_version: Option<u64>,

    /// Write whichever version is in force
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Logs {
    /// List requests, newest first
    List(ListLogs),
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

    /// Only requests that arrived at or after this time, such as 2026-01-31T12:00:00Z
    #[arg(long, value_name = "TIME", value_parser = instant)]
    pub(crate) since: Option<time::OffsetDateTime>,

    /// Only requests that arrived before this time
    #[arg(long, value_name = "TIME", value_parser = instant)]
    pub(crate) until: Option<time::OffsetDateTime>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Providers {
    /// List them with their models
    List,
}

/// Reads a secret so that no error message can repeat it.
fn secret(text: &str) -> Result<Secret<String>, std::convert::Infallible> {
    Ok(Secret::new(text.trim().to_owned()))
}

fn instant(text: &str) -> Result<time::OffsetDateTime, String> {
    time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339)
        .map_err(|_| "say an RFC 3339 time such as 2026-01-31T12:00:00Z".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        super::Args::command().debug_assert();
    }
}

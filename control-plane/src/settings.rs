//! How the process is told what to do: flags and environment variables.
//!
//! What depends on the deployment (addresses, the data directory, what to generate a configuration from) is not an argument
//! here: each binary says it, because all-in-one and the split control plane say it differently.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use ferrogw_api::worker::is_plain_address;
use ferrogw_config::Secret;
use ferrogw_process::Telemetry;
use reqwest::Url;
use tokio_util::sync::CancellationToken;

use crate::store::{Areas, Backend, InvalidBackend};

pub use retention::Retention;

mod retention;

const DATA_DIR: &str = "./ferrogw-data";

/// Settings of a control plane.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Configuration file (YAML or JSON). Imported as version 1 when the store holds no configuration, and as a new version when
    /// the file changed and nobody edited since; it never overrides an edit
    #[arg(long, env = "GATEWAY_CONFIG", value_name = "FILE", value_parser = path)]
    pub gateway_config: Option<PathBuf>,

    /// Where clients reach the API, such as `https://ai.example.com`, for what the dashboard gives people to paste. Unset: where the
    /// dashboard is, with both planes in one process; otherwise a worker's own address
    #[arg(long, env = "FERROGW_PUBLIC_URL", value_name = "URL", default_value = "", hide_default_value = true, value_parser = public_url)]
    pub public_url: String,

    /// Operator-chosen credentials.
    #[command(flatten)]
    pub access: Access,

    /// Where the store's areas live.
    #[command(flatten)]
    pub stores: Stores,

    /// Where SQLite files are, unless a DSN says otherwise.
    #[arg(skip = PathBuf::from(DATA_DIR))]
    pub data_dir: PathBuf,

    /// Where the admin API listens; `None`: somebody else serves [`crate::ControlPlane::admin_router`].
    #[arg(skip)]
    pub admin_addr: Option<SocketAddr>,

    /// Where workers connect; `None`: they are in this process.
    #[arg(skip)]
    pub grpc_addr: Option<SocketAddr>,

    /// What workers have to present.
    #[arg(skip)]
    pub join_token: Option<Secret<String>>,

    /// The way to a collector, where there is one.
    #[arg(skip)]
    pub telemetry: Option<Arc<Telemetry>>,

    /// What a configuration is made from when there is none.
    #[arg(skip)]
    pub generate: Generate,

    /// Cancelled when the process is about to end, before anything waits for the requests under way: it ends the answers that have
    /// no end of their own.
    #[arg(skip)]
    pub closing: CancellationToken,
}

/// What a configuration that tries providers in alphabetical order is made from, as long as nobody chose another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Generate {
    /// None is made.
    #[default]
    Never,
    /// These providers, whose credentials this process found.
    From(Vec<String>),
    /// The providers whose credentials connected workers report.
    FromWorkers,
}

/// Operator-chosen credentials.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Access")]
pub struct Access {
    /// Break-glass admin key: opens the admin API whatever the store holds, never the inference API
    #[arg(long, env = "MASTER_KEY", value_name = "KEY", value_parser = secret, hide_env_values = true)]
    pub master_key: Option<Secret<String>>,

    /// Take the bootstrap keys in, once in the store's life
    #[arg(
        long,
        env = "ADMIN_BOOTSTRAP_ENABLED",
        value_name = "BOOL",
        num_args = 0..=1,
        default_value = "false",
        default_missing_value = "true",
        value_parser = flag
    )]
    pub admin_bootstrap_enabled: bool,

    /// First-run admin key; a later value changes nothing
    #[arg(long, env = "ADMIN_BOOTSTRAP_KEY", value_name = "KEY", value_parser = secret, hide_env_values = true)]
    pub admin_bootstrap_key: Option<Secret<String>>,

    /// First-run read-only key; a later value changes nothing
    #[arg(long, env = "ADMIN_BOOTSTRAP_READ_ONLY_KEY", value_name = "KEY", value_parser = secret, hide_env_values = true)]
    pub admin_bootstrap_read_only_key: Option<Secret<String>>,
}

/// Where the three areas of the store live.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Stores")]
pub struct Stores {
    /// Configuration versions: memory, sqlite or postgres; unset: SQLite in the data directory
    #[arg(long, env = "CONFIG_STORE_BACKEND", value_name = "BACKEND")]
    pub config_store_backend: Option<String>,

    /// A file, or `postgres://user:password@host/database?sslmode=require`
    #[arg(long, env = "CONFIG_STORE_DSN", value_name = "DSN", value_parser = secret, hide_env_values = true)]
    pub config_store_dsn: Option<Secret<String>>,

    /// API keys: memory, sqlite or postgres; unset: SQLite in the data directory
    #[arg(long, env = "API_KEY_STORE_BACKEND", value_name = "BACKEND")]
    pub api_key_store_backend: Option<String>,

    /// A file, or `postgres://user:password@host/database?sslmode=require`
    #[arg(long, env = "API_KEY_STORE_DSN", value_name = "DSN", value_parser = secret, hide_env_values = true)]
    pub api_key_store_dsn: Option<Secret<String>>,

    /// Request log: memory, sqlite, postgres, or disabled; unset: SQLite in the data directory
    #[arg(long, env = "REQUEST_LOG_STORE_BACKEND", value_name = "BACKEND")]
    pub request_log_store_backend: Option<String>,

    /// A file, or `postgres://user:password@host/database?sslmode=require`
    #[arg(long, env = "REQUEST_LOG_STORE_DSN", value_name = "DSN", value_parser = secret, hide_env_values = true)]
    pub request_log_store_dsn: Option<Secret<String>>,

    /// How long requests stay in the log: a span such as 30d or 720h, or forever; what was used and spent stays known for good
    #[arg(long, env = "REQUEST_LOG_RETENTION", value_name = "SPAN", default_value = Retention::DEFAULT)]
    pub request_log_retention: Retention,
}

/// A store's variables say nothing sensible.
#[derive(Debug, thiserror::Error)]
#[error("{area}_STORE_BACKEND and {area}_STORE_DSN")]
pub struct InvalidStore {
    /// Whose.
    area: &'static str,
    /// What is wrong with them.
    #[source]
    source: InvalidBackend,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            gateway_config: None,
            public_url: String::new(),
            access: Access::default(),
            stores: Stores::default(),
            data_dir: PathBuf::from(DATA_DIR),
            admin_addr: None,
            grpc_addr: None,
            join_token: None,
            telemetry: None,
            generate: Generate::Never,
            closing: CancellationToken::new(),
        }
    }
}

impl Settings {
    /// The configuration file, if one is named.
    pub(crate) fn configuration_file(&self) -> Option<&Path> {
        self.gateway_config.as_deref().filter(|path| !path.as_os_str().is_empty())
    }

    /// Where each area of the store lives.
    ///
    /// # Errors
    ///
    /// [`InvalidStore`] names the variables.
    pub fn areas(&self) -> Result<Areas, InvalidStore> {
        let file = self.data_dir.join("ferrogw.db");
        let parse = |area, backend: &Option<String>, dsn: &Option<Secret<String>>| {
            Backend::parse(blank(backend.as_deref()), blank(dsn.as_ref().map(|dsn| dsn.expose().as_str())), &file)
                .map_err(|source| InvalidStore { area, source })
        };
        let stores = &self.stores;
        let logs = match stores.request_log_store_backend.as_deref() {
            Some("disabled" | "none" | "off") => None,
            backend => Some(parse("REQUEST_LOG", &backend.map(str::to_owned), &stores.request_log_store_dsn)?),
        };
        Ok(Areas {
            config: parse("CONFIG", &stores.config_store_backend, &stores.config_store_dsn)?,
            keys: parse("API_KEY", &stores.api_key_store_backend, &stores.api_key_store_dsn)?,
            logs,
        })
    }
}

/// A variable that is set to nothing counts as unset.
fn blank(value: Option<&str>) -> Option<&str> {
    value.map(str::trim).filter(|value| !value.is_empty())
}

/// Reads a secret so that no error message can repeat it.
fn secret(text: &str) -> Result<Secret<String>, std::convert::Infallible> {
    Ok(Secret::new(text.trim().to_owned()))
}

/// Reads a path; an empty one, as compose files produce it, is none.
fn path(text: &str) -> Result<PathBuf, std::convert::Infallible> {
    Ok(PathBuf::from(text.trim()))
}

/// Reads an address as clients write it before `/v1`. It is pasted into shells, so it is plain.
fn public_url(text: &str) -> Result<String, String> {
    let text = text.trim().trim_end_matches('/');
    let web = (text.starts_with("http://") || text.starts_with("https://")) && Url::parse(text).is_ok();
    let good = web && is_plain_address(text) && !text.ends_with("/v1");
    if good || text.is_empty() {
        Ok(text.to_owned())
    } else {
        Err("use an address like https://ai.example.com, without /v1".to_owned())
    }
}

/// Reads a switch as people write it in environments.
///
/// # Errors
///
/// What to write instead.
pub fn flag(text: &str) -> Result<bool, String> {
    match text.trim().to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Ok(true),
        "" | "0" | "false" | "no" | "off" => Ok(false),
        _ => Err("say true or false".to_owned()),
    }
}

#[cfg(test)]
mod tests;

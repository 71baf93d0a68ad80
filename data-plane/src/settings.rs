//! How a worker is told what to do: flags and environment variables.
//!
//! What depends on the deployment (the data directory, a listener for metrics, the way to the control plane) is no argument here:
//! each binary says it, because all-in-one and the split worker say it differently.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::Args;

use crate::cores::{self, Limits};
use crate::usage::SpoolLimits;

/// Settings of a worker.
#[derive(Debug, Clone, Args)]
// Named, since in all-in-one the control plane's settings stand beside these.
#[group(id = "serving")]
#[command(next_help_heading = "Serving")]
pub struct Settings {
    /// Port of the API, on all interfaces; 0: any free one, which is logged
    #[arg(long, env = "PORT", default_value = "8080", value_parser = port)]
    pub port: u16,

    /// Origins that browsers may call /v1 from, separated by commas; unset: all of them
    #[arg(
        long,
        env = "CORS_ORIGINS",
        value_name = "ORIGINS",
        value_delimiter = ',',
        default_value = "",
        hide_default_value = true
    )]
    pub cors_origins: Vec<String>,

    /// Answer requests for the models `demo` and `demo-embedding` without a provider, even where a configuration is in force.
    /// Unset: only while there is neither a configuration nor a provider's credential
    #[arg(
        long,
        env = "FERROGW_DEMO",
        value_name = "BOOL",
        num_args = 0..=1,
        default_value = "false",
        default_missing_value = "true",
        hide_default_value = true,
        value_parser = switch
    )]
    pub demo: bool,

    /// Threads that serve requests; unset: one for each core that the process may use
    #[arg(long, env = "FERROGW_CORES", value_name = "COUNT", default_value = "", hide_default_value = true, value_parser = unless_blank::<NonZeroUsize>)]
    pub cores: Unless<NonZeroUsize>,

    /// Connections that one core holds at most; unset: 16384
    #[arg(long, env = "FERROGW_MAX_CONNECTIONS_PER_CORE", value_name = "COUNT", default_value = "", hide_default_value = true, value_parser = unless_blank::<NonZeroUsize>)]
    pub max_connections_per_core: Unless<NonZeroUsize>,

    /// Bytes on disk that accounts of requests may take while the control plane is away; beyond, the oldest keep their sums and
    /// lose their detail. Unset: 1 GiB
    #[arg(long, env = "FERROGW_SPOOL_MAX_BYTES", value_name = "BYTES", default_value = "", hide_default_value = true, value_parser = unless_blank::<u64>)]
    pub spool_max_bytes: Unless<u64>,

    /// Seconds for which requests are still taken after the worker was told to end, while /readyz says no already: as long as the
    /// balancer in front of it takes to look away. Unset: 0
    #[arg(long, env = "FERROGW_DRAIN_DELAY", value_name = "SECONDS", default_value = "", hide_default_value = true, value_parser = unless_blank::<u32>)]
    pub drain_delay: Unless<u32>,

    /// Where the worker keeps its last good snapshot and its spool.
    #[arg(skip = PathBuf::from("./ferrogw-data"))]
    pub data_dir: PathBuf,

    /// Where the control plane can reach the port, for the playground; empty: at the address that it sees the worker connect from.
    #[arg(skip)]
    pub advertise_url: String,

    /// Where `/metrics` is open to everybody; `None`: only on the port, with a key.
    #[arg(skip)]
    pub metrics_addr: Option<SocketAddr>,
}

/// A setting that may be left out, or set to nothing as compose files do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unless<T>(pub Option<T>);

impl Settings {
    /// How many cores serve.
    #[must_use]
    pub fn cores(&self) -> NonZeroUsize {
        self.cores.0.unwrap_or_else(cores::available)
    }

    /// What clients may do to a connection.
    #[must_use]
    pub fn limits(&self) -> Limits {
        let limits = Limits::default();
        Limits { connections: self.max_connections_per_core.0.map_or(limits.connections, NonZeroUsize::get), ..limits }
    }

    /// How long requests are still taken after the worker was told to end.
    #[must_use]
    pub fn drain_delay(&self) -> Duration {
        Duration::from_secs(self.drain_delay.0.unwrap_or(0).into())
    }

    /// How much the spool may hold.
    #[must_use]
    pub fn spool(&self) -> SpoolLimits {
        let limits = SpoolLimits::default();
        SpoolLimits { max_bytes: self.spool_max_bytes.0.unwrap_or(limits.max_bytes), ..limits }
    }
}

fn port(text: &str) -> Result<u16, String> {
    match text.trim() {
        "" => Ok(8080),
        text => text.parse().map_err(|_| "a port is a number from 0 to 65535".to_owned()),
    }
}

/// Reads a switch as people write it in environments.
fn switch(text: &str) -> Result<bool, String> {
    match text.trim().to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Ok(true),
        "" | "0" | "false" | "no" | "off" => Ok(false),
        _ => Err("say true or false".to_owned()),
    }
}

fn unless_blank<T: FromStr>(text: &str) -> Result<Unless<T>, String>
where
    T::Err: std::fmt::Display,
{
    match text.trim() {
        "" => Ok(Unless(None)),
        text => text.parse().map(|value| Unless(Some(value))).map_err(|error: T::Err| error.to_string()),
    }
}

#[cfg(test)]
mod tests;

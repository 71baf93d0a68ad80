//! `ferrogw-data-plane`: a worker of a split deployment.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Parser;
use ferrogw_config::Secret;
use ferrogw_data_plane::environment::Environment;
use ferrogw_data_plane::settings::Settings;
use ferrogw_data_plane::sync::connect;
use ferrogw_data_plane::{DataPlane, Uplink};
use ferrogw_process::{Telemetry, Verb};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A worker of the ferrogw AI gateway: serves the OpenAI API, as the control plane tells it.
///
/// Providers' credentials (`OPENAI_API_KEY` …) are read from this process's environment and stay here.
#[derive(Parser)]
#[command(name = "ferrogw-data-plane", version)]
struct Command {
    /// Address of the control plane
    #[arg(long, env = "FERROGW_CONTROL_PLANE", value_name = "URL", default_value = "http://127.0.0.1:50051")]
    control_plane: String,

    /// What opens the control plane: the token that it was started with. Better given by the environment, where others cannot see it
    #[arg(
        long,
        env = "FERROGW_JOIN_TOKEN",
        value_name = "TOKEN",
        default_value = "",
        hide_default_value = true,
        hide_env_values = true
    )]
    join_token: String,

    /// Where the last good snapshot and the spool are kept
    #[arg(long, env = "FERROGW_DATA_DIR", value_name = "DIRECTORY", default_value = "./ferrogw-data")]
    data_dir: PathBuf,

    /// Address where /metrics is open to everybody; unset: none, and /metrics on the port needs a key
    #[arg(long, env = "FERROGW_METRICS_ADDR", value_name = "ADDRESS", default_value = "", hide_default_value = true)]
    metrics_addr: String,

    /// Where the control plane can reach this worker's port, for the playground; unset: at the address that it sees the worker
    /// connect from, and PORT
    #[arg(long, env = "FERROGW_ADVERTISE_URL", value_name = "URL", default_value = "", hide_default_value = true, value_parser = url)]
    advertise_url: String,

    /// error, warn, info or debug, or a filter such as `info,ferrogw_data_plane=debug`
    #[arg(long, env = "LOG_LEVEL", value_name = "LEVEL", default_value = "info")]
    log_level: String,

    #[command(flatten)]
    settings: Settings,

    #[command(subcommand)]
    verb: Option<Verb>,
}

fn main() -> ExitCode {
    let command: Command = ferrogw_process::parse();
    if let Some(Verb::Healthcheck) = command.verb {
        return ferrogw_process::healthcheck((Ipv4Addr::UNSPECIFIED, command.settings.port).into(), "/readyz");
    }
    ferrogw_process::conclude(ferrogw_process::init_logging(&command.log_level).map_err(Into::into).and_then(|()| start(command)))
}

fn start(command: Command) -> anyhow::Result<()> {
    // Requests have threads of their own; all else fits one.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("could not start the runtime")?;
    runtime.block_on(run(command))
}

async fn run(command: Command) -> anyhow::Result<()> {
    let shutdown = ferrogw_process::shutdown().context("could not listen to signals")?;
    let token = command.join_token.trim();
    anyhow::ensure!(
        !token.is_empty(),
        "no join token; set FERROGW_JOIN_TOKEN to the one that the control plane was started with, or FERROGW_JOIN_TOKEN_FILE to a file that holds it"
    );
    let environment = Environment::of_process();
    let uplink = Uplink { link: connect(command.control_plane.trim(), &environment)?, token: Secret::new(token.to_owned()) };
    let metrics_addr = address(&command.metrics_addr)?;
    let settings =
        Settings { data_dir: command.data_dir, metrics_addr, advertise_url: command.advertise_url, ..command.settings };
    let telemetry = Telemetry::of_environment("ferrogw-data-plane")?.map(Arc::new);
    let worker = DataPlane::build(settings, environment, uplink, None, telemetry.clone()).await?;
    let ended = worker.run(shutdown).await;
    if let Some(telemetry) = telemetry {
        telemetry.end().await;
    }
    Ok(ended?)
}

fn address(text: &str) -> anyhow::Result<Option<SocketAddr>> {
    match text.trim() {
        "" => Ok(None),
        text => Ok(Some(
            text.parse()
                .with_context(|| format!("`{text}` is no address for FERROGW_METRICS_ADDR; use one like 127.0.0.1:9090"))?,
        )),
    }
}

/// Reads the root of an API; nothing is none, as compose files produce it.
fn url(text: &str) -> Result<String, String> {
    let text = text.trim();
    let good =
        text.parse::<http::Uri>().is_ok_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some());
    if good || text.is_empty() { Ok(text.to_owned()) } else { Err("use an address like http://10.0.0.7:8080".to_owned()) }
}

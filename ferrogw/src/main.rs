//! `ferrogw`: both planes in one process. No logic of its own: it builds each, gives the worker the control plane's routes as its
//! link and its admin router, and ends them in order.

mod welcome;

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Parser;
use ferrogw_control_plane::ControlPlane;
use ferrogw_control_plane::settings::Generate;
use ferrogw_data_plane::environment::Environment;
use ferrogw_data_plane::found::providers_found;
use ferrogw_data_plane::{DataPlane, Uplink};
use ferrogw_process::{Telemetry, Verb};
use tokio_util::sync::CancellationToken;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The ferrogw AI gateway in one process: the OpenAI API under /v1, administration under /admin, and metrics, all on one port.
///
/// Providers' credentials (`OPENAI_API_KEY` …) are read from the environment. With some and no configuration, requests go to the
/// providers found; with none, a built-in demo answers.
#[derive(Parser)]
#[command(name = "ferrogw", version)]
struct Command {
    // First, since a heading of the other's would go on over its own arguments.
    #[command(flatten)]
    control: ferrogw_control_plane::Settings,

    #[command(flatten)]
    serving: ferrogw_data_plane::settings::Settings,

    /// Where the database, the last good snapshot and the spool are kept
    #[arg(long, env = "FERROGW_DATA_DIR", value_name = "DIRECTORY", default_value = "./ferrogw-data")]
    data_dir: PathBuf,

    /// error, warn, info or debug, or a filter such as `info,ferrogw_data_plane=debug`
    #[arg(long, env = "LOG_LEVEL", value_name = "LEVEL", default_value = "info")]
    log_level: String,

    #[command(subcommand)]
    verb: Option<Verb>,
}

fn main() -> ExitCode {
    let command: Command = ferrogw_process::parse();
    if let Some(Verb::Healthcheck) = command.verb {
        return ferrogw_process::healthcheck((Ipv4Addr::UNSPECIFIED, command.serving.port).into(), "/readyz");
    }
    ferrogw_process::conclude(ferrogw_process::init_logging(&command.log_level).map_err(Into::into).and_then(|()| start(command)))
}

fn start(command: Command) -> anyhow::Result<()> {
    // Requests to models have threads of their own; the control plane and the worker's other half share these.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).thread_name("back").enable_all().build();
    runtime.context("could not start the runtime")?.block_on(run(command))
}

async fn run(command: Command) -> anyhow::Result<()> {
    let shutdown = ferrogw_process::shutdown().context("could not listen to signals")?;
    let environment = Environment::of_process();
    let found = providers_found(&environment).map(|provider| provider.id.to_owned()).collect();
    let telemetry = Telemetry::of_environment("ferrogw")?.map(Arc::new);
    let control = ferrogw_control_plane::Settings {
        data_dir: command.data_dir.clone(),
        generate: Generate::From(found),
        telemetry: telemetry.clone(),
        closing: shutdown.clone(),
        ..command.control
    };
    let control = ControlPlane::build(control).await.context("the control plane did not start")?;
    let uplink = Uplink { link: control.link(), token: control.join_token().clone() };
    let serving = ferrogw_data_plane::settings::Settings { data_dir: command.data_dir, ..command.serving };
    let worker = DataPlane::build(serving, environment, uplink, Some(control.admin_router()), telemetry.clone()).await?;

    let keys = control.first_start().await?;
    welcome::addresses_and_keys(worker.address().port(), keys.as_ref());
    let invitation = tokio::spawn(welcome::invitation(worker.address().port(), worker.witness(), keys));
    let ended = run_both(control, worker, shutdown).await;
    invitation.abort();
    if let Some(telemetry) = telemetry {
        telemetry.end().await;
    }
    ended
}

/// The worker ends first: it drains, and delivers its last records to a control plane that is still there.
async fn run_both(control: ControlPlane, worker: DataPlane, shutdown: CancellationToken) -> anyhow::Result<()> {
    let worker_ended = CancellationToken::new();
    let controlling = {
        let (until, shutdown) = (worker_ended.clone(), shutdown.clone());
        tokio::spawn(async move {
            // One plane without the other is nothing that was asked for.
            let _end_both = shutdown.drop_guard();
            control.run(until).await
        })
    };
    let served = worker.run(shutdown).await;
    worker_ended.cancel();
    controlling.await.context("the control plane broke")?.context("the control plane failed")?;
    Ok(served?)
}

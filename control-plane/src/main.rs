//! The control plane as a process of its own: admin API and gRPC, for workers elsewhere.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Parser;
use ferrogw_config::Secret;
use ferrogw_control_plane::settings::{Generate, flag};
use ferrogw_control_plane::{ControlPlane, FirstStart, Settings};
use ferrogw_process::{Telemetry, Verb};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The control plane of a ferrogw gateway: configuration versions, API keys, request log and audit trail; admin API for
/// operators, gRPC for data-plane workers.
#[derive(Debug, Parser)]
#[command(name = "ferrogw-control-plane", version)]
struct Command {
    /// Where the admin API listens
    #[arg(long, env = "FERROGW_ADMIN_ADDR", value_name = "ADDRESS", default_value = "127.0.0.1:8081")]
    admin_addr: SocketAddr,

    /// Where workers connect
    #[arg(long, env = "FERROGW_GRPC_ADDR", value_name = "ADDRESS", default_value = "127.0.0.1:50051")]
    grpc_addr: SocketAddr,

    /// What workers have to present; the same value on each of them
    #[arg(
        long,
        env = "FERROGW_JOIN_TOKEN",
        value_name = "TOKEN",
        default_value = "",
        hide_default_value = true,
        hide_env_values = true
    )]
    join_token: String,

    /// As long as nobody chose a configuration, make one that tries, in alphabetical order, the providers whose credentials
    /// connected workers have
    #[arg(
        long,
        env = "FERROGW_GENERATE_CONFIG",
        value_name = "BOOL",
        num_args = 0..=1,
        default_value = "false",
        default_missing_value = "true",
        hide_default_value = true,
        value_parser = flag
    )]
    generate_config: bool,

    /// Where SQLite files are
    #[arg(long, env = "FERROGW_DATA_DIR", value_name = "FOLDER", default_value = "./ferrogw-data")]
    data_dir: PathBuf,

    /// error, warn, info or debug, or a filter such as `info,ferrogw_control_plane=debug`
    #[arg(long, env = "LOG_LEVEL", value_name = "LEVEL", default_value = "info")]
    log_level: String,

    // Last, since its headings go on over whatever follows.
    #[command(flatten)]
    settings: Settings,

    #[command(subcommand)]
    verb: Option<Verb>,
}

fn main() -> ExitCode {
    let command: Command = ferrogw_process::parse();
    if let Some(Verb::Healthcheck) = command.verb {
        return ferrogw_process::healthcheck(command.admin_addr, "/readyz");
    }
    let logging = ferrogw_process::init_logging(&command.log_level).map_err(Into::into);
    ferrogw_process::conclude(logging.and_then(|()| start(command)))
}

#[tokio::main]
async fn start(command: Command) -> anyhow::Result<()> {
    anyhow::ensure!(
        !command.join_token.trim().is_empty(),
        "no join token; set FERROGW_JOIN_TOKEN (or FERROGW_JOIN_TOKEN_FILE) to a long random value, and give it to every worker too"
    );
    let shutdown = ferrogw_process::shutdown().context("could not listen to signals")?;
    let admin_addr = command.admin_addr;
    let telemetry = Telemetry::of_environment("ferrogw-control-plane")?.map(Arc::new);
    let settings = Settings { telemetry: telemetry.clone(), closing: shutdown.clone(), ..command.settings() };
    let control = ControlPlane::build(settings).await.context("the control plane did not start")?;
    if let Some(keys) = control.first_start().await? {
        announce(admin_addr, &keys);
    }
    let ended = control.run(shutdown).await;
    if let Some(telemetry) = telemetry {
        telemetry.end().await;
    }
    Ok(ended?)
}

impl Command {
    fn settings(self) -> Settings {
        Settings {
            data_dir: self.data_dir,
            generate: if self.generate_config { Generate::FromWorkers } else { Generate::Never },
            admin_addr: Some(self.admin_addr),
            grpc_addr: Some(self.grpc_addr),
            join_token: Some(Secret::new(self.join_token.trim().to_owned())),
            ..self.settings
        }
    }
}

/// What to open on the same machine. Whoever listens on all addresses is found at none of that name.
fn origin(address: SocketAddr) -> String {
    if address.ip().is_unspecified() { format!("http://localhost:{}", address.port()) } else { format!("http://{address}") }
}

/// Shows the first keys, which nobody can see again, where logs do not go.
#[expect(clippy::print_stdout, reason = "this is what standard output is for")]
fn announce(admin_addr: SocketAddr, keys: &FirstStart) {
    let origin = origin(admin_addr);
    println!("Admin API      {origin}/admin");
    println!("Dashboard      {origin}/dashboard");
    match &keys.admin_key {
        Some(key) => println!("Admin key      {} (shown once)", key.expose()),
        None => println!(
            "Admin key      the one that ADMIN_BOOTSTRAP_KEY brought; it opens the two above and makes further keys there"
        ),
    }
    println!("Inference key  {} (shown once)", keys.inference_key.expose());
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn what_is_shown_can_be_opened() {
        for (address, expected) in [
            ("0.0.0.0:8081", "http://localhost:8081"),
            ("[::]:8081", "http://localhost:8081"),
            ("10.0.0.5:80", "http://10.0.0.5:80"),
            ("[::1]:8081", "http://[::1]:8081"),
        ] {
            assert_eq!(origin(address.parse().unwrap()), expected);
        }
    }
}

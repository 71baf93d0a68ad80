//! What each command does. The gateway's own words and types are passed on; nothing is decided here.

mod audit;
mod catalog;
mod config;
mod doctor;
mod init;
mod key;
mod latency;
mod log;
mod manual;
mod provider;
mod session;
mod source;
mod status;
mod usage;
mod validate;
mod watch;
mod worker;

use ferrogw_api::Client;

use crate::args::{Admin, Args, Audit, Command, Logs, Providers, Workers};
use crate::failure::Failure;
use crate::output::Output;

/// What a command that did its work has to say about what it looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing against it.
    Good,
    /// It is not as it should be, or not the same; what, was written.
    Bad,
}

/// Does what the command line says.
pub(crate) async fn run(args: Args) -> Result<Verdict, Failure> {
    let Args { connection, look, command } = args;
    let output = look.output();
    match command {
        Command::Status => return status::run(&connection, output).await,
        Command::Doctor(wanted) => return doctor::run(&connection, &wanted, output).await,
        Command::Init(wanted) => init::run(&wanted, output)?,
        Command::Validate { file } => validate::run(&file, output)?,
        Command::Plugins => catalog::plugins(output)?,
        Command::Providers => catalog::providers(output)?,
        Command::Workers(Workers::List) => worker::list(&connection.client()?, output).await?,
        Command::Workers(Workers::Watch) => watch::workers(&connection, output).await?,
        Command::Admin(Admin::Logs(Logs::Tail(wanted))) => watch::logs(&connection, wanted, output).await?,
        Command::Admin(command) => return admin(&connection.client()?, command, output).await,
        Command::Completions { shell } => manual::completions(shell)?,
        Command::Man { dir } => manual::pages(dir.as_deref(), output)?,
    }
    Ok(Verdict::Good)
}

async fn admin(client: &Client, command: Admin, output: Output) -> Result<Verdict, Failure> {
    match command {
        Admin::Keys(command) => key::run(client, command, output).await?,
        Admin::Config(command) => return config::run(client, command, output).await,
        Admin::Logs(Logs::List(wanted)) => log::list(client, *wanted, output).await?,
        Admin::Logs(Logs::Get { id }) => log::get(client, &id, output).await?,
        Admin::Logs(Logs::Export(wanted)) => log::export(client, *wanted, output).await?,
        Admin::Usage(wanted) => usage::show(client, wanted, output).await?,
        Admin::Logs(Logs::Stats(wanted)) => log::stats(client, wanted, output).await?,
        // It is no call of the admin API.
        Admin::Logs(Logs::Tail(_)) => {}
        Admin::Logs(Logs::Purge(wanted)) => log::purge(client, wanted, output).await?,
        Admin::Providers(Providers::List) => provider::list_reachable(client, output).await?,
        Admin::Providers(Providers::Health) => provider::health(client, output).await?,
        Admin::Sessions(command) => session::run(client, command, output).await?,
        Admin::Audit(Audit::List(wanted)) => audit::list(client, wanted, output).await?,
    }
    Ok(Verdict::Good)
}

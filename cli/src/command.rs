//! What each command does. The gateway's own words and types are passed on; nothing is decided here.

mod catalog;
mod config;
pub(crate) mod key;
mod log;
mod provider;
mod source;
mod validate;

use crate::args::{Admin, Args, Command, Logs, Providers};
use crate::failure::Failure;

/// Does what the command line says.
pub(crate) async fn run(args: Args) -> Result<(), Failure> {
    let Args { connection, format, command } = args;
    match command {
        Command::Validate { file } => validate::run(&file, format),
        Command::Plugins => catalog::plugins(format),
        Command::Providers => catalog::providers(format),
        Command::Admin(Admin::Keys(command)) => key::run(&connection.client()?, command, format).await,
        Command::Admin(Admin::Config(command)) => config::run(&connection.client()?, command, format).await,
        Command::Admin(Admin::Logs(Logs::List(query))) => log::list(&connection.client()?, query, format).await,
        Command::Admin(Admin::Providers(Providers::List)) => provider::list_reachable(&connection.client()?, format).await,
    }
}

//! `ferrogw-cli`: what operators do from a terminal or a script.
//!
//! Standard output carries results only, in the format that was asked for; everything said to people goes to standard error.

mod args;
mod command;
mod connection;
mod failure;
mod output;
mod say;

use std::process::ExitCode;

use clap::Parser as _;

use args::Args;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let args = Args::parse();
    match command::run(args).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say::failure(&failure);
            failure.exit_code()
        }
    }
}

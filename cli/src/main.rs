//! `ferrogw-cli`: what operators do from a terminal or a script.
//!
//! Standard output carries results only, in the format that was asked for; everything said to people goes to standard error.

mod args;
mod clock;
mod command;
mod connection;
mod failure;
mod file;
mod input;
mod live;
mod output;
mod printable;

use std::process::ExitCode;

use clap::Parser as _;

use args::Args;
use command::Verdict;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let args = Args::parse();
    match command::run(args).await {
        Ok(Verdict::Good) => ExitCode::SUCCESS,
        Ok(Verdict::Bad) => ExitCode::FAILURE,
        Err(failure) => {
            output::say_failure(&failure);
            failure.exit_code()
        }
    }
}

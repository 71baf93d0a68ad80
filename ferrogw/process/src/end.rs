//! How a process tells that it failed.

use std::process::ExitCode;

/// The exit status of a process that ended with `outcome`. A failure is logged, with its causes in one line, in the form that all of
/// the process's lines have.
pub fn conclude(outcome: anyhow::Result<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where logging is what failed, this starts it after all.
            let _ = crate::init_logging("error");
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

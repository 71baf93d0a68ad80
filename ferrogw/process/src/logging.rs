//! Log lines on stderr: JSON for machines, text for people.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;

/// A log level that is neither a level's name nor a filter.
#[derive(Debug, thiserror::Error)]
#[error("`{given}` is no log level; use error, warn, info or debug, or a filter such as `info,ferrogw_data_plane=debug`")]
pub struct InvalidLogLevel {
    given: String,
    #[source]
    source: ParseError,
}

/// Starts logging to stderr: JSON lines when it is not a terminal, readable text when it is one.
///
/// `level` is `error`, `warn`, `info` or `debug` in any spelling (`warning` too), or a filter in `tracing`'s syntax. Called once, first
/// thing in `main`.
///
/// # Errors
///
/// [`InvalidLogLevel`] when `level` is neither.
pub fn init_logging(level: &str) -> Result<(), InvalidLogLevel> {
    let lines = tracing_subscriber::fmt().with_env_filter(filter(level)?).with_writer(std::io::stderr);
    // A second call in one process keeps the first subscriber.
    let started = if std::io::stderr().is_terminal() {
        lines.with_target(false).try_init()
    } else {
        lines.json().flatten_event(true).try_init()
    };
    if started.is_err() {
        tracing::debug!("logging has been started before");
    }
    Ok(())
}

/// Dependencies speak up from `warn` on, unless a filter names them.
fn filter(level: &str) -> Result<EnvFilter, InvalidLogLevel> {
    let level = level.trim();
    let directives = match level.to_ascii_lowercase().as_str() {
        "" => ours("info"),
        "warning" => ours("warn"),
        name @ ("error" | "warn" | "info" | "debug" | "trace") => ours(name),
        _ => level.to_owned(),
    };
    EnvFilter::builder().parse(directives).map_err(|source| InvalidLogLevel { given: level.to_owned(), source })
}

fn ours(level: &str) -> String {
    let others = if level == "error" { "error" } else { "warn" };
    format!("{others},ferrogw={level},ferrogw_control_plane={level},ferrogw_data_plane={level},ferrogw_process={level}")
}

#[cfg(test)]
mod tests;

//! What every ferrogw process does at its edges: command line, logging, telemetry, signals and its exit status.
//!
//! Started by the binaries alone; libraries log through `tracing`, tell spans to the [`Telemetry`] and end on the token that they are
//! given.

mod command_line;
mod end;
mod logging;
mod signals;
pub mod telemetry;

pub use command_line::{Verb, healthcheck, parse};
pub use end::conclude;
pub use logging::{InvalidLogLevel, init_logging};
pub use signals::shutdown;
pub use telemetry::Telemetry;

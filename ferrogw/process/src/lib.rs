//! What every ferrogw process does at its edges: logging and signals.
//!
//! For the binaries alone; libraries log through `tracing` and end on the token that they are given.

mod logging;
mod signals;

pub use logging::{InvalidLogLevel, init_logging};
pub use signals::shutdown;

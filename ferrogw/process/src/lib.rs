//! What every ferrogw process does at its edges: logging, signals and its exit status.
//!
//! For the binaries alone; libraries log through `tracing` and end on the token that they are given.

mod end;
mod logging;
mod signals;

pub use end::conclude;
pub use logging::{InvalidLogLevel, init_logging};
pub use signals::shutdown;

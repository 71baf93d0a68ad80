//! The admin REST vocabulary and its typed client.
//!
//! The control plane answers with these types, the CLI, the dashboard and the tests read them, so a field cannot be spelt in two
//! ways. Pure data and one HTTP client; builds for `wasm32-unknown-unknown`.

pub mod audit;
pub mod client;
pub mod config;
pub mod dashboard;
pub mod health;
pub mod key;
pub mod log;
pub mod plugin;
pub mod problem;
pub mod provider;
pub mod scrub;
pub mod session;
pub mod stats;
pub mod usage;
pub mod worker;

pub use client::{Client, Error};
pub use problem::{Envelope, Problem};

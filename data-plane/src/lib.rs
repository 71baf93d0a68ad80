//! A data-plane worker: serves the OpenAI surface and nothing else; stateless but for its last good snapshot and its spool.
//!
//! Reading order: `serve` is the life of a request; `snapshot` is what a request sees; `upstream` is the way to providers;
//! `sync` and `usage` are the two conversations with the control plane; `cores` is how it all runs.

pub mod cores;
pub mod demo;
pub mod environment;
pub mod exchange;
pub mod found;
mod health;
mod http;
mod in_force;
pub mod metrics;
pub mod plane;
pub mod plugin;
pub mod record;
pub mod rejection;
pub mod serve;
pub mod settings;
pub mod snapshot;
pub mod standing;
pub mod strategy;
pub mod surface;
pub mod sync;
mod telemetry;
pub mod upstream;
pub mod usage;
pub mod vitals;
mod worker;
pub mod worker_dir;

pub use worker::{DataPlane, StartError, Uplink};

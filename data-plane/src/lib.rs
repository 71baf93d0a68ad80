//! A data-plane worker: serves the OpenAI surface and nothing else; stateless but for its last good snapshot and its spool.
//!
//! Reading order: `serve` is the life of a request; `snapshot` is what a request sees; `upstream` is the way to providers;
//! `sync` and `usage` are the two conversations with the control plane; `cores` is how it all runs.

pub mod cores;
pub mod environment;
pub mod plane;
pub mod record;

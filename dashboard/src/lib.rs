//! The operators' console: what a browser shows of the admin API under `/dashboard`.
//!
//! What can be decided without a browser (addresses, figures, comparisons, completion, the geometry of charts) is decided by the
//! modules here, which build and are tested everywhere. The page itself, `console`, is the program's: it builds for
//! `wasm32-unknown-unknown` alone, so that nothing of its library weighs on the workspace's ordinary commands.

pub mod address;
pub mod checking;
pub mod completion;
pub mod difference;
pub mod format;
pub mod highlight;
pub mod plot;
pub mod range;
pub mod reckoning;
pub mod snippet;
pub mod stream;
pub mod yaml;

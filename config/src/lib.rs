//! What operators say to the gateway: the configuration's one typed form, the one function that checks it, the document in
//! which it travels, and the catalog of providers as data.
//!
//! Pure and wasm-safe: no I/O, no clock, no environment. The control plane, the workers, the CLI and the dashboard all use this
//! crate, so they cannot disagree about what a configuration means.

pub mod catalog;
pub mod check;
pub mod document;
pub mod issue;
pub mod model;
pub mod read;
pub mod schema;
pub mod secret;
pub mod suggest;
pub mod variable;

pub use check::Checked;
pub use document::{Digest, Document};
pub use issue::{Issue, Severity};
pub use model::{Config, Strategy, StrategyMode, Target};
pub use read::Syntax;
pub use secret::Secret;

//! What operators say to the gateway: the configuration's one typed form, the one function that checks it, the document in
//! which it travels, and the catalog of providers as data.
//!
//! Pure and wasm-safe: no I/O, no clock, no environment. The control plane, the workers, the CLI and the dashboard all use this
//! crate, so they cannot disagree about what a configuration means.

pub mod catalog;
pub mod check;
pub mod credential;
pub mod document;
pub mod duration;
pub mod issue;
pub mod model;
mod origin;
mod path;
pub mod policy;
pub mod read;
mod report;
pub mod schema;
pub mod secret;
pub mod suggest;
pub mod variable;

pub use check::Checked;
pub use credential::Credential;
pub use document::{Digest, Document};
pub use issue::{Issue, Severity};
pub use model::{Config, Strategy, StrategyMode, Target};
pub use policy::{AttemptLimits, RetryPolicy};
pub use read::{Syntax, read};
pub use secret::Secret;

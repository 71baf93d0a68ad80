//! What a worker serves from: compiled once per change, never mutated, loaded once per request.
//!
//! A request holds one [`Snapshot`] until its last byte, so a change in mid-request cannot show it two worlds. What has to
//! outlive a change lives in [`Vitals`](crate::vitals::Vitals).

pub mod compile;
mod credential;
mod endpoint;
pub mod keys;
pub mod route;
pub mod target;

use std::sync::Arc;

use arc_swap::ArcSwap;

pub use compile::Compiled;
pub use endpoint::Endpoint;
pub use keys::Keys;
pub use route::{Offer, Pricing, Routes};
pub use target::Target;

/// Where a worker stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// No configuration is in force: nothing is served.
    Unconfigured,
    /// The built-in demo provider answers in place of a configuration.
    Demo,
    /// A configuration is in force.
    Configured,
}

/// What a worker serves from.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The generation in force; 0: none.
    pub generation: u64,
    /// Where the worker stands.
    pub state: State,
    /// Which model goes where.
    pub routes: Arc<Routes>,
    /// Who may ask.
    pub keys: Arc<Keys>,
    /// How far the key table has come; 0: not at all.
    pub key_revision: u64,
}

impl Snapshot {
    /// A worker's first snapshot: no configuration, no keys.
    #[must_use]
    pub fn unconfigured() -> Self {
        Self {
            generation: 0,
            state: State::Unconfigured,
            routes: Arc::new(Routes::default()),
            keys: Arc::new(Keys::empty()),
            key_revision: 0,
        }
    }

    /// The same keys under another configuration.
    #[must_use]
    pub fn with_routes(&self, generation: u64, routes: Arc<Routes>) -> Self {
        Self { generation, state: State::Configured, routes, ..self.clone() }
    }

    /// The same keys without any configuration; `generation` is the one that took it away, 0 where there never was one.
    #[must_use]
    pub fn without_routes(&self, generation: u64) -> Self {
        Self { generation, state: State::Unconfigured, routes: Arc::new(Routes::default()), ..self.clone() }
    }

    /// The same keys with the demo provider's routes.
    #[must_use]
    pub fn demo(&self, routes: Arc<Routes>) -> Self {
        Self { generation: 0, state: State::Demo, routes, ..self.clone() }
    }

    /// The same configuration with other keys.
    #[must_use]
    pub fn with_keys(&self, keys: Arc<Keys>, key_revision: u64) -> Self {
        Self { keys, key_revision, ..self.clone() }
    }
}

/// The snapshot in force.
#[derive(Debug)]
pub struct Live(ArcSwap<Snapshot>);

impl Live {
    /// Starts with `snapshot`.
    #[must_use]
    pub fn new(snapshot: Snapshot) -> Self {
        Self(ArcSwap::from_pointee(snapshot))
    }

    /// The snapshot in force, for as long as the caller holds it.
    #[must_use]
    pub fn load(&self) -> Arc<Snapshot> {
        self.0.load_full()
    }

    /// Puts `snapshot` in force; cannot fail.
    pub fn store(&self, snapshot: Snapshot) {
        self.0.store(Arc::new(snapshot));
    }
}

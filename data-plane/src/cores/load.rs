//! How busy the cores are: written by each core for itself, read by the acceptor and on a scrape.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

/// Every core's load.
#[derive(Debug)]
pub struct Loads(Box<[Load]>);

impl Loads {
    /// The loads of `cores` idle cores.
    #[must_use]
    pub fn new(cores: NonZeroUsize) -> Self {
        Self((0..cores.get()).map(|_| Load::default()).collect())
    }

    /// How many cores there are.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "there is always a core")]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Each core's load, by its index.
    pub fn iter(&self) -> impl Iterator<Item = &Load> {
        self.0.iter()
    }

    pub(super) fn of(&self, core: usize) -> &Load {
        &self.0[core]
    }
}

/// One core's load. On a cache line of its own: neighbours count at the same time.
#[derive(Debug, Default)]
#[repr(align(128))]
pub struct Load {
    open: AtomicUsize,
    active: AtomicUsize,
    requests: AtomicUsize,
    overdue: AtomicU64,
    refused: AtomicU64,
}

impl Load {
    /// Open connections.
    #[must_use]
    pub fn open(&self) -> usize {
        self.open.load(Relaxed)
    }

    /// Connections with a request in flight.
    #[must_use]
    pub fn active(&self) -> usize {
        self.active.load(Relaxed)
    }

    /// Requests in flight.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.requests.load(Relaxed)
    }

    /// Connections that were closed because their client took too long.
    #[must_use]
    pub fn overdue(&self) -> u64 {
        self.overdue.load(Relaxed)
    }

    /// Connections that were turned away because every core had its fill.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused.load(Relaxed)
    }

    pub(super) fn opened(&self) {
        self.open.fetch_add(1, Relaxed);
    }

    pub(super) fn closed(&self) {
        self.open.fetch_sub(1, Relaxed);
    }

    pub(super) fn request_began(&self, first_on_connection: bool) {
        self.requests.fetch_add(1, Relaxed);
        if first_on_connection {
            self.active.fetch_add(1, Relaxed);
        }
    }

    pub(super) fn request_ended(&self, last_on_connection: bool) {
        self.requests.fetch_sub(1, Relaxed);
        if last_on_connection {
            self.active.fetch_sub(1, Relaxed);
        }
    }

    pub(super) fn was_overdue(&self) {
        self.overdue.fetch_add(1, Relaxed);
    }

    pub(super) fn was_refused(&self) {
        self.refused.fetch_add(1, Relaxed);
    }
}

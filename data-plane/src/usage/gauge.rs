//! How the spool is, for reports and metrics.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// How the spool is. Written by the writer's thread after each round, read by anybody.
#[derive(Debug, Default)]
pub struct Gauge {
    records: AtomicU64,
    bytes: AtomicU64,
    folded: AtomicU64,
    alarmed: AtomicBool,
}

/// What the writer knows after a round.
pub(super) struct Reading {
    pub(super) records: u64,
    pub(super) bytes: u64,
    pub(super) folded: u64,
    pub(super) alarmed: bool,
}

impl Gauge {
    /// Records and sums without a receipt.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.records.load(Relaxed)
    }

    /// The bytes that they take on disk.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Relaxed)
    }

    /// Records whose detail was lost to sums since the start.
    #[must_use]
    pub fn folded(&self) -> u64 {
        self.folded.load(Relaxed)
    }

    /// Whether the disk takes nothing more, or the spool is full: detail is being lost, and a crash now would lose sums too.
    #[must_use]
    pub fn is_alarmed(&self) -> bool {
        self.alarmed.load(Relaxed)
    }

    pub(super) fn set(&self, reading: &Reading) {
        self.records.store(reading.records, Relaxed);
        self.bytes.store(reading.bytes, Relaxed);
        self.folded.store(reading.folded, Relaxed);
        self.alarmed.store(reading.alarmed, Relaxed);
    }
}

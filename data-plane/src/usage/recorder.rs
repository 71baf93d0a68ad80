//! Where a core leaves its records.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};
use std::thread::Thread;

use super::Observe;
use super::sums::Sums;
use super::translate;
use crate::record::Record;

/// Records that a buffer holds before it folds. At 10,000 requests a second on the core the writer has to stand still for 0.4 s.
const CAPACITY: usize = 4_096;

/// Takes the records of one core.
pub struct Recorder {
    buffer: Arc<Buffer>,
    bell: Arc<Bell>,
    observe: Observe,
}

impl Recorder {
    pub(super) fn new(bell: Arc<Bell>, observe: Observe) -> Self {
        Self { buffer: Arc::default(), bell, observe }
    }

    pub(super) fn buffer(&self) -> Arc<Buffer> {
        Arc::clone(&self.buffer)
    }

    /// Leaves a record for the writer. Never waits: while the writer stands still and the buffer is full, the record is folded into
    /// a sum here.
    pub fn record(&self, record: Record) {
        let mut slot = self.buffer.free_slot();
        if slot.records.len() < CAPACITY {
            slot.records.push(record);
        } else {
            (self.observe)(&record);
            slot.folded.add(&translate::record(record));
        }
        drop(slot);
        self.bell.ring();
    }
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Recorder")
    }
}

/// A core's records that the writer has not collected yet. There are two slots, of which the writer holds at most one, and that while
/// it copies: the core always finds the other free.
#[derive(Default)]
pub(super) struct Buffer([Mutex<Slot>; 2]);

#[derive(Default)]
struct Slot {
    records: Vec<Record>,
    folded: Sums,
}

impl Buffer {
    fn free_slot(&self) -> MutexGuard<'_, Slot> {
        let free = self.0.iter().find_map(|slot| match slot.try_lock() {
            Ok(slot) => Some(slot),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        });
        // Both are taken only if something beside the core records here too.
        free.unwrap_or_else(|| lock(&self.0[0]))
    }

    /// Moves all records to `records`, and what was folded in their place to `folded`.
    pub(super) fn collect(&self, records: &mut Vec<Record>, folded: &mut Sums) {
        for slot in &self.0 {
            let mut slot = lock(slot);
            records.append(&mut slot.records);
            if !slot.folded.is_empty() {
                folded.merge(std::mem::take(&mut slot.folded));
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().map(lock).all(|slot| slot.records.is_empty() && slot.folded.is_empty())
    }
}

fn lock(slot: &Mutex<Slot>) -> MutexGuard<'_, Slot> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Wakes the writer, if it sleeps. While there is traffic it does not: it looks by itself every few milliseconds.
#[derive(Default)]
pub(super) struct Bell {
    asleep: AtomicBool,
    writer: OnceLock<Thread>,
}

impl Bell {
    /// To be called after something was left for the writer.
    pub(super) fn ring(&self) {
        if self.asleep.load(SeqCst) && self.asleep.swap(false, SeqCst) {
            self.wake();
        }
    }

    /// Wakes the writer between two looks, too.
    pub(super) fn wake(&self) {
        if let Some(writer) = self.writer.get() {
            writer.unpark();
        }
    }

    /// To be called by the writer's thread, once.
    pub(super) fn belongs_to_this_thread(&self) {
        let _ = self.writer.set(std::thread::current());
    }

    /// The writer is about to look a last time before it sleeps: whatever it does not see then rings.
    pub(super) fn set_asleep(&self, asleep: bool) {
        self.asleep.store(asleep, SeqCst);
    }
}

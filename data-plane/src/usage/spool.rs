//! A worker's own spool: numbers what the cores recorded, writes it to disk, and finds room when there is none.
//!
//! The newest items are also in memory (`tail`), so that a deliverer that keeps up reads no file. When the disk takes nothing more,
//! the tail is the only place; when that is full too, or the spool has reached its bound, records become sums. What may have been sent
//! is never folded.

use std::collections::VecDeque;
use std::io;
use std::time::{Duration, Instant, SystemTime};

use ferrogw_proto::usage::item::Item as Entry;
use ferrogw_proto::usage::{Batch, Item};
use prost::Message;
use tracing::{error, info};

use super::SpoolLimits;
use super::backlog::{BATCH_BYTES, BATCH_ITEMS, Backlog};
use super::gauge::Reading;
use super::marks::Place;
use super::segment::{Open, Segment};
use super::sums::Sums;
use crate::worker_dir::frame;

mod fold;

/// Items that stay in memory for the deliverer once they are on disk; about 1 MiB.
const TAIL_ITEMS: usize = 1_024;

/// Items that memory holds while the disk takes nothing; about 8 MiB.
const UNSAVED_ITEMS: usize = 8_192;

/// How soon a disk that refused, or a spool that was full, is tried again.
const RETRY: Duration = Duration::from_secs(1);

/// Most bytes by which an item is longer on disk than its entry.
const ITEM_OVERHEAD: usize = frame::OVERHEAD + 20;

#[derive(Debug)]
pub(super) struct Spool {
    backlog: Backlog,
    limits: SpoolLimits,
    epoch: u64,
    /// The last sequence that was given.
    numbered: u64,
    /// Up to here everything is on disk.
    saved: u64,
    /// The file of the backlog's last segment, while it takes more.
    open: Option<Open>,
    /// The items from `tail_floor` on, exclusively.
    tail: VecDeque<Item>,
    tail_floor: Place,
    sums: Sums,
    folded: u64,
    /// Until when nothing is written, after the disk refused or nothing could be folded.
    refused_until: Option<Instant>,
    alarm: Alarm,
}

/// What was complained about already; each is logged once per occurrence, not per record.
#[derive(Debug, Default)]
struct Alarm {
    refused: bool,
    folding: bool,
}

impl Spool {
    /// Goes on in `backlog` with a new epoch: a sequence whose item was lost in a crash is never given to another one.
    pub(super) fn new(mut backlog: Backlog, limits: SpoolLimits) -> Self {
        let newest = backlog.segments().back().map_or(0, |segment| segment.epoch);
        let newest = newest.max(backlog.marks().received().epoch);
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        // The store keeps epochs as signed numbers; microseconds stay below that for a while.
        let epoch = u64::try_from(now.as_micros()).unwrap_or(0).max(newest + 1);
        backlog.marks_mut().begin(epoch);
        Self {
            backlog,
            limits,
            epoch,
            numbered: 0,
            saved: 0,
            open: None,
            tail: VecDeque::new(),
            tail_floor: Place { epoch, sequence: 0 },
            sums: Sums::default(),
            folded: 0,
            refused_until: None,
            alarm: Alarm::default(),
        }
    }

    /// Takes what the cores recorded, and sums of what they could not hold.
    pub(super) fn append(&mut self, entries: Vec<Entry>, sums: Sums) {
        self.sums.merge(sums);
        self.retry();
        let room = self.unsaved() > 0 || self.make_room(entries.iter().map(entry_len).sum());
        if room {
            self.number(entries);
            self.save();
            self.fold_unsaved();
        } else {
            entries.iter().for_each(|entry| self.sums.add(entry));
        }
        self.place_sums();
        self.folded += self.sums.take_record_count();
    }

    /// The next batch, and marks it as sent.
    pub(super) fn next_batch(&mut self) -> Option<Batch> {
        // What cannot be read for now is waited for: receipts of later items would let it be deleted.
        let mut items = if self.is_behind_tail() { self.backlog.read_on().ok()? } else { Vec::new() };
        if items.is_empty() {
            items = self.read_tail();
        }
        let sequence = items.last()?.sequence;
        let epoch = self.backlog.cursor().epoch;
        self.backlog.marks_mut().send(Place { epoch, sequence });
        Some(Batch { worker_id: self.backlog.worker().to_string(), epoch, items })
    }

    /// Items up to `place` are committed.
    pub(super) fn receive(&mut self, place: Place) {
        let open = self.open_start();
        self.backlog.receive(place, open);
        self.alarm.folding = false;
        if place.epoch == self.epoch {
            let received = self.tail.partition_point(|item| item.sequence <= place.sequence);
            self.tail.drain(..received);
            self.tail_floor = self.tail_floor.max(place);
        }
    }

    /// A new stream begins.
    pub(super) fn rewind(&mut self) {
        self.backlog.rewind();
    }

    /// Items that were not handed out on this stream.
    pub(super) fn unsent(&self) -> u64 {
        self.items_after(self.backlog.cursor())
    }

    pub(super) fn reading(&self) -> Reading {
        let received = self.backlog.marks().received();
        let records = self.items_after(received) + self.sums.len() as u64;
        let needed = |segment: &&Segment| segment.end() > received;
        let bytes = self.backlog.segments().iter().filter(needed).map(|segment| segment.bytes).sum();
        Reading { records, bytes, folded: self.folded, alarmed: self.alarm.refused }
    }

    /// After everything was delivered nothing needs to stay.
    pub(super) fn close(mut self) {
        self.open = None;
        let received = self.backlog.marks().received();
        self.backlog.receive(received, None);
    }

    fn items_after(&self, place: Place) -> u64 {
        let in_memory_only = self.tail.iter().rev().take_while(|item| item.sequence > self.saved);
        let unsaved = in_memory_only.filter(|item| Place { epoch: self.epoch, sequence: item.sequence } > place).count();
        self.backlog.items_after(place) + unsaved as u64
    }

    /// Whether what comes next is on disk only.
    fn is_behind_tail(&self) -> bool {
        let cursor = self.backlog.cursor();
        self.backlog.segments().iter().any(|segment| segment.end() > cursor && segment.start() <= self.tail_floor)
            && cursor < self.tail_floor
    }

    fn read_tail(&mut self) -> Vec<Item> {
        let cursor = self.backlog.cursor().max(self.tail_floor);
        let start = self.tail.partition_point(|item| item.sequence <= cursor.sequence);
        let mut bytes = 0;
        let fits = |item: &&Item| {
            bytes += item.encoded_len();
            bytes <= BATCH_BYTES || bytes == item.encoded_len()
        };
        let items: Vec<Item> = self.tail.range(start..).take(BATCH_ITEMS).take_while(fits).cloned().collect();
        let sequence = items.last().map_or(cursor.sequence, |item| item.sequence);
        self.backlog.skip_to(Place { epoch: self.epoch, sequence });
        items
    }

    fn number(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            self.numbered += 1;
            self.tail.push_back(Item { sequence: self.numbered, item: Some(entry) });
        }
    }

    /// Items that are in memory only.
    fn unsaved(&self) -> usize {
        self.tail.len() - self.first_unsaved()
    }

    fn first_unsaved(&self) -> usize {
        self.tail.partition_point(|item| item.sequence <= self.saved)
    }

    fn may_write(&self) -> bool {
        self.refused_until.is_none()
    }

    /// Tries again what did not go a while ago.
    fn retry(&mut self) {
        if self.refused_until.is_some_and(|until| Instant::now() >= until) {
            self.refused_until = None;
            self.save();
        }
    }

    /// Writes what is in memory only.
    fn save(&mut self) {
        if !self.may_write() || self.unsaved() == 0 {
            return;
        }
        match self.write_unsaved() {
            Ok(()) => {
                self.evict();
                if std::mem::take(&mut self.alarm.refused) {
                    info!("the usage spool takes records again");
                }
            }
            Err(error) => self.disk_refused(&error),
        }
    }

    fn write_unsaved(&mut self) -> io::Result<()> {
        let start = self.first_unsaved();
        let first = Place { epoch: self.epoch, sequence: self.tail[start].sequence };
        if self.backlog.segments().back().is_some_and(|segment| segment.bytes >= self.limits.segment_bytes) {
            self.end_segment();
        }
        let mut open = match self.open.take() {
            Some(open) => open,
            None => {
                let (open, segment) = Open::create(self.backlog.directory(), first, None)?;
                self.backlog.segments_mut().push_back(segment);
                open
            }
        };
        let segment = self.backlog.segments_mut().back_mut().ok_or(io::ErrorKind::NotFound)?;
        if let Err(error) = open.append(segment, self.tail.range(start..)) {
            self.drop_empty_segment();
            return Err(error);
        }
        self.open = Some(open);
        self.saved = self.numbered;
        Ok(())
    }

    /// The open segment takes no more; if all of it was received, it is deleted.
    fn end_segment(&mut self) {
        self.open = None;
        let received = self.backlog.marks().received();
        self.backlog.receive(received, None);
    }

    fn drop_empty_segment(&mut self) {
        if let Some(empty) = self.backlog.segments_mut().pop_back_if(|segment| segment.items == 0) {
            empty.delete();
        }
    }

    fn open_start(&self) -> Option<Place> {
        self.open.as_ref().and(self.backlog.segments().back()).map(Segment::start)
    }

    fn evict(&mut self) {
        let excess = self.tail.len().saturating_sub(TAIL_ITEMS).min(self.first_unsaved());
        if let Some(last) = self.tail.drain(..excess).last() {
            self.tail_floor = Place { epoch: self.epoch, sequence: last.sequence };
        }
    }

    fn disk_refused(&mut self, reason: &io::Error) {
        let (directory, unsaved) = (self.backlog.directory().display().to_string(), self.unsaved());
        if self.refuse() {
            error!(directory, %reason, unsaved, "the disk takes no usage records; they stay in memory until it does, as sums if there are many");
        }
    }

    /// Writes nothing for a while; whether that is new.
    fn refuse(&mut self) -> bool {
        self.refused_until = Some(Instant::now() + RETRY);
        !std::mem::replace(&mut self.alarm.refused, true)
    }
}

fn entry_len(entry: &Entry) -> usize {
    let length = match entry {
        Entry::Record(record) => record.encoded_len(),
        Entry::Sum(sum) => sum.encoded_len(),
    };
    length + ITEM_OVERHEAD
}

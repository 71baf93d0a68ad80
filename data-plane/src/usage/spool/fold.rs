//! Finding room where there is none: detail goes, sums stay, and what may have been sent is left as it is.

use std::io;

use ferrogw_proto::usage::Item;
use tracing::{error, warn};

use super::{Spool, UNSAVED_ITEMS};
use crate::usage::marks::Place;
use crate::usage::segment::{Folded, Open, Segment};
use crate::usage::sums::Sums;

/// Bytes that a sum takes on disk, about.
const SUM_LEN: usize = 200;

impl Spool {
    /// Folds what memory cannot hold while the disk takes nothing.
    pub(super) fn fold_unsaved(&mut self) {
        let excess = self.unsaved().saturating_sub(UNSAVED_ITEMS);
        if excess == 0 {
            return;
        }
        let sent = self.backlog.marks().sent();
        let is_sent = |item: &Item| Place { epoch: self.epoch, sequence: item.sequence } <= sent;
        let start = self.first_unsaved() + self.tail.range(self.first_unsaved()..).take_while(|item| is_sent(item)).count();
        let end = self.tail.len().min(start + excess.max(UNSAVED_ITEMS / 8));
        for item in self.tail.drain(start..end) {
            item.item.iter().for_each(|entry| self.sums.add(entry));
        }
    }

    /// Gives sums a place in the stream as soon as there is one.
    pub(super) fn place_sums(&mut self) {
        if self.sums.is_empty() {
            return;
        }
        let on_disk = self.may_write() && self.unsaved() == 0 && self.make_room(self.sums.len() * SUM_LEN);
        let in_memory = !on_disk && self.unsaved() > 0 && self.unsent() == 0 && self.unsaved() < UNSAVED_ITEMS / 2;
        if on_disk || in_memory {
            self.folded += self.sums.take_record_count();
            let sums = std::mem::take(&mut self.sums);
            self.number(sums.into_entries());
            self.save();
        }
    }

    /// Makes room for `bytes` on disk; whether there is.
    pub(super) fn make_room(&mut self, bytes: usize) -> bool {
        while self.may_write() && self.backlog.bytes() + bytes as u64 > self.limits.max_bytes {
            match self.fold_oldest() {
                Ok(true) => {}
                Ok(false) => {
                    if self.refuse() {
                        error!(
                            max_bytes = self.limits.max_bytes,
                            "the usage spool is full; new records are kept as sums, in memory"
                        );
                    }
                }
                Err(error) => self.disk_refused(&error),
            }
        }
        self.may_write()
    }

    /// Replaces the oldest segments that were never sent by their sums; whether that made room.
    fn fold_oldest(&mut self) -> io::Result<bool> {
        let before = self.backlog.bytes();
        self.end_segment();
        if self.backlog.bytes() < before {
            return Ok(true);
        }
        let oldest = self.never_sent();
        let (Some(first), Some(last)) = (oldest.first(), oldest.last()) else { return Ok(false) };
        let folded = Folded { epoch: first.epoch, first: first.first, last: last.first };
        let up_to = last.end();
        let mut sums = Sums::default();
        for item in oldest.iter().map(Segment::read).collect::<io::Result<Vec<_>>>()?.into_iter().flatten() {
            item.item.iter().for_each(|entry| sums.add(entry));
        }
        let records = sums.take_record_count();
        self.write_sums(folded, sums)?;
        self.backlog.skip_to(self.backlog.cursor());
        oldest.iter().for_each(Segment::delete);
        self.backlog.segments_mut().retain(|segment| !folded.holds(segment));
        if up_to.epoch == self.epoch {
            self.tail.retain(|item| !(folded.first..=up_to.sequence).contains(&item.sequence));
        }
        self.folded += records;
        if !std::mem::replace(&mut self.alarm.folding, true) {
            warn!(records, "the usage spool is full: the oldest records are folded into sums per key, model and hour");
        }
        Ok(self.backlog.bytes() < before)
    }

    /// The oldest segments none of whose items may have been sent, of one epoch, as many as free a segment's room.
    fn never_sent(&self) -> Vec<Segment> {
        let sent = self.backlog.marks().sent();
        let mut oldest: Vec<Segment> = Vec::new();
        let mut bytes = 0;
        for segment in self.backlog.segments().iter().filter(|segment| segment.start() > sent) {
            if bytes >= self.limits.segment_bytes || oldest.first().is_some_and(|first| first.epoch != segment.epoch) {
                break;
            }
            bytes += segment.bytes;
            oldest.push(segment.clone());
        }
        oldest
    }

    /// Writes a segment of sums that stands for the `folded` ones.
    fn write_sums(&mut self, folded: Folded, sums: Sums) -> io::Result<()> {
        let first = self.numbered + 1;
        let start = self.tail.len();
        self.number(sums.into_entries());
        let written = Open::create(self.backlog.directory(), Place { epoch: self.epoch, sequence: first }, Some(folded))
            .and_then(|(mut open, mut segment)| match open.append(&mut segment, self.tail.range(start..)) {
                Ok(()) => Ok(segment),
                Err(error) => {
                    segment.delete();
                    Err(error)
                }
            });
        match written {
            Ok(segment) => {
                self.backlog.segments_mut().push_back(segment);
                self.saved = self.numbered;
                Ok(())
            }
            Err(error) => {
                self.tail.truncate(start);
                Err(error)
            }
        }
    }
}

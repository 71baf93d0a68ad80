//! What is on disk for the control plane: the segments of one worker's spool, read in order and deleted once received.
//!
//! It serves the worker's own spool and, as it is, one that a dead worker left.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};

use ferrogw_proto::usage::Item;
use prost::Message;
use tracing::error;
use uuid::Uuid;

use super::marks::{Marks, Place};
use super::segment::{Reader, Segment};
use crate::worker_dir::{WorkerDir, create_private};

/// Most items in a batch: as many as the store takes in one statement.
pub(super) const BATCH_ITEMS: usize = 500;

/// Most bytes in a batch, far below what a message may have.
pub(super) const BATCH_BYTES: usize = 1 << 20;

#[derive(Debug)]
pub(super) struct Backlog {
    worker: Uuid,
    directory: PathBuf,
    /// Oldest first.
    segments: VecDeque<Segment>,
    marks: Marks,
    /// Up to here items were handed out on this stream.
    cursor: Place,
    /// Where reading stands: the segment's start, and the rest of it.
    reading: Option<(Place, Reader)>,
    /// An item that was read but did not fit the last batch.
    held_back: Option<Item>,
}

impl Backlog {
    /// The spool in a worker's directory. What cannot be read is logged and left where it is.
    pub(super) fn open(dir: &WorkerDir) -> Self {
        let directory = dir.path().join("spool");
        let segments = create_private(&directory).and_then(|()| Segment::all_in(&directory));
        let segments = segments.unwrap_or_else(|error| {
            error!(directory = %directory.display(), %error, "cannot use the usage spool's directory");
            Vec::new()
        });
        let marks = Marks::open(&directory.join("marks"));
        let cursor = marks.received();
        let mut backlog =
            Self { worker: dir.id(), directory, segments: segments.into(), marks, cursor, reading: None, held_back: None };
        backlog.delete_received(None);
        backlog
    }

    pub(super) fn worker(&self) -> Uuid {
        self.worker
    }

    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    pub(super) fn segments(&self) -> &VecDeque<Segment> {
        &self.segments
    }

    pub(super) fn segments_mut(&mut self) -> &mut VecDeque<Segment> {
        &mut self.segments
    }

    pub(super) fn marks(&self) -> &Marks {
        &self.marks
    }

    pub(super) fn marks_mut(&mut self) -> &mut Marks {
        &mut self.marks
    }

    pub(super) fn cursor(&self) -> Place {
        self.cursor
    }

    /// All bytes on disk.
    pub(super) fn bytes(&self) -> u64 {
        self.segments.iter().map(|segment| segment.bytes).sum()
    }

    /// Items after `place`, by count.
    pub(super) fn items_after(&self, place: Place) -> u64 {
        let after = |segment: &Segment| match segment.end() {
            end if end <= place => 0,
            _ if segment.start() > place => segment.items,
            end => segment.items.min(end.sequence - place.sequence),
        };
        self.segments.iter().map(after).sum()
    }

    /// The next items on disk, of one epoch, and moves the cursor behind them. None: there is nothing more.
    ///
    /// # Errors
    ///
    /// The next ones cannot be read for now.
    pub(super) fn read_on(&mut self) -> io::Result<Vec<Item>> {
        let (mut items, mut bytes): (Vec<Item>, usize) = (Vec::new(), 0);
        while let Some(segment) = self.segments.iter().find(|segment| segment.end() > self.cursor) {
            let (start, end) = (segment.start(), segment.end());
            if !items.is_empty() && start.epoch != self.cursor.epoch {
                break;
            }
            let next = match self.next_in(start) {
                Err(error) if items.is_empty() => return Err(error),
                Err(_) => break,
                Ok(next) => next,
            };
            let Some(item) = next else {
                self.reading = None;
                self.cursor = end;
                continue;
            };
            let size = item.encoded_len();
            if items.len() == BATCH_ITEMS || (!items.is_empty() && bytes + size > BATCH_BYTES) {
                self.held_back = Some(item);
                break;
            }
            self.cursor = Place { epoch: start.epoch, sequence: item.sequence };
            bytes += size;
            items.push(item);
        }
        Ok(items)
    }

    /// The cursor was moved by others, who read from memory.
    pub(super) fn skip_to(&mut self, place: Place) {
        (self.cursor, self.reading, self.held_back) = (place, None, None);
    }

    /// Begins again behind what was received: a new stream.
    pub(super) fn rewind(&mut self) {
        self.skip_to(self.marks.received());
    }

    /// Items up to `place` are committed. Whole segments of such are deleted, but not the one that is being written.
    pub(super) fn receive(&mut self, place: Place, open: Option<Place>) {
        self.marks.receive(place);
        self.delete_received(open);
    }

    /// Whether everything was received.
    pub(super) fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    fn delete_received(&mut self, open: Option<Place>) {
        let received = self.marks.received();
        self.segments.retain(|segment| {
            let needed = segment.end() > received || Some(segment.start()) == open;
            if !needed {
                segment.delete();
            }
            needed
        });
    }

    /// The next item behind the cursor in the segment that begins at `start`; an error: it cannot be opened for now, for want of file
    /// descriptors perhaps, and whoever went on would have it deleted as received.
    fn next_in(&mut self, start: Place) -> io::Result<Option<Item>> {
        if let Some(item) = self.held_back.take() {
            return Ok(Some(item));
        }
        if self.reading.as_ref().is_none_or(|(at, _)| *at != start) {
            let Some(segment) = self.segments.iter().find(|segment| segment.start() == start) else { return Ok(None) };
            let reader = match segment.read() {
                Ok(reader) => reader,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    error!(%error, "a part of the usage spool is gone; it is left out");
                    return Ok(None);
                }
                Err(error) => {
                    error!(%error, "cannot read a part of the usage spool; it is tried again");
                    return Err(error);
                }
            };
            self.reading = Some((start, reader));
        }
        let cursor = self.cursor;
        let reader = self.reading.as_mut().map(|(_, reader)| reader);
        Ok(reader.and_then(|reader| reader.find(|item| Place { epoch: start.epoch, sequence: item.sequence } > cursor)))
    }
}

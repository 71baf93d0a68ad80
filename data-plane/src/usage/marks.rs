//! How far a spool's delivery has come, kept across restarts.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use tracing::warn;

use crate::worker_dir::frame::{self, Frame};

/// An item's place in a worker's stream. Epochs ascend too, so places have one order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) epoch: u64,
    pub(super) sequence: u64,
}

impl Place {
    const LAST: Self = Self { epoch: u64::MAX, sequence: u64::MAX };
}

/// Up to where items are committed, and up to where they may have been sent. What may have been sent is never folded: its sum would
/// count it a second time if the receipt alone was lost.
#[derive(Debug)]
pub(super) struct Marks {
    file: Option<File>,
    received: Place,
    sent: Place,
    failing: bool,
}

impl Marks {
    /// Reads the marks at `path`. Where they cannot be read, everything may have been sent and nothing is known to have arrived.
    pub(super) fn open(path: &Path) -> Self {
        let opened = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path);
        let mut file = match opened {
            Ok(file) => file,
            Err(error) => {
                warn!(path = %path.display(), %error, "cannot keep how far delivery has come");
                return Self { file: None, received: Place::default(), sent: Place::LAST, failing: true };
            }
        };
        let (received, sent) = match frame::read(&mut file) {
            Ok(Frame::Whole(payload)) => decode(&payload).unwrap_or((Place::default(), Place::LAST)),
            Ok(Frame::End) => Default::default(),
            Ok(Frame::Torn) | Err(_) => (Place::default(), Place::LAST),
        };
        Self { file: Some(file), received, sent, failing: false }
    }

    /// Up to here items are committed.
    pub(super) fn received(&self) -> Place {
        self.received
    }

    /// Up to here items may have been sent.
    pub(super) fn sent(&self) -> Place {
        self.sent
    }

    /// Items up to `place` are about to be sent.
    pub(super) fn send(&mut self, place: Place) {
        if place > self.sent {
            self.sent = place;
            self.save();
        }
    }

    /// Items up to `place` are committed.
    pub(super) fn receive(&mut self, place: Place) {
        if place > self.received {
            self.received = place;
            self.save();
        }
    }

    /// A new numbering begins after all that was there. If it is unknown what of that was sent, it is known of what comes now.
    pub(super) fn begin(&mut self, epoch: u64) {
        if self.sent == Place::LAST {
            self.sent = Place { epoch, sequence: 0 };
        }
    }

    fn save(&mut self) {
        let Some(file) = &mut self.file else { return };
        let written = write(file, self.received, self.sent);
        if let (Err(error), false) = (&written, self.failing) {
            warn!(%error, "cannot keep how far delivery has come; after a restart some of it is sent again, and counted once");
        }
        self.failing = written.is_err();
    }
}

fn write(file: &mut File, received: Place, sent: Place) -> io::Result<()> {
    let mut payload = Vec::with_capacity(32);
    for number in [received.epoch, received.sequence, sent.epoch, sent.sequence] {
        payload.extend_from_slice(&number.to_le_bytes());
    }
    let mut bytes = Vec::with_capacity(frame::OVERHEAD + payload.len());
    frame::push(&mut bytes, &payload);
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&bytes)
}

fn decode(payload: &[u8]) -> Option<(Place, Place)> {
    let mut numbers = payload.chunks_exact(8).map(|bytes| bytes.try_into().map(u64::from_le_bytes).unwrap_or_default());
    let mut place = || Some(Place { epoch: numbers.next()?, sequence: numbers.next()? });
    Some((place()?, place()?))
}

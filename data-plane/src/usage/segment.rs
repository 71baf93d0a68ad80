//! One file of a spool: a header, then items, each in a frame of its own.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};

use ferrogw_proto::usage::Item;
use prost::Message;
use tracing::error;

use super::marks::Place;
use crate::worker_dir::create_private;
use crate::worker_dir::frame::{self, Frame};

const SUFFIX: &str = ".spool";

/// What a segment's first frame says.
#[derive(Clone, PartialEq, Message)]
struct Header {
    #[prost(uint64, tag = "1")]
    epoch: u64,
    #[prost(uint64, tag = "2")]
    first: u64,
    #[prost(message, optional, tag = "3")]
    replaces: Option<Folded>,
}

/// Which segments a segment of sums stands for: those of one epoch that begin within a range. It is written before they are deleted,
/// so a crash between the two leaves both, and the header tells which to believe.
#[derive(Clone, Copy, PartialEq, Eq, Message)]
pub(super) struct Folded {
    #[prost(uint64, tag = "1")]
    pub(super) epoch: u64,
    #[prost(uint64, tag = "2")]
    pub(super) first: u64,
    #[prost(uint64, tag = "3")]
    pub(super) last: u64,
}

impl Folded {
    pub(super) fn holds(&self, segment: &Segment) -> bool {
        segment.epoch == self.epoch && (self.first..=self.last).contains(&segment.first)
    }
}

/// Enough of an item to know its place.
#[derive(Clone, PartialEq, Message)]
struct Numbered {
    #[prost(uint64, tag = "1")]
    sequence: u64,
}

/// What is known of a segment without reading it.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    path: PathBuf,
    pub(super) epoch: u64,
    /// Sequence of its first item.
    pub(super) first: u64,
    /// Sequence of its last item; `first - 1`: it has none.
    pub(super) last: u64,
    pub(super) items: u64,
    pub(super) bytes: u64,
    pub(super) replaces: Option<Folded>,
}

impl Segment {
    /// The segments in `directory`, oldest first. Those that a segment of sums replaces are deleted.
    pub(super) fn all_in(directory: &Path) -> io::Result<Vec<Self>> {
        let mut paths: Vec<PathBuf> = fs::read_dir(directory)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.to_string_lossy().ends_with(SUFFIX))
            .collect();
        paths.sort();
        let all: Vec<Self> = paths.into_iter().filter_map(Self::scan).collect();
        let replaced: Vec<Folded> = all.iter().filter_map(|segment| segment.replaces).collect();
        let (gone, there) = all.into_iter().partition(|segment| replaced.iter().any(|folded| folded.holds(segment)));
        <Vec<Self>>::into_iter(gone).for_each(|segment| segment.delete());
        Ok(there)
    }

    /// Where its items begin.
    pub(super) fn start(&self) -> Place {
        Place { epoch: self.epoch, sequence: self.first }
    }

    /// Where its items end.
    pub(super) fn end(&self) -> Place {
        Place { epoch: self.epoch, sequence: self.last }
    }

    pub(super) fn delete(&self) {
        if let Err(error) = fs::remove_file(&self.path)
            && error.kind() != io::ErrorKind::NotFound
        {
            error!(path = %self.path.display(), %error, "cannot delete a delivered part of the usage spool");
        }
    }

    /// Its items from the first on.
    pub(super) fn read(&self) -> io::Result<Reader> {
        let mut file = BufReader::with_capacity(64 << 10, File::open(&self.path)?);
        frame::read(&mut file)?;
        Ok(Reader { file, path: self.path.clone() })
    }

    /// A segment found on disk. One without a whole header holds nothing and is deleted.
    fn scan(path: PathBuf) -> Option<Self> {
        match scan(&path) {
            Ok(Some(segment)) if segment.items > 0 => Some(segment),
            Ok(_) => {
                let _ = fs::remove_file(&path);
                None
            }
            Err(error) => {
                error!(path = %path.display(), %error, "cannot read a part of the usage spool; it is left where it is");
                None
            }
        }
    }
}

fn scan(path: &Path) -> io::Result<Option<Segment>> {
    let mut file = BufReader::with_capacity(64 << 10, File::open(path)?);
    let Frame::Whole(header) = frame::read(&mut file)? else { return Ok(None) };
    let Ok(header) = Header::decode(header.as_slice()) else { return Ok(None) };
    let mut segment = Segment {
        path: path.to_owned(),
        epoch: header.epoch,
        first: header.first,
        last: header.first.saturating_sub(1),
        items: 0,
        bytes: fs::metadata(path)?.len(),
        replaces: header.replaces,
    };
    while let Frame::Whole(payload) = frame::read(&mut file)? {
        let Ok(item) = Numbered::decode(payload.as_slice()) else { break };
        segment.last = item.sequence;
        segment.items += 1;
    }
    Ok(Some(segment))
}

/// The items of a segment, one after the other, to its end or to where it is damaged.
#[derive(Debug)]
pub(super) struct Reader {
    file: BufReader<File>,
    path: PathBuf,
}

impl Iterator for Reader {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let damage = match frame::read(&mut self.file) {
            Ok(Frame::Whole(payload)) => match Item::decode(payload.as_slice()) {
                Ok(item) => return Some(item),
                Err(error) => error.to_string(),
            },
            Ok(Frame::End) => return None,
            Ok(Frame::Torn) => "its end was not written completely".to_owned(),
            Err(error) => error.to_string(),
        };
        error!(path = %self.path.display(), damage, "a part of the usage spool cannot be read; what follows in this file is lost");
        None
    }
}

/// The segment that is being written.
#[derive(Debug)]
pub(super) struct Open {
    file: File,
}

impl Open {
    /// Begins a segment whose first item will be `first`.
    pub(super) fn create(directory: &Path, first: Place, replaces: Option<Folded>) -> io::Result<(Self, Segment)> {
        create_private(directory)?;
        let path = directory.join(format!("{:020}-{:020}{SUFFIX}", first.epoch, first.sequence));
        let header = Header { epoch: first.epoch, first: first.sequence, replaces };
        let mut bytes = Vec::new();
        frame::push(&mut bytes, &header.encode_to_vec());
        let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
        file.set_len(0)?;
        file.write_all(&bytes)?;
        let last = first.sequence.saturating_sub(1);
        let segment =
            Segment { path, epoch: first.epoch, first: first.sequence, last, items: 0, bytes: bytes.len() as u64, replaces };
        Ok((Self { file }, segment))
    }

    /// Appends items to `segment`, all or nothing: what was written before a fault is cut off again.
    pub(super) fn append<'a>(&mut self, segment: &mut Segment, items: impl Iterator<Item = &'a Item>) -> io::Result<()> {
        let (mut bytes, mut count, mut last) = (Vec::new(), 0, segment.last);
        for item in items {
            frame::push(&mut bytes, &item.encode_to_vec());
            (count, last) = (count + 1, item.sequence);
        }
        if let Err(error) = self.file.write_all(&bytes) {
            let _ = self.file.set_len(segment.bytes);
            return Err(error);
        }
        segment.bytes += bytes.len() as u64;
        segment.items += count;
        segment.last = last;
        Ok(())
    }
}

//! What a worker keeps on disk of what it was told, so that it can start while the control plane is away.
//!
//! Two files: `configuration.jsonl` (a header line and the document, replaced as a whole), and `keys.log` (frames: a whole table,
//! then changes to it as they come). Disk faults never stop serving: they are logged, and the file is written anew when that works.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};

use ferrogw_config::Document;
use ferrogw_proto::sync::KeyChanges;
use prost::Message;
use serde::{Deserialize, Serialize};
use tracing::warn;

use super::table::{Table, Taken};
use super::translate::chunks;
use crate::worker_dir::frame::{self, Frame};
use crate::worker_dir::replace;

/// Changes are appended until they are this much longer than the table that they change; then the file is written anew.
const LOG_SLACK: u64 = 1 << 20;

pub(super) struct Kept {
    configuration: PathBuf,
    keys: PathBuf,
    /// Length of the part of the key file that is known to be good; `None`: it has to be written anew.
    keys_length: Option<u64>,
    /// Length of the whole table that the key file begins with.
    base_length: u64,
}

/// First line of the configuration's file.
#[derive(Serialize, Deserialize)]
struct Header {
    generation: u64,
    format: u32,
    digest: String,
}

impl Kept {
    pub(super) fn new(directory: &Path) -> Self {
        Self {
            configuration: directory.join("configuration.jsonl"),
            keys: directory.join("keys.log"),
            keys_length: None,
            base_length: 0,
        }
    }

    /// The last good configuration, if there is one and it is whole.
    pub(super) fn load_configuration(&self) -> Option<(u64, Document)> {
        let contents = read_if_there(&self.configuration)?;
        let kept = parse_configuration(contents);
        if kept.is_none() {
            warn!(path = %self.configuration.display(), "the last good configuration is damaged and not used");
        }
        kept
    }

    pub(super) fn keep_configuration(&self, generation: u64, document: &Document) {
        let header = Header { generation, format: document.format(), digest: document.digest().to_string() };
        let kept = serde_json::to_vec(&header).map_err(io::Error::from).and_then(|mut contents| {
            contents.push(b'\n');
            contents.extend_from_slice(document.bytes());
            replace(&self.configuration, &contents)
        });
        complain(&self.configuration, kept);
    }

    /// Without this a restart would bring back a configuration that was deleted.
    pub(super) fn forget_configuration(&self) {
        let removed = match fs::remove_file(&self.configuration) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        };
        complain(&self.configuration, removed);
    }

    /// The key table, if there is a whole one. What was being appended at a crash is cut off.
    pub(super) fn load_keys(&mut self) -> Option<Table> {
        let mut file = BufReader::new(File::open(&self.keys).ok()?);
        let mut table = Table::default();
        let (mut length, mut in_force) = (0, None);
        loop {
            match frame::read(&mut file) {
                Ok(Frame::Whole(payload)) => {
                    let Some(taken) = decode(&payload).and_then(|chunk| table.take(&chunk).ok()) else { break };
                    length += (frame::OVERHEAD + payload.len()) as u64;
                    if taken != Taken::Awaits {
                        in_force = Some(length);
                        self.base_length = if self.base_length == 0 { length } else { self.base_length };
                    }
                }
                Ok(Frame::End) => break,
                Ok(Frame::Torn) => {
                    warn!(path = %self.keys.display(), "the key table's last change was not written completely and is left out");
                    break;
                }
                Err(error) => {
                    complain(&self.keys, Err(error));
                    break;
                }
            }
        }
        table.abandon_coming();
        self.keys_length = in_force;
        in_force.map(|_| table)
    }

    /// Appends a change that led to `table`, or writes the table anew where there is nothing sound to append to, or too much.
    pub(super) fn keep_key_changes(&mut self, chunk: &KeyChanges, table: &Table) {
        match self.keys_length.filter(|length| *length < 2 * self.base_length + LOG_SLACK) {
            Some(length) => {
                let appended = self.append(length, chunk);
                self.note_keys(appended);
            }
            None => self.keep_key_table(table),
        }
    }

    /// Writes a whole table in place of the file: none of the chunks that it came in continues what stands there.
    pub(super) fn keep_key_table(&mut self, table: &Table) {
        let written = self.rewrite(table);
        self.note_keys(written);
    }

    fn note_keys(&mut self, written: io::Result<u64>) {
        self.keys_length = written.as_ref().ok().copied();
        complain(&self.keys, written.map(|_| ()));
    }

    fn append(&self, length: u64, chunk: &KeyChanges) -> io::Result<u64> {
        let mut bytes = Vec::new();
        frame::push(&mut bytes, &chunk.encode_to_vec());
        let mut file = OpenOptions::new().append(true).open(&self.keys)?;
        file.set_len(length)?;
        file.write_all(&bytes)?;
        Ok(length + bytes.len() as u64)
    }

    fn rewrite(&mut self, table: &Table) -> io::Result<u64> {
        let mut bytes = Vec::new();
        for chunk in chunks(table.keys(), table.revision()) {
            frame::push(&mut bytes, &chunk.encode_to_vec());
        }
        replace(&self.keys, &bytes)?;
        self.base_length = bytes.len() as u64;
        Ok(self.base_length)
    }
}

fn parse_configuration(contents: Vec<u8>) -> Option<(u64, Document)> {
    let end = contents.iter().position(|byte| *byte == b'\n')?;
    let header: Header = serde_json::from_slice(&contents[..end]).ok()?;
    let document = Document::from_parts(header.format, contents[end + 1..].to_vec());
    (document.digest().to_string() == header.digest).then_some((header.generation, document))
}

fn decode(payload: &[u8]) -> Option<KeyChanges> {
    KeyChanges::decode(payload).ok()
}

fn read_if_there(path: &Path) -> Option<Vec<u8>> {
    match fs::read(path) {
        Ok(contents) => Some(contents),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => {
            complain(path, Err(error));
            None
        }
    }
}

fn complain(path: &Path, result: io::Result<()>) {
    if let Err(error) = result {
        warn!(path = %path.display(), %error, "the worker's directory cannot be used; a restart without a control plane would serve older state");
    }
}

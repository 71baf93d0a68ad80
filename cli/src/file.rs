//! Files that are made here: whole or not there at all, for their owner's eyes only, and over no other file by chance.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// A file that is being written beside the place where it is to be. It is gone again unless it is published.
pub(crate) struct Draft {
    writer: BufWriter<File>,
    beside: PathBuf,
    file: PathBuf,
}

/// Says no where something is there already.
pub(crate) fn refuse_existing(file: &Path) -> Result<(), Failure> {
    match file.symlink_metadata() {
        Ok(_) => Err(exists(file)),
        Err(_) => Ok(()),
    }
}

/// Writes a text that ends in a line break; `force`: over a file that is there.
pub(crate) fn write_private(file: &Path, text: &str, force: bool) -> Result<(), Failure> {
    if !force {
        refuse_existing(file)?;
    }
    let mut draft = Draft::beside(file)?;
    let end = if text.ends_with('\n') { "" } else { "\n" };
    draft.write_all(text.as_bytes()).and_then(|()| draft.write_all(end.as_bytes())).map_err(|source| failed(file, source))?;
    draft.publish(force)
}

impl Draft {
    /// Begins one.
    pub(crate) fn beside(file: &Path) -> Result<Self, Failure> {
        let mut beside = file.as_os_str().to_owned();
        beside.push(format!(".{}.new", std::process::id()));
        let beside = PathBuf::from(beside);
        let open = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside);
        let open = open.map_err(|source| failed(file, source))?;
        Ok(Self { writer: BufWriter::new(open), beside, file: file.to_owned() })
    }

    /// Puts it where it is to be; `force`: over a file that is there.
    pub(crate) fn publish(mut self, force: bool) -> Result<(), Failure> {
        let failed = |source| failed(&self.file, source);
        self.writer.flush().and_then(|()| self.writer.get_ref().sync_all()).map_err(failed)?;
        // A link, unlike a rename, refuses to take a place that somebody else took meanwhile.
        let published = if force { fs::rename(&self.beside, &self.file) } else { fs::hard_link(&self.beside, &self.file) };
        published.map_err(|source| match source.kind() {
            ErrorKind::AlreadyExists => exists(&self.file),
            _ => failed(source),
        })
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// What is left beside: nothing where it was renamed.
impl Drop for Draft {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.beside);
    }
}

fn exists(file: &Path) -> Failure {
    failed(file, io::Error::new(ErrorKind::AlreadyExists, "it is there already; --force overwrites it"))
}

fn failed(file: &Path, source: io::Error) -> Failure {
    Failure::WriteFile { file: file.display().to_string(), source }
}

//! The data directory, where it is on this machine.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::finding::{Finding, Findings};

const MIB: u64 = 1 << 20;
/// Less room than this is worth a word: the spool alone may take a gigabyte.
const SCARCE: u64 = 1024 * MIB;
/// With less room than this, accounts of requests soon lose their detail.
const GONE: u64 = 64 * MIB;

pub(super) fn look(folder: &Path) -> Vec<Finding> {
    let mut found = Findings::about("Data directory");
    let name = folder.display().to_string();
    match fs::metadata(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            found.skipped(name, "is not here; the gateway makes it, or has its own elsewhere (FERROGW_DATA_DIR)");
        }
        Err(error) => {
            found.problem(name, format!("cannot be looked at: {error}"), "correct FERROGW_DATA_DIR, or its permissions")
        }
        Ok(metadata) if !metadata.is_dir() => found.problem(name, "is no directory", "let FERROGW_DATA_DIR name a directory"),
        Ok(metadata) => {
            permissions(folder, &name, &metadata, &mut found);
            room(folder, &name, &mut found);
        }
    }
    found.all()
}

fn permissions(folder: &Path, name: &str, metadata: &Metadata, found: &mut Findings) {
    let others = metadata.mode() & 0o077;
    if others != 0 {
        let message = format!("others than its owner may look into it (mode {:o})", metadata.mode() & 0o777);
        found.warning(name, message, format!("chmod 700 {name}"));
    }
    match tempfile_in(folder) {
        Ok(()) => found.ok(name, "can be written to"),
        Err(error) => {
            let advice = "let the user that runs the gateway own it; if that is another user than you, all is well";
            found.warning(name, format!("cannot be written to: {error}"), advice);
        }
    }
}

/// Whether a file can be made there. It is gone at once.
fn tempfile_in(folder: &Path) -> std::io::Result<()> {
    let file = folder.join(format!(".ferrogw-doctor.{}", std::process::id()));
    fs::File::create_new(&file)?;
    fs::remove_file(file)
}

fn room(folder: &Path, name: &str, found: &mut Findings) {
    let Ok(disk) = rustix::fs::statvfs(folder) else { return };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let message = format!("{} MiB are free", free / MIB);
    match free {
        0..GONE => found.problem(name, message, "make room: without it, accounts of requests lose their detail"),
        GONE..SCARCE => found.warning(name, message, "make room: the spool of a worker may take 1 GiB (FERROGW_SPOOL_MAX_BYTES)"),
        _ => found.ok(name, message),
    }
}

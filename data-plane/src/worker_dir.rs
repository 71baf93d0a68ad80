//! A worker's own directory under the data directory: its id, its last good snapshot, its key table and its spool.
//!
//! Several workers may share one data directory. Each locks a subdirectory of its own; the lock goes with the process, however that
//! ends, so a subdirectory that nobody holds is either free to be claimed or has a spool that somebody should deliver.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use uuid::Uuid;

pub(crate) mod frame;
#[cfg(test)]
mod tests;

const PREFIX: &str = "worker-";
const LOCK: &str = "lock";
const ID: &str = "worker-id";

/// More workers than will ever share one directory; past it something else is wrong.
const MAX_WORKERS: usize = 1_000;

/// Why a worker got no directory.
#[derive(Debug, thiserror::Error)]
pub enum WorkerDirError {
    /// The file system refused.
    #[error("could not use {path}; make sure that FERROGW_DATA_DIR names a directory that this user may write to")]
    Io {
        /// What was to be read or written.
        path: PathBuf,
        /// Why it was not.
        #[source]
        source: io::Error,
    },
    /// The id file holds something else.
    #[error("{path} does not hold a worker's id (a UUID); delete {directory} if its undelivered usage can be given up")]
    NoId {
        /// The id file.
        path: PathBuf,
        /// The worker's directory.
        directory: PathBuf,
    },
    /// Every subdirectory is taken.
    #[error("{MAX_WORKERS} workers hold directories in {0} already; give this one a FERROGW_DATA_DIR of its own")]
    Crowded(PathBuf),
}

/// A worker's directory, locked for as long as this value lives.
#[derive(Debug)]
pub struct WorkerDir {
    path: PathBuf,
    id: Uuid,
    _lock: File,
}

impl WorkerDir {
    /// Takes the first subdirectory of `data_dir` that no living worker holds, making it where there is none.
    ///
    /// # Errors
    ///
    /// [`WorkerDirError`], which says what to do.
    pub fn claim(data_dir: &Path) -> Result<Self, WorkerDirError> {
        for number in 0..MAX_WORKERS {
            let path = data_dir.join(format!("{PREFIX}{number}"));
            create_private(&path).map_err(|source| WorkerDirError::Io { path: path.clone(), source })?;
            if let Some(dir) = Self::lock(path)? {
                return Ok(dir);
            }
        }
        Err(WorkerDirError::Crowded(data_dir.to_owned()))
    }

    /// The worker's id, kept across restarts.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Directories beside this one that dead workers left, now locked by us. What cannot be read is left alone.
    pub(crate) fn orphans(&self) -> Vec<Self> {
        let siblings = self.path.parent().and_then(|data_dir| fs::read_dir(data_dir).ok()).into_iter().flatten();
        siblings
            .filter_map(Result::ok)
            .filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX))
            .map(|entry| entry.path())
            .filter(|path| *path != self.path && path.join(ID).is_file())
            .filter_map(|path| Self::lock(path).ok().flatten())
            .collect()
    }

    /// Locks the directory at `path`; `None`: another worker holds it.
    fn lock(path: PathBuf) -> Result<Option<Self>, WorkerDirError> {
        let io_error = |path: &Path| {
            let path = path.to_owned();
            move |source| WorkerDirError::Io { path, source }
        };
        let lock_path = path.join(LOCK);
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&lock_path).map_err(io_error(&lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(source)) => return Err(io_error(&lock_path)(source)),
        }
        let id = worker_id(&path)?;
        Ok(Some(Self { path, id, _lock: lock }))
    }
}

/// The id of the worker at `directory`, minted on first use.
fn worker_id(directory: &Path) -> Result<Uuid, WorkerDirError> {
    let path = directory.join(ID);
    let io_error = |source| WorkerDirError::Io { path: path.clone(), source };
    match fs::read_to_string(&path) {
        Ok(text) => text.trim().parse().map_err(|_| WorkerDirError::NoId { path: path.clone(), directory: directory.to_owned() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let id = Uuid::now_v7();
            replace(&path, format!("{id}\n").as_bytes()).map_err(io_error)?;
            Ok(id)
        }
        Err(error) => Err(io_error(error)),
    }
}

/// Makes a directory that only its owner may look into: it holds accounts of requests and digests of keys.
pub(crate) fn create_private(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Writes `contents` to `path` so that a crash leaves either the old file or the new one.
pub(crate) fn replace(path: &Path, contents: &[u8]) -> io::Result<()> {
    let draft = path.with_extension("new");
    let mut file = File::create(&draft)?;
    file.write_all(contents)?;
    file.sync_all()?;
    fs::rename(&draft, path)
}

//! The data directory: only its owner may look into it.

use std::io;
use std::path::Path;

/// Makes the directory, if it is not there yet.
pub(crate) fn create(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;

    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

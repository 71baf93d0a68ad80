//! Temporary folders of the suite, all under one that is swept away when the test run ends, however it ends.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

struct Root {
    path: PathBuf,
    _broom: Child,
}

static ROOT: LazyLock<Root> = LazyLock::new(|| {
    let path = tempfile::Builder::new().prefix("ferrogw-it-").tempdir().expect("a temporary directory").keep();
    // Other users (the database's) have to pass through.
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&path, mode).expect("the folder is ours");
    // The pipe closes when this process is gone; the processes on their leashes get a second to follow.
    let broom = Command::new("sh")
        .args(["-c", r#"read -r _; sleep 1; [ -n "$KEEP" ] || rm -rf "$1""#, "sh"])
        .arg(&path)
        .env("KEEP", std::env::var_os("FERROGW_TEST_KEEP").unwrap_or_default())
        .stdin(Stdio::piped())
        .spawn()
        .expect("sh starts");
    Root { path, _broom: broom }
});

/// A new empty folder; `FERROGW_TEST_KEEP=1` leaves all of them behind for a look.
///
/// # Panics
/// When the disk is full.
#[must_use]
pub fn fresh(name: &str) -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let path = ROOT.path.join(format!("{}-{name}", NEXT.fetch_add(1, Ordering::Relaxed)));
    std::fs::create_dir_all(&path).expect("a folder under the temporary directory");
    path
}

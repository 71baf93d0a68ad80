//! The spool on a disk that refuses: nothing stops, nothing is lost, and it recovers.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use super::{append, drain, entries, limits, open, place_after, segments, totals};
use crate::worker_dir::WorkerDir;

/// Tries until it is so.
pub(super) fn until(mut so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !so() {
        assert!(Instant::now() < deadline, "it did not come to pass");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Puts a file where the spool's directory was, so that no segment can be made.
fn break_disk(dir: &WorkerDir) -> PathBuf {
    let spool = dir.path().join("spool");
    let aside = dir.path().join("aside");
    std::fs::rename(&spool, &aside).unwrap();
    std::fs::write(&spool, "").unwrap();
    aside
}

fn mend_disk(dir: &WorkerDir, aside: &Path) {
    let spool = dir.path().join("spool");
    std::fs::remove_file(&spool).unwrap();
    std::fs::rename(aside, spool).unwrap();
}

#[test]
fn while_the_disk_refuses_records_keep_their_detail_in_memory_and_are_delivered() {
    let data = tempfile::tempdir().unwrap();
    let (dir, mut spool) = open(data.path(), limits(1 << 30, 1));
    append(&mut spool, entries(0..100));
    break_disk(&dir);
    append(&mut spool, entries(100..200));
    assert!(spool.reading().alarmed);
    assert_eq!((spool.unsent(), totals(&drain(&mut spool))), (200, (200, (0..200).sum(), 0)));
}

#[test]
fn a_broken_disk_is_written_to_again_when_it_is_mended() {
    let data = tempfile::tempdir().unwrap();
    let (dir, mut spool) = open(data.path(), limits(1 << 30, 1));
    append(&mut spool, entries(0..100));
    let aside = break_disk(&dir);
    append(&mut spool, entries(100..200));
    mend_disk(&dir, &aside);
    until(|| {
        append(&mut spool, Vec::new());
        !spool.reading().alarmed
    });
    drop((dir, spool));
    let (_dir, mut spool) = open(data.path(), limits(1 << 30, 1));
    assert_eq!(totals(&drain(&mut spool)), (200, (0..200).sum(), 0));
}

#[test]
fn when_memory_is_full_too_the_oldest_become_sums_and_the_money_stays() {
    let data = tempfile::tempdir().unwrap();
    let (dir, mut spool) = open(data.path(), limits(1 << 30, 1));
    append(&mut spool, entries(0..100));
    break_disk(&dir);
    (1..300).for_each(|round| append(&mut spool, entries(round * 100..(round + 1) * 100)));
    assert!(spool.reading().folded > 10_000);

    // The control plane is there again: first what kept its detail, then the sums.
    let mut delivered = Vec::new();
    until(|| {
        while let Some(batch) = spool.next_batch() {
            spool.receive(place_after(&batch));
            delivered.extend(batch.items);
        }
        append(&mut spool, Vec::new());
        totals(&delivered).0 == 30_000
    });
    let (requests, nanos, sums) = totals(&delivered);
    assert_eq!((requests, nanos), (30_000, (0..30_000).sum()));
    assert!(sums >= 1);
}

#[test]
fn a_disk_that_runs_full_in_the_middle_of_a_write_loses_nothing() {
    let Some(disk) = SmallDisk::mount() else {
        eprintln!("skipped: mounting a file system of 256 KiB takes root and Linux");
        return;
    };
    let (dir, mut spool) = open(&disk.0, limits(1 << 30, 64 << 10));
    (0..50).for_each(|round| append(&mut spool, entries(round * 100..(round + 1) * 100)));
    let reading = spool.reading();
    assert!(reading.alarmed && reading.bytes < 256 << 10, "{} bytes", reading.bytes);
    assert_eq!(spool.unsent(), 5_000);
    let (mut received, mut delivered) = (None, Vec::new());
    until(|| {
        while let Some(batch) = spool.next_batch() {
            spool.receive(place_after(&batch));
            received = Some(place_after(&batch));
            delivered.extend(batch.items);
        }
        append(&mut spool, Vec::new());
        delivered.len() == 5_000
    });
    assert_eq!(totals(&delivered), (5_000, (0..5_000).sum(), 0));
    // Delivery freed the disk, so it takes records again.
    until(|| {
        append(&mut spool, entries(0..1));
        !spool.reading().alarmed
    });
    drop((dir, spool, received));
}

/// A file system of 256 KiB, for as long as this value lives.
struct SmallDisk(PathBuf, #[expect(dead_code, reason = "removes the mount point last")] tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let parent = tempfile::tempdir().unwrap();
        let point = parent.path().join("disk");
        std::fs::create_dir(&point).unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=256k", "tmpfs"]).arg(&point).output();
        mounted.is_ok_and(|output| output.status.success()).then_some(Self(point, parent))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_part_that_cannot_be_opened_for_now_is_waited_for() {
    let data = tempfile::tempdir().unwrap();
    let (dir, mut spool) = open(data.path(), limits(1 << 30, 1));
    append(&mut spool, entries(0..100));
    append(&mut spool, entries(100..200));
    drop((dir, spool));
    let (dir, mut spool) = open(data.path(), limits(1 << 30, 1));
    let (first, aside) = (segments(&dir)[0].clone(), dir.path().join("aside"));
    std::fs::rename(&first, &aside).unwrap();
    std::fs::create_dir(&first).unwrap();
    assert_eq!(totals(&drain(&mut spool)).0, 0);
    std::fs::remove_dir(&first).unwrap();
    std::fs::rename(&aside, &first).unwrap();
    assert_eq!(totals(&drain(&mut spool)), (200, (0..200).sum(), 0));
}

//! The spool on a disk that works: order, restarts, receipts, folding.

use super::{append, drain, entries, limits, open, place_after, segments, totals};
use crate::usage::SpoolLimits;

#[test]
fn what_was_appended_is_handed_out_once_and_in_order() {
    let data = tempfile::tempdir().unwrap();
    let (_dir, mut spool) = open(data.path(), SpoolLimits::default());
    (0..30).for_each(|round| append(&mut spool, entries(round * 100..(round + 1) * 100)));
    assert_eq!(spool.unsent(), 3_000);
    let items = drain(&mut spool);
    assert!(items.iter().map(|item| item.sequence).eq(1..=3_000));
    assert_eq!((spool.unsent(), spool.reading().records), (0, 3_000));
}

#[test]
fn after_a_restart_the_rest_goes_out_under_the_epoch_that_wrote_it() {
    let data = tempfile::tempdir().unwrap();
    let (dir, mut spool) = open(data.path(), SpoolLimits::default());
    append(&mut spool, entries(0..10));
    let before = spool.next_batch().unwrap();
    drop((dir, spool));

    let (_dir, mut spool) = open(data.path(), SpoolLimits::default());
    append(&mut spool, entries(10..15));
    let again = spool.next_batch().unwrap();
    let new = spool.next_batch().unwrap();
    assert_eq!((again.epoch, &again.items), (before.epoch, &before.items));
    assert!(new.epoch > again.epoch);
    assert!(new.items.iter().map(|item| item.sequence).eq(1..=5));
}

#[test]
fn what_has_a_receipt_is_not_sent_again_after_a_restart() {
    let data = tempfile::tempdir().unwrap();
    let (dir, mut spool) = open(data.path(), SpoolLimits::default());
    append(&mut spool, entries(0..600));
    let first = spool.next_batch().unwrap();
    spool.receive(place_after(&first));
    spool.next_batch().unwrap();
    drop((dir, spool));

    let (_dir, mut spool) = open(data.path(), SpoolLimits::default());
    assert!(drain(&mut spool).iter().map(|item| item.sequence).eq(501..=600));
}

#[test]
fn a_new_stream_begins_behind_the_last_receipt() {
    let data = tempfile::tempdir().unwrap();
    let (_dir, mut spool) = open(data.path(), SpoolLimits::default());
    append(&mut spool, entries(0..1_200));
    let first = spool.next_batch().unwrap();
    spool.receive(place_after(&first));
    drain(&mut spool);
    spool.rewind();
    assert_eq!(spool.unsent(), 700);
    assert!(drain(&mut spool).iter().map(|item| item.sequence).eq(501..=1_200));
}

#[test]
fn receipts_delete_whole_segments_but_the_open_one() {
    let data = tempfile::tempdir().unwrap();
    let (dir, mut spool) = open(data.path(), limits(1 << 30, 10_000));
    (0..20).for_each(|round| append(&mut spool, entries(round * 100..(round + 1) * 100)));
    assert_eq!(segments(&dir).len(), 20);
    while let Some(batch) = spool.next_batch() {
        spool.receive(place_after(&batch));
    }
    assert_eq!((segments(&dir).len(), spool.reading().bytes), (1, 0));
    spool.close();
    assert!(segments(&dir).is_empty());
}

#[test]
fn a_torn_tail_costs_the_torn_record_alone() {
    let data = tempfile::tempdir().unwrap();
    let (dir, mut spool) = open(data.path(), SpoolLimits::default());
    append(&mut spool, entries(0..10));
    let segment = segments(&dir).pop().unwrap();
    drop((dir, spool));
    let file = std::fs::OpenOptions::new().write(true).open(segment).unwrap();
    file.set_len(file.metadata().unwrap().len() - 3).unwrap();

    let (_dir, mut spool) = open(data.path(), SpoolLimits::default());
    append(&mut spool, entries(10..11));
    assert_eq!(totals(&drain(&mut spool)), (10, (0..9).sum::<i64>() + 10, 0));
}

#[test]
fn damage_in_the_middle_of_a_file_does_not_stop_delivery_of_the_next() {
    let data = tempfile::tempdir().unwrap();
    let (dir, mut spool) = open(data.path(), limits(1 << 30, 1));
    append(&mut spool, entries(0..10));
    append(&mut spool, entries(10..20));
    let first = segments(&dir).remove(0);
    drop((dir, spool));
    let mut bytes = std::fs::read(&first).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    std::fs::write(&first, bytes).unwrap();

    let (_dir, mut spool) = open(data.path(), SpoolLimits::default());
    let sequences: Vec<_> = drain(&mut spool).iter().map(|item| item.sequence).collect();
    assert!(sequences.len() < 20 && sequences.ends_with(&(11..=20).collect::<Vec<_>>()));
}

#[test]
fn a_full_spool_folds_its_oldest_records_and_keeps_the_money() {
    let data = tempfile::tempdir().unwrap();
    let (dir, mut spool) = open(data.path(), limits(200_000, 20_000));
    (0..100).for_each(|round| append(&mut spool, entries(round * 100..(round + 1) * 100)));
    let reading = spool.reading();
    assert!(reading.bytes <= 200_000 && reading.folded > 5_000 && !reading.alarmed, "{} bytes", reading.bytes);
    let (requests, nanos, sums) = totals(&drain(&mut spool));
    assert_eq!((requests, nanos), (10_000, (0..10_000).sum()));
    assert!((1..20).contains(&sums));
    drop((dir, spool));
}

#[test]
fn a_batch_that_was_sent_keeps_its_detail_until_its_receipt() {
    let data = tempfile::tempdir().unwrap();
    let (dir, mut spool) = open(data.path(), limits(200_000, 20_000));
    append(&mut spool, entries(0..400));
    let sent = spool.next_batch().unwrap();
    (4..100).for_each(|round| append(&mut spool, entries(round * 100..(round + 1) * 100)));
    drop((dir, spool));

    // The receipt was lost with the process; what may have arrived must come again under the very same numbers.
    let (_dir, mut spool) = open(data.path(), limits(200_000, 20_000));
    (100..150).for_each(|round| append(&mut spool, entries(round * 100..(round + 1) * 100)));
    let again = spool.next_batch().unwrap();
    assert_eq!((again.epoch, &again.items[..400]), (sent.epoch, &sent.items[..]));
    let rest = drain(&mut spool);
    let (requests, nanos, _) = totals(again.items.iter().chain(&rest));
    assert_eq!((requests, nanos), (15_000, (0..15_000).sum()));
}

#[test]
fn a_crash_in_the_middle_of_folding_counts_nothing_twice() {
    let data = tempfile::tempdir().unwrap();
    let (dir, mut spool) = open(data.path(), limits(60_000, 20_000));
    let (mut rounds, mut before) = (0, Vec::new());
    while spool.reading().folded == 0 {
        before = segments(&dir).into_iter().map(|path| (std::fs::read(&path).unwrap(), path)).collect();
        append(&mut spool, entries(rounds * 100..(rounds + 1) * 100));
        rounds += 1;
    }
    drop((dir, spool));
    // The sums were written, but the process died before it deleted what they stand for.
    for (bytes, path) in before.into_iter().filter(|(_, path)| !path.exists()) {
        std::fs::write(path, bytes).unwrap();
    }

    let (_dir, mut spool) = open(data.path(), limits(60_000, 20_000));
    let (requests, nanos, _) = totals(&drain(&mut spool));
    assert_eq!((requests, nanos), (rounds * 100, (0..i64::try_from(rounds * 100).unwrap()).sum()));
}

#[test]
fn a_spool_that_can_fold_nothing_more_keeps_sums_in_memory_and_says_so() {
    let data = tempfile::tempdir().unwrap();
    let (_dir, mut spool) = open(data.path(), limits(30_000, 10_000));
    append(&mut spool, entries(0..100));
    let mut handed_out = drain(&mut spool);
    append(&mut spool, entries(100..300));
    assert!(spool.reading().alarmed);
    spool.receive(crate::usage::marks::Place { epoch: u64::MAX, sequence: 0 });
    super::disk::until(|| {
        append(&mut spool, Vec::new());
        !spool.reading().alarmed
    });
    handed_out.extend(drain(&mut spool));
    let (requests, nanos, sums) = totals(&handed_out);
    assert_eq!((requests, nanos, sums), (300, (0..300).sum(), 1));
}

#[test]
fn without_marks_everything_may_have_been_sent() {
    let data = tempfile::tempdir().unwrap();
    let (dir, mut spool) = open(data.path(), limits(60_000, 20_000));
    append(&mut spool, entries(0..100));
    std::fs::write(dir.path().join("spool/marks"), "damaged").unwrap();
    drop((dir, spool));

    let (_dir, mut spool) = open(data.path(), limits(60_000, 20_000));
    (1..8).for_each(|round| append(&mut spool, entries(round * 100..(round + 1) * 100)));
    let first = spool.next_batch().unwrap();
    assert_eq!(totals(&first.items), (100, (0..100).sum(), 0));
    let rest = drain(&mut spool);
    assert_eq!(totals(first.items.iter().chain(&rest)).1, (0..800).sum::<i64>());
}

//! What a core leaves behind, and a writer that stands still.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{record, totals};
use crate::usage::recorder::{Bell, Recorder};
use crate::usage::sums::Sums;

#[test]
fn while_the_writer_stands_still_the_core_folds_and_the_metrics_still_see_every_record() {
    let observed = Arc::new(AtomicU64::new(0));
    let seen = Arc::clone(&observed);
    let recorder = Recorder::new(
        Arc::new(Bell::default()),
        Arc::new(move |_: &crate::record::Record| {
            seen.fetch_add(1, Ordering::Relaxed);
        }),
    );
    (0..6_000).for_each(|number| recorder.record(record(number)));
    let (mut records, mut folded) = (Vec::new(), Sums::default());
    recorder.buffer().collect(&mut records, &mut folded);

    let sums = folded.into_entries().into_iter().map(|entry| ferrogw_proto::usage::Item { sequence: 0, item: Some(entry) });
    let (requests, nanos, _) = totals(&sums.collect::<Vec<_>>());
    let kept: i64 = records.iter().map(|record| record.cost.unwrap().0).sum();
    assert_eq!((records.len() as u64 + requests, kept + nanos), (6_000, (0..6_000).sum()));
    assert_eq!((records.len(), observed.load(Ordering::Relaxed)), (4_096, 6_000 - 4_096));
    assert!(recorder.buffer().is_empty());
}

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use ferrogw_llm::{NanoDollars, Operation, Usage};
use ferrogw_proto::usage::item::Item as Entry;
use ferrogw_proto::usage::{Batch, Item};
use uuid::Uuid;

use super::backlog::Backlog;
use super::marks::Place;
use super::spool::Spool;
use super::sums::Sums;
use super::{SpoolLimits, translate};
use crate::record::Record;
use crate::worker_dir::WorkerDir;

mod disk;
mod recorder;
mod spool;
mod sums;

/// A record of one key and model that cost `number` nano-dollars.
fn record(number: u64) -> Record {
    Record {
        id: Uuid::now_v7(),
        request_id: format!("{number:032x}"),
        parent: None,
        started: SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000),
        duration: Duration::from_millis(12),
        first_content: None,
        operation: Operation::Chat,
        requested_model: "fast".to_owned(),
        model: Arc::from("gpt-4o-mini"),
        provider: "openai",
        target: Arc::from("openai"),
        key_id: Some(Uuid::from_u128(7)),
        status: 200,
        stream: false,
        client_gone: false,
        finish_reason: Some("stop".to_owned()),
        error: None,
        usage: Some(Usage { input: 10, output: 2, ..Usage::default() }),
        cost: Some(NanoDollars(i64::try_from(number).unwrap())),
        price_rule: None,
        attempts: Default::default(),
        generation: 1,
        repairs: 0,
    }
}

fn entries(numbers: std::ops::Range<u64>) -> Vec<Entry> {
    numbers.map(record).map(translate::record).collect()
}

fn limits(max_bytes: u64, segment_bytes: u64) -> SpoolLimits {
    SpoolLimits { max_bytes, segment_bytes }
}

/// The worker's directory and its spool, opened as after a start.
fn open(data: &Path, limits: SpoolLimits) -> (WorkerDir, Spool) {
    let dir = WorkerDir::claim(data).unwrap();
    let spool = Spool::new(Backlog::open(&dir), limits);
    (dir, spool)
}

/// Everything that was not handed out yet.
fn drain(spool: &mut Spool) -> Vec<Item> {
    std::iter::from_fn(|| spool.next_batch()).flat_map(|batch| batch.items).collect()
}

fn place_after(batch: &Batch) -> Place {
    Place { epoch: batch.epoch, sequence: batch.items.last().unwrap().sequence }
}

/// Requests, nano-dollars and how many items are sums.
fn totals<'a>(items: impl IntoIterator<Item = &'a Item>) -> (u64, i64, usize) {
    items.into_iter().fold((0, 0, 0), |(requests, nanos, sums), item| match item.item.as_ref().unwrap() {
        Entry::Record(record) => (requests + 1, nanos + record.cost_nanos.unwrap(), sums),
        Entry::Sum(sum) => (requests + sum.requests, nanos + sum.cost_nanos, sums + 1),
    })
}

fn segments(dir: &WorkerDir) -> Vec<std::path::PathBuf> {
    let mut paths: Vec<_> = std::fs::read_dir(dir.path().join("spool"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "spool"))
        .collect();
    paths.sort();
    paths
}

fn append(spool: &mut Spool, entries: Vec<Entry>) {
    spool.append(entries, Sums::default());
}

//! Records on their way to the request log: at least once on the wire, exactly once in the store.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use ferrogw_config::Secret;
use ferrogw_control_plane::store::{LogFilter, Page};
use ferrogw_data_plane::record::Record;
use ferrogw_data_plane::usage::{Gauge, Recorder, SpoolLimits, Usage};
use ferrogw_data_plane::worker_dir::WorkerDir;
use ferrogw_llm::{NanoDollars, Operation};
use ferrogw_proto::Link;
use ferrogw_tests::eventually;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::control::{Control, TOKEN};
use crate::{Via, over_both_links};

over_both_links! {
    every_record_is_logged_once_and_observed_once,
    a_control_plane_that_comes_and_goes_loses_and_doubles_nothing,
    what_was_not_delivered_at_the_end_is_delivered_by_the_next_start,
    a_copy_of_the_spool_from_before_the_receipts_doubles_nothing,
    a_record_is_on_disk_while_the_control_plane_is_away,
    what_a_dead_worker_left_is_delivered_under_its_name,
    folded_records_keep_their_money_in_the_log,
    without_a_request_log_spools_do_not_fill,
    a_log_that_is_away_keeps_the_records_on_the_worker,
}

/// A worker's usage pipe with two cores.
struct Pipe {
    id: Uuid,
    recorders: Vec<Recorder>,
    gauge: Arc<Gauge>,
    observed: Arc<AtomicU64>,
    shutdown: CancellationToken,
    delivering: JoinHandle<()>,
}

impl Pipe {
    fn start(data: &Path, link: Link) -> Self {
        Self::with(data, link, SpoolLimits::default())
    }

    fn with(data: &Path, link: Link, limits: SpoolLimits) -> Self {
        let dir = Arc::new(WorkerDir::claim(data).unwrap());
        let observed = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&observed);
        let observe = Arc::new(move |_: &Record| {
            counter.fetch_add(1, Ordering::Relaxed);
        });
        let id = dir.id();
        let Usage { recorders, deliverer, gauge } = Usage::start(dir, limits, 2, observe).unwrap();
        let shutdown = CancellationToken::new();
        let ended = shutdown.clone();
        let delivering = tokio::spawn(async move {
            let way = (link, &Secret::new(TOKEN.to_owned()));
            deliverer.run(way, ended, Duration::from_millis(500)).await.unwrap();
        });
        Self { id, recorders, gauge, observed, shutdown, delivering }
    }

    /// Records requests that cost as many nano-dollars as their numbers say.
    fn record(&self, numbers: std::ops::Range<u64>) {
        for number in numbers {
            self.recorders[usize::from(number % 2 == 0)].record(record(number));
        }
    }

    async fn end(self) {
        self.shutdown.cancel();
        self.delivering.await.unwrap();
    }
}

fn record(number: u64) -> Record {
    Record {
        id: Uuid::now_v7(),
        request_id: format!("{number:032x}"),
        parent: None,
        started: SystemTime::now(),
        duration: Duration::from_millis(12),
        first_content: None,
        operation: Operation::Chat,
        requested_model: "fast".to_owned(),
        model: Arc::from("gpt-4o-mini"),
        provider: "openai",
        target: Arc::from("openai"),
        key_id: Some(Uuid::from_u128(u128::from(number % 3))),
        status: 200,
        stream: false,
        client_gone: false,
        finish_reason: Some("stop".to_owned()),
        error: None,
        usage: None,
        cost: Some(NanoDollars(i64::try_from(number).unwrap())),
        price_rule: None,
        attempts: Default::default(),
        generation: 1,
        repairs: 0,
    }
}

/// What the log has to hold of the requests up to `count`.
fn all(count: u64) -> (u64, i64) {
    (count, i64::try_from(count * (count - 1) / 2).unwrap())
}

async fn every_record_is_logged_once_and_observed_once(via: Via) {
    let (control, data) = (Control::start(via).await, tempfile::tempdir().unwrap());
    let pipe = Pipe::start(data.path(), control.link());
    pipe.record(0..3_000);
    control.has_logged(3_000).await;
    eventually("the last receipt", async || (pipe.gauge.records() == 0).then_some(())).await;
    assert_eq!((control.account().await, pipe.observed.load(Ordering::Relaxed)), (all(3_000), 3_000));
}

async fn a_control_plane_that_comes_and_goes_loses_and_doubles_nothing(via: Via) {
    let (mut control, data) = (Control::start(via).await, tempfile::tempdir().unwrap());
    let pipe = Pipe::start(data.path(), control.link());
    for round in 0..5 {
        pipe.record(round * 2_000..(round + 1) * 2_000);
        control.has_logged(round * 2_000 + 1).await;
        control.go_away().await;
        control.come_back();
    }
    control.has_logged(10_000).await;
    pipe.end().await;
    assert_eq!(control.account().await, all(10_000));
}

async fn what_was_not_delivered_at_the_end_is_delivered_by_the_next_start(via: Via) {
    let (mut control, data) = (Control::start(via).await, tempfile::tempdir().unwrap());
    control.go_away().await;
    let pipe = Pipe::start(data.path(), control.link());
    pipe.record(0..1_500);
    pipe.end().await;
    assert_eq!(control.account().await, (0, 0));

    control.come_back();
    let pipe = Pipe::start(data.path(), control.link());
    control.has_logged(1_500).await;
    pipe.end().await;
    assert_eq!(control.account().await, all(1_500));
}

async fn a_copy_of_the_spool_from_before_the_receipts_doubles_nothing(via: Via) {
    let (mut control, data) = (Control::start(via).await, tempfile::tempdir().unwrap());
    control.go_away().await;
    let pipe = Pipe::start(data.path(), control.link());
    pipe.record(0..1_500);
    pipe.end().await;
    let copy = tempfile::tempdir().unwrap();
    copy_tree(data.path(), copy.path());
    control.come_back();
    for place in [&data, &copy] {
        let pipe = Pipe::start(place.path(), control.link());
        eventually("all receipts", async || (control.account().await.0 > 0 && pipe.gauge.records() == 0).then_some(())).await;
        pipe.end().await;
    }
    assert_eq!(control.account().await, all(1_500));
}

async fn a_record_is_on_disk_while_the_control_plane_is_away(via: Via) {
    let (mut control, data) = (Control::start(via).await, tempfile::tempdir().unwrap());
    control.go_away().await;
    let pipe = Pipe::start(data.path(), control.link());
    pipe.record(0..100);
    eventually("the records on disk", async || (pipe.gauge.records() == 100 && pipe.gauge.bytes() > 0).then_some(())).await;
    // As a killed process would leave it: nothing was closed or flushed.
    let copy = tempfile::tempdir().unwrap();
    copy_tree(data.path(), copy.path());
    control.come_back();
    let survivor = Pipe::start(copy.path(), control.link());
    control.has_logged(100).await;
    survivor.end().await;
    pipe.end().await;
    assert_eq!(control.account().await, all(100));
}

async fn what_a_dead_worker_left_is_delivered_under_its_name(via: Via) {
    let (mut control, data) = (Control::start(via).await, tempfile::tempdir().unwrap());
    control.go_away().await;
    let first = WorkerDir::claim(data.path()).unwrap();
    let dead = Pipe::start(data.path(), control.link());
    let dead_id = dead.id;
    dead.record(0..700);
    dead.end().await;
    drop(first);

    control.come_back();
    let heir = Pipe::start(data.path(), control.link());
    assert_ne!(heir.id, dead_id);
    control.has_logged(700).await;
    let rows = control.store.logs(&LogFilter::default(), Page::default(), None).await.unwrap().rows;
    assert!(rows.iter().all(|row| row.worker_id == dead_id));
    heir.end().await;
    assert_eq!(control.account().await, all(700));
}

async fn folded_records_keep_their_money_in_the_log(via: Via) {
    let (mut control, data) = (Control::start(via).await, tempfile::tempdir().unwrap());
    control.go_away().await;
    let limits = SpoolLimits { max_bytes: 200_000, segment_bytes: 20_000 };
    let pipe = Pipe::with(data.path(), control.link(), limits);
    for round in 0..30 {
        pipe.record(round * 100..(round + 1) * 100);
        eventually("the round on disk", async || (pipe.observed.load(Ordering::Relaxed) == (round + 1) * 100).then_some(()))
            .await;
    }
    eventually("folding", async || (pipe.gauge.folded() > 1_000).then_some(())).await;
    control.come_back();
    control.has_logged(3_000).await;
    pipe.end().await;
    assert_eq!(control.account().await, all(3_000));
}

async fn without_a_request_log_spools_do_not_fill(via: Via) {
    let (control, data) = (Control::without_log(via).await, tempfile::tempdir().unwrap());
    let pipe = Pipe::start(data.path(), control.link());
    pipe.record(0..1_000);
    let emptied = async || (pipe.observed.load(Ordering::Relaxed) == 1_000 && pipe.gauge.records() == 0).then_some(());
    eventually("an empty spool", emptied).await;
    pipe.end().await;
}

async fn a_log_that_is_away_keeps_the_records_on_the_worker(via: Via) {
    let data = tempfile::tempdir().unwrap();
    let broken = Control::start(via).await;
    broken.store.close().await;
    let pipe = Pipe::start(data.path(), broken.link());
    pipe.record(0..1_000);
    eventually("the records on disk", async || (pipe.gauge.records() == 1_000).then_some(())).await;
    pipe.end().await;

    let whole = Control::start(via).await;
    let pipe = Pipe::start(data.path(), whole.link());
    whole.has_logged(1_000).await;
    pipe.end().await;
    assert_eq!(whole.account().await, all(1_000));
}

fn copy_tree(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy_tree(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

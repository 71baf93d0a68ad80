//! The thread that collects what the cores recorded and owns everything on disk.

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use ferrogw_proto::usage::{Batch, Receipt};
use tokio::sync::{mpsc, oneshot, watch};
use uuid::Uuid;

use super::backlog::Backlog;
use super::marks::Place;
use super::recorder::{Bell, Buffer};
use super::spool::Spool;
use super::sums::Sums;
use super::{COLLECT, Deliverer, Gauge, Observe, SpoolLimits, translate};
use crate::record::Record;
use crate::worker_dir::WorkerDir;

/// How long the writer sleeps when nothing comes; then it looks for what dead workers left, and whether a full disk has room again.
const IDLE: Duration = Duration::from_secs(1);

/// How often directories of dead workers are looked for.
const ADOPT_EVERY: Duration = Duration::from_secs(30);

/// Questions and news that the deliverer may have under way.
const COMMANDS: usize = 16;

/// What the deliverer wants.
pub(super) enum Command {
    /// A stream begins: hand out again what has no receipt.
    Rewind,
    /// The next batch, if there is one.
    Next(oneshot::Sender<Option<Batch>>),
    /// A receipt came.
    Receive(Receipt),
    /// Everything that was recorded so far is to be on disk, and counted as unsent, before the answer.
    Flush(oneshot::Sender<()>),
}

pub(super) struct Writer {
    dir: Arc<WorkerDir>,
    spool: Spool,
    adopted: Vec<Adopted>,
    next_adoption: Instant,
    buffers: Vec<Arc<Buffer>>,
    observe: Observe,
    gauge: Arc<Gauge>,
    unsent: watch::Sender<u64>,
    /// Kept, so that collecting allocates nothing.
    records: Vec<Record>,
}

/// The spool of a dead worker, in its locked directory.
struct Adopted {
    _dir: WorkerDir,
    backlog: Backlog,
}

impl Writer {
    /// Starts the thread. It ends when the deliverer is gone.
    pub(super) fn start(
        dir: Arc<WorkerDir>,
        limits: SpoolLimits,
        (buffers, bell): (Vec<Arc<Buffer>>, Arc<Bell>),
        observe: Observe,
        gauge: Arc<Gauge>,
    ) -> io::Result<Deliverer> {
        let (commands, inbox) = mpsc::channel(COMMANDS);
        let (unsent, seen) = watch::channel(0);
        let thread_bell = Arc::clone(&bell);
        let thread = thread::Builder::new().name("ferrogw-usage".to_owned()).spawn(move || {
            thread_bell.belongs_to_this_thread();
            let spool = Spool::new(Backlog::open(&dir), limits);
            let (adopted, records) = (Vec::new(), Vec::new());
            let writer = Self { dir, spool, adopted, next_adoption: Instant::now(), buffers, observe, gauge, unsent, records };
            writer.run(inbox, &thread_bell);
        })?;
        Ok(Deliverer::new(commands, seen, bell, thread))
    }

    fn run(mut self, mut inbox: mpsc::Receiver<Command>, bell: &Bell) {
        loop {
            let recorded = self.collect();
            let commanded = match self.obey(&mut inbox) {
                Ok(commanded) => commanded,
                Err(DelivererGone) => break,
            };
            self.adopt();
            self.tell();
            if recorded {
                thread::park_timeout(COLLECT);
            } else if !commanded {
                bell.set_asleep(true);
                if self.buffers.iter().all(|buffer| buffer.is_empty()) {
                    thread::park_timeout(IDLE);
                }
                bell.set_asleep(false);
            }
        }
        self.collect();
        self.spool.close();
    }

    /// Moves what the cores recorded into the spool; whether there was anything.
    fn collect(&mut self) -> bool {
        let mut sums = Sums::default();
        for buffer in &self.buffers {
            buffer.collect(&mut self.records, &mut sums);
        }
        let recorded = !self.records.is_empty();
        self.records.iter().for_each(|record| (self.observe)(record));
        let entries = self.records.drain(..).map(translate::record).collect();
        self.spool.append(entries, sums);
        recorded
    }

    /// Does what the deliverer wants; whether it wanted anything.
    fn obey(&mut self, inbox: &mut mpsc::Receiver<Command>) -> Result<bool, DelivererGone> {
        let mut commanded = false;
        loop {
            match inbox.try_recv() {
                Ok(command) => self.execute(command),
                Err(mpsc::error::TryRecvError::Empty) => return Ok(commanded),
                Err(mpsc::error::TryRecvError::Disconnected) => return Err(DelivererGone),
            }
            commanded = true;
        }
    }

    fn execute(&mut self, command: Command) {
        match command {
            Command::Rewind => {
                self.spool.rewind();
                self.adopted.iter_mut().for_each(|adopted| adopted.backlog.rewind());
                self.tell();
            }
            Command::Next(answer) => {
                let batch = self.spool.next_batch().or_else(|| self.adopted.iter_mut().find_map(Adopted::next_batch));
                self.tell();
                let _ = answer.send(batch);
            }
            Command::Receive(receipt) => self.receive(&receipt),
            Command::Flush(answer) => {
                self.collect();
                self.tell();
                let _ = answer.send(());
            }
        }
    }

    fn receive(&mut self, receipt: &Receipt) {
        let Ok(worker) = receipt.worker_id.parse::<Uuid>() else { return };
        let place = Place { epoch: receipt.epoch, sequence: receipt.sequence };
        if worker == self.dir.id() {
            self.spool.receive(place);
        }
        for adopted in self.adopted.iter_mut().filter(|adopted| adopted.backlog.worker() == worker) {
            adopted.backlog.receive(place, None);
        }
        self.adopted.retain(|adopted| !adopted.backlog.is_empty());
    }

    /// Takes over what dead workers could not deliver.
    fn adopt(&mut self) {
        if Instant::now() < self.next_adoption {
            return;
        }
        self.next_adoption = Instant::now() + ADOPT_EVERY;
        let orphans = self.dir.orphans().into_iter().map(|dir| Adopted { backlog: Backlog::open(&dir), _dir: dir });
        for orphan in orphans.filter(|orphan| !orphan.backlog.is_empty()) {
            tracing::info!(worker = %orphan.backlog.worker(), "delivering the usage that a worker left behind");
            self.adopted.push(orphan);
        }
    }

    /// Tells how the spool is.
    fn tell(&self) {
        let mut reading = self.spool.reading();
        let mut unsent = self.spool.unsent();
        for Adopted { backlog, .. } in &self.adopted {
            reading.records += backlog.items_after(backlog.marks().received());
            reading.bytes += backlog.bytes();
            unsent += backlog.items_after(backlog.cursor());
        }
        self.gauge.set(&reading);
        self.unsent.send_if_modified(|told| std::mem::replace(told, unsent) != unsent);
    }
}

/// Nobody will ask again.
struct DelivererGone;

impl Adopted {
    fn next_batch(&mut self) -> Option<Batch> {
        let items = self.backlog.read_on().ok()?;
        let sequence = items.last()?.sequence;
        let epoch = self.backlog.cursor().epoch;
        self.backlog.marks_mut().send(Place { epoch, sequence });
        Some(Batch { worker_id: self.backlog.worker().to_string(), epoch, items })
    }
}

//! The workers that are connected here: what each runs and refused, and how it is. Written down in the store every few seconds, where
//! the admin API reads of all workers of all control planes.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ferrogw_api::worker::Report;
use ferrogw_config::Issue;
use time::OffsetDateTime;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::warn;
use uuid::Uuid;

use crate::metrics::{Metrics, Reader};
use crate::store::{Store, StoreError, WorkerRow};

/// How often reports are written to the store.
const WRITE_EVERY: Duration = Duration::from_secs(3);

/// How long what a worker took or refused waits for what others did with the same update.
const GATHER: Duration = Duration::from_millis(100);

/// A worker.
#[derive(Debug, Clone, PartialEq)]
pub struct Worker {
    /// Kept in its data directory.
    pub id: Uuid,
    /// Its host's name.
    pub name: String,
    /// Its build.
    pub build: String,
    /// Where its API is, as it says or as it is seen from here.
    pub url: String,
    /// Its stream; `None`: it has ended.
    pub connection: Option<Connection>,
    /// When it was last heard.
    pub last_seen: OffsetDateTime,
    /// What it runs.
    pub running: Running,
    /// What it refused last, if it took nothing of that kind since.
    pub refused: Option<Refusal>,
    /// What it said about the configuration that it took.
    pub warnings: Vec<Issue>,
    /// How it is.
    pub report: Report,
}

/// What a worker serves; 0: none yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Running {
    /// The generation of its configuration.
    pub generation: u64,
    /// The revision of its key table.
    pub key_revision: u64,
}

/// A worker's stream to this control plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connection {
    /// Where it comes from; `None`: the same process.
    pub address: Option<SocketAddr>,
    /// Since when.
    pub since: OffsetDateTime,
    /// Tells it from an earlier stream of the same worker that has not ended yet.
    pub(crate) number: u64,
}

/// An update that a worker refused.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// The generation that was refused; `None`: key changes were.
    pub generation: Option<u64>,
    /// Why.
    pub issues: Vec<Issue>,
}

/// The workers. Cloning shares them.
#[derive(Debug, Clone)]
pub struct Roster {
    store: Store,
    metrics: Metrics,
    table: Arc<Mutex<Table>>,
    /// Somebody came, went, took or refused something: that is not to wait for the next round of reports.
    news: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct Table {
    workers: HashMap<Uuid, Worker>,
    unwritten: HashSet<Uuid>,
    connections: u64,
}

impl Roster {
    /// An empty roster, which will be written down in `store`.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store, metrics: Metrics::default(), table: Arc::default(), news: watch::Sender::default() }
    }

    /// The same, which counts in `metrics` how often the store does not answer.
    #[must_use]
    pub fn counting(self, metrics: Metrics) -> Self {
        Self { metrics, ..self }
    }

    /// The workers that were connected to this control plane since it started, by name.
    #[must_use]
    pub fn snapshot(&self) -> Vec<Worker> {
        let mut workers: Vec<_> = self.table().workers.values().cloned().collect();
        workers.sort_by(|left, right| (&left.name, left.id).cmp(&(&right.name, right.id)));
        workers
    }

    /// Changes whenever a worker comes, goes, takes or refuses something.
    #[must_use]
    pub fn news(&self) -> watch::Receiver<()> {
        self.news.subscribe()
    }

    /// Writes what is new to the store until `shutdown`.
    pub async fn run(self, shutdown: CancellationToken) {
        let (mut failing, mut news) = (false, self.news());
        // Whoever came before this was called.
        news.mark_changed();
        while shutdown.run_until_cancelled(wait(&mut news)).await.is_some() {
            let written = self.write().await;
            if let (Err(error), false) = (&written, failing) {
                warn!(%error, "how the workers are cannot be written down");
            }
            failing = written.is_err();
            if failing {
                self.metrics.store_error(Reader::Roster);
            }
        }
        let _ = timeout(Duration::from_secs(1), self.write()).await;
    }

    /// A stream begins; its number.
    pub(crate) fn connect(&self, mut worker: Worker, address: Option<SocketAddr>) -> u64 {
        let mut table = self.table();
        table.connections += 1;
        let number = table.connections;
        worker.connection = Some(Connection { address, since: OffsetDateTime::now_utc(), number });
        table.unwritten.insert(worker.id);
        table.workers.insert(worker.id, worker);
        self.news.send_replace(());
        number
    }

    /// A worker said how it is.
    pub(crate) fn report(&self, id: Uuid, connection: u64, report: Report) {
        self.update(id, connection, |worker| worker.report = report);
    }

    /// A worker took or refused something.
    pub(crate) fn answer(&self, id: Uuid, connection: u64, change: impl FnOnce(&mut Worker)) {
        self.update(id, connection, change);
        self.news.send_replace(());
    }

    /// A stream ended.
    pub(crate) fn disconnect(&self, id: Uuid, connection: u64) {
        self.answer(id, connection, |worker| worker.connection = None);
    }

    /// An earlier stream of the same worker has nothing to say any more.
    fn update(&self, id: Uuid, connection: u64, change: impl FnOnce(&mut Worker)) {
        let mut table = self.table();
        let current = |worker: &&mut Worker| worker.connection.is_some_and(|current| current.number == connection);
        if let Some(worker) = table.workers.get_mut(&id).filter(current) {
            change(worker);
            worker.last_seen = OffsetDateTime::now_utc();
            table.unwritten.insert(id);
        }
    }

    async fn write(&self) -> Result<(), StoreError> {
        let rows = self.take_unwritten();
        for (number, row) in rows.iter().enumerate() {
            if let Err(error) = self.store.touch_worker(row).await {
                self.table().unwritten.extend(rows[number..].iter().map(|row| row.id));
                return Err(error);
            }
        }
        Ok(())
    }

    fn take_unwritten(&self) -> Vec<WorkerRow> {
        let mut table = self.table();
        let unwritten = std::mem::take(&mut table.unwritten);
        unwritten.iter().filter_map(|id| table.workers.get(id)).map(Worker::row).collect()
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Worker {
    fn row(&self) -> WorkerRow {
        let issues = self.refused.as_ref().map(|refused| &refused.issues);
        WorkerRow {
            id: self.id,
            name: self.name.clone(),
            build: self.build.clone(),
            last_seen_at: self.last_seen,
            generation: self.running.generation,
            key_revision: self.running.key_revision,
            issues: serde_json::to_value(issues).unwrap_or_default(),
            report: serde_json::to_value(&self.report).unwrap_or_default(),
        }
    }
}

/// Waits for news and what comes with them, or for the next round of reports.
async fn wait(news: &mut watch::Receiver<()>) {
    tokio::select! {
        // The sender is the roster's own.
        _ = news.changed() => sleep(GATHER).await,
        () = sleep(WRITE_EVERY) => {}
    }
    news.mark_unchanged();
}

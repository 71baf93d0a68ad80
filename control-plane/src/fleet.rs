//! All workers of all control planes: what the store remembers of them, and what this process hears itself, which is newer.
//!
//! A worker's row holds its report as [`Report`] and what it refused as [`Issue`]s, both in JSON.

use std::collections::{BTreeMap, BTreeSet};

use ferrogw_api::worker::Report;
use ferrogw_config::Issue;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::app::App;
use crate::publisher::{self, Running};
use crate::store::{StoreError, WorkerRow};

/// What workers report is written down every three seconds; one that was silent for this long is taken for gone.
const SILENCE: Duration = Duration::seconds(12);

/// All workers that were ever seen.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fleet {
    /// Connected ones first, then by name.
    pub(crate) workers: Vec<Worker>,
}

/// A worker.
#[derive(Debug, Clone)]
pub(crate) struct Worker {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) build: String,
    /// Where it connects from, if that is to this process and over a network.
    pub(crate) address: Option<String>,
    /// Where its API is, if it is connected to this process.
    pub(crate) url: Option<String>,
    pub(crate) connected: bool,
    pub(crate) last_seen: OffsetDateTime,
    pub(crate) running: Running,
    /// What it refused last; `None`: it took something of that kind since.
    pub(crate) refused: Option<Vec<Issue>>,
    /// What it has to say about the configuration that it took.
    pub(crate) warnings: Vec<Issue>,
    pub(crate) report: Report,
}

/// Where a worker is on its way to a generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It serves it.
    Current,
    /// It has not said anything about it.
    Pending,
    /// It refused it and serves an older one.
    Refused,
    /// It is gone.
    Offline,
}

impl Standing {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Pending => "pending",
            Self::Refused => "refused",
            Self::Offline => "offline",
        }
    }
}

impl Fleet {
    /// All workers.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub(crate) async fn read(app: &App) -> Result<Self, StoreError> {
        let now = OffsetDateTime::now_utc();
        let stored = app.store.workers().await?.into_iter().map(|row| Worker::stored(row, now));
        Ok(Self::of(stored.chain(heard(app))))
    }

    /// The workers that this process hears itself, which are known also while the store is away.
    pub(crate) fn here(app: &App) -> Self {
        Self::of(heard(app))
    }

    /// Of each worker what is newest.
    fn of(known: impl Iterator<Item = Worker>) -> Self {
        let mut newest: BTreeMap<Uuid, Worker> = BTreeMap::new();
        for worker in known {
            if newest.get(&worker.id).is_none_or(|other| other.last_seen <= worker.last_seen) {
                newest.insert(worker.id, worker);
            }
        }
        let mut workers: Vec<Worker> = newest.into_values().collect();
        workers.sort_by(|left, right| (!left.connected, &left.name, left.id).cmp(&(!right.connected, &right.name, right.id)));
        Self { workers }
    }

    /// Those that are connected.
    pub(crate) fn connected(&self) -> impl Iterator<Item = &Worker> {
        self.workers.iter().filter(|worker| worker.connected)
    }

    /// What the connected ones report.
    pub(crate) fn reports(&self) -> impl Iterator<Item = &Report> {
        self.connected().map(|worker| &worker.report)
    }

    /// Providers for which some connected worker has credentials, with the models that its targets serve.
    pub(crate) fn providers(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let mut providers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for report in self.reports() {
            for provider in &report.providers_found {
                providers.entry(provider).or_default();
            }
            for target in report.targets.iter().filter(|target| target.credential_found) {
                providers.entry(&target.provider).or_default().extend(target.models.iter().map(String::as_str));
            }
        }
        providers
    }
}

/// Rows lose a little precision on their way, so what is heard here comes last and wins where the instants are equal.
fn heard(app: &App) -> impl Iterator<Item = Worker> {
    app.roster.snapshot().into_iter().map(Worker::heard)
}

impl Worker {
    fn stored(row: WorkerRow, now: OffsetDateTime) -> Self {
        Self {
            id: row.id,
            name: row.name,
            build: row.build,
            address: None,
            url: None,
            connected: now - row.last_seen_at < SILENCE,
            last_seen: row.last_seen_at,
            running: Running { generation: row.generation, key_revision: row.key_revision },
            refused: serde_json::from_value(row.issues).unwrap_or_default(),
            warnings: Vec::new(),
            report: serde_json::from_value(row.report).unwrap_or_default(),
        }
    }

    fn heard(worker: publisher::Worker) -> Self {
        let connection = worker.connection;
        Self {
            id: worker.id,
            name: worker.name,
            build: worker.build,
            address: connection.and_then(|connection| connection.address).map(|address| address.ip().to_string()),
            url: connection.map(|_| worker.url),
            connected: connection.is_some(),
            last_seen: worker.last_seen,
            running: worker.running,
            refused: worker.refused.map(|refusal| refusal.issues),
            warnings: worker.warnings,
            report: worker.report,
        }
    }

    /// Where it is on its way to `generation`.
    pub(crate) fn standing(&self, generation: u64) -> Standing {
        if !self.connected {
            Standing::Offline
        } else if self.refused.is_some() {
            Standing::Refused
        } else if self.running.generation == generation {
            Standing::Current
        } else {
            Standing::Pending
        }
    }
}

//! A worker's side of the conversations, which remembers what was put in force instead of serving it.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use ferrogw_config::{Issue, Secret, Severity};
use ferrogw_control_plane::store::IssuedKey;
use ferrogw_data_plane::snapshot::Keys;
use ferrogw_data_plane::sync::{Change, Follower, Identity, Report};
use ferrogw_data_plane::usage::Gauge;
use ferrogw_data_plane::worker_dir::WorkerDir;
use ferrogw_proto::Link;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Duration, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::control::TOKEN;

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// What was put in force on a worker.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    /// Every generation, in order.
    pub(crate) generations: Vec<u64>,
    /// Whether it was told that there is no configuration, and whether there ever was one.
    pub(crate) unconfigured: Option<bool>,
    /// Its keys.
    pub(crate) keys: Option<Arc<Keys>>,
    /// How often its key table changed.
    pub(crate) tables: usize,
}

impl Seen {
    pub(crate) fn admits(&self, key: &IssuedKey) -> bool {
        use sha2::Digest as _;
        let digest = sha2::Sha256::digest(key.secret.expose()).into();
        self.keys.as_ref().is_some_and(|keys| keys.find(&digest).is_some_and(|found| found.id == key.key.id))
    }

    pub(crate) fn key_count(&self) -> usize {
        self.keys.as_ref().map_or(0, |keys| keys.len())
    }
}

pub(crate) struct Worker {
    pub(crate) id: Uuid,
    pub(crate) seen: watch::Receiver<Seen>,
    shutdown: CancellationToken,
    following: JoinHandle<()>,
}

impl Worker {
    /// One that takes everything.
    pub(crate) fn start(data: &Path, link: Link) -> Self {
        Self::refusing(data, link, "nothing")
    }

    /// One that refuses configurations with the alias `refused`.
    pub(crate) fn refusing(data: &Path, link: Link, refused: &'static str) -> Self {
        Self::with_token(data, link, refused, TOKEN)
    }

    pub(crate) fn with_token(data: &Path, link: Link, refused: &'static str, token: &str) -> Self {
        let (sender, seen) = watch::channel(Seen::default());
        let apply = Arc::new(move |change| put_in_force(&sender, refused, change));
        let identity = Identity {
            name: "tester".to_owned(),
            build: "0.0.0".to_owned(),
            started: SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000),
            advertise_url: String::new(),
            port: 8080,
        };
        let dir = Arc::new(WorkerDir::claim(data).unwrap());
        let report = Arc::new(|| Report { requests_in_flight: 7, ..Report::default() });
        let way = (link, &Secret::new(token.to_owned()));
        let id = dir.id();
        let follower = Follower::new(identity, way, dir, apply, report, Arc::<Gauge>::default()).unwrap();
        follower.boot();
        let shutdown = CancellationToken::new();
        let following = tokio::spawn(follower.run(shutdown.clone()));
        Self { id, seen, shutdown, following }
    }

    /// Waits until it is so.
    pub(crate) async fn until(&self, what: &str, so: impl FnMut(&Seen) -> bool) -> Seen {
        let mut seen = self.seen.clone();
        let found = timeout(PATIENCE, seen.wait_for(so)).await;
        found.unwrap_or_else(|_| panic!("not within {PATIENCE:?}: {what}; seen {:?}", self.seen.borrow())).unwrap().clone()
    }

    pub(crate) async fn runs(&self, generation: u64) -> Seen {
        self.until(&format!("generation {generation}"), |seen| seen.generations.last() == Some(&generation)).await
    }

    pub(crate) async fn stop(self) {
        self.shutdown.cancel();
        self.following.await.unwrap();
    }
}

fn put_in_force(sender: &watch::Sender<Seen>, refused: &str, change: Change) -> Result<Vec<Issue>, Vec<Issue>> {
    match change {
        Change::Configuration { checked, .. } if checked.config().aliases.contains_key(refused) => {
            return Err(vec![issue(Severity::Error, "FERROGW_TEST_KEY is not set on this worker")]);
        }
        Change::Configuration { generation, .. } => sender.send_modify(|seen| {
            seen.generations.push(generation);
            seen.unconfigured = None;
        }),
        Change::Unconfigured { generation } => sender.send_modify(|seen| seen.unconfigured = Some(generation > 0)),
        Change::Keys { keys, .. } => sender.send_modify(|seen| {
            seen.keys = Some(keys);
            seen.tables += 1;
        }),
    }
    Ok(vec![issue(Severity::Warning, "OPENAI_API_KEY is not set here")])
}

fn issue(severity: Severity, message: &str) -> Issue {
    Issue { severity, path: "targets[0]".into(), line: None, column: None, message: message.into(), hint: String::new() }
}

//! A control plane without its admin API, which can go away and come back at the same place.

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};

use ferrogw_config::{Document, Secret, Syntax};
use ferrogw_control_plane::grpc::{self, JoinTokens, Services};
use ferrogw_control_plane::metrics::Metrics;
use ferrogw_control_plane::publisher::{Publisher, Roster, Worker};
use ferrogw_control_plane::store::{Action, Actor, Areas, Backend, Draft, IssuedKey, NewKey, Scope, SqliteFile, Store};
use ferrogw_data_plane::environment::Environment;
use ferrogw_data_plane::sync::connect;
use ferrogw_proto::{Link, link};
use ferrogw_tests::eventually;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tonic::Status;
use tonic::service::Routes;
use tower::{ServiceExt, service_fn};

use crate::Via;

pub(crate) const TOKEN: &str = "a join token of the tests";

/// A control plane.
pub(crate) struct Control {
    pub(crate) store: Store,
    pub(crate) roster: Roster,
    place: Place,
    running: Option<Running>,
}

/// Where workers find it, whether it is there or not.
enum Place {
    Process(Arc<Mutex<Option<Routes>>>),
    Network(TcpListener),
}

struct Running {
    shutdown: CancellationToken,
    tasks: JoinSet<()>,
}

impl Control {
    /// One whose store is in memory.
    pub(crate) async fn start(via: Via) -> Self {
        Self::with(via, &Areas::all_in(Backend::Memory)).await
    }

    /// One that keeps no request log.
    pub(crate) async fn without_log(via: Via) -> Self {
        Self::with(via, &Areas { logs: None, ..Areas::all_in(Backend::Memory) }).await
    }

    /// One whose store is a file.
    pub(crate) async fn on_file(via: Via, path: &std::path::Path) -> Self {
        Self::with(via, &Areas::all_in(Backend::Sqlite(SqliteFile { path: path.to_owned() }))).await
    }

    async fn with(via: Via, areas: &Areas) -> Self {
        let store = Store::open(areas).await.unwrap();
        let place = match via {
            Via::Process => Place::Process(Arc::default()),
            Via::Network => {
                let listener = TcpListener::bind("127.0.0.1:0").unwrap();
                listener.set_nonblocking(true).unwrap();
                Place::Network(listener)
            }
        };
        let mut control = Self { roster: Roster::new(store.clone()), store, place, running: None };
        control.come_back();
        control
    }

    /// Starts serving, as a new process would: with nothing in memory.
    pub(crate) fn come_back(&mut self) {
        let shutdown = CancellationToken::new();
        let publisher = Publisher::new(self.store.clone());
        self.roster = Roster::new(self.store.clone());
        let routes = Services {
            store: self.store.clone(),
            publisher: publisher.clone(),
            roster: self.roster.clone(),
            metrics: Metrics::default(),
            tokens: JoinTokens::new([&Secret::new(TOKEN.to_owned())]),
            shutdown: shutdown.clone(),
        }
        .routes();
        let mut tasks = JoinSet::new();
        tasks.spawn(publisher.run(shutdown.clone()));
        tasks.spawn(self.roster.clone().run(shutdown.clone()));
        match &self.place {
            Place::Process(current) => *current.lock().unwrap() = Some(routes),
            Place::Network(listener) => {
                let listener = tokio::net::TcpListener::from_std(listener.try_clone().unwrap()).unwrap();
                let serving = grpc::serve(routes, listener, shutdown.clone());
                tasks.spawn(async move { serving.await.unwrap() });
            }
        }
        self.running = Some(Running { shutdown, tasks });
    }

    /// Stops serving; returns when everything has ended, open streams included.
    pub(crate) async fn go_away(&mut self) {
        let Some(Running { shutdown, tasks }) = self.running.take() else { return };
        if let Place::Process(current) = &self.place {
            *current.lock().unwrap() = None;
        }
        shutdown.cancel();
        tasks.join_all().await;
    }

    /// The way to it.
    pub(crate) fn link(&self) -> Link {
        match &self.place {
            Place::Process(current) => {
                let current = Arc::clone(current);
                link(service_fn(move |call: http::Request<tonic::body::Body>| {
                    let routes = current.lock().unwrap_or_else(PoisonError::into_inner).clone();
                    async move {
                        let routes = routes.ok_or_else(|| Status::unavailable("nobody is there"))?;
                        Ok::<_, Status>(routes.oneshot(call).await.unwrap_or_else(|never| match never {}))
                    }
                }))
            }
            Place::Network(listener) => {
                let address: SocketAddr = listener.local_addr().unwrap();
                connect(&format!("http://{address}"), &Environment::default()).unwrap()
            }
        }
    }

    /// Puts the configuration `name` in force; its generation.
    pub(crate) async fn activate(&self, name: &str) -> u64 {
        self.activate_document(Some(configuration(name))).await
    }

    pub(crate) async fn activate_document(&self, document: Option<Document>) -> u64 {
        let draft = Draft { document, action: Action::Update, note: String::new() };
        self.store.activate(draft, None, &Actor::system()).await.unwrap().generation
    }

    pub(crate) async fn create_key(&self) -> IssuedKey {
        let new = NewKey { name: "a key".to_owned(), scopes: Scope::Inference.into(), expires_at: None };
        self.store.create_key(new, &Actor::system()).await.unwrap()
    }

    /// Waits until the roster shows a worker so.
    pub(crate) async fn sees(&self, what: &str, so: impl Fn(&Worker) -> bool) -> Worker {
        eventually(what, async || self.roster.snapshot().into_iter().find(|worker| so(worker))).await
    }

    /// Requests and nano-dollars in the log, over all keys.
    pub(crate) async fn account(&self) -> (u64, i64) {
        let keys = self.store.key_usage().await.unwrap();
        keys.values().fold((0, 0), |(requests, nanos), key| (requests + key.requests, nanos + key.cost_nanos))
    }

    /// Waits until the log holds so many requests.
    pub(crate) async fn has_logged(&self, requests: u64) {
        let logged = async || Some(self.account().await.0).filter(|logged| *logged >= requests);
        eventually(&format!("{requests} requests in the log"), logged).await;
    }
}

/// A configuration that checks, and by its alias says what it is.
pub(crate) fn configuration(name: &str) -> Document {
    let text = format!("strategy: {{mode: single}}\ntargets: [{{virtual_key: openai}}]\naliases: {{{name}: gpt-4o-mini}}\n");
    ferrogw_config::read::read(&text, Syntax::Yaml).unwrap().document()
}

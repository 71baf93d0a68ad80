//! A worker that runs, and the control plane that it hears.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use clap::Parser;
use ferrogw_config::{Secret, Syntax, read};
use ferrogw_data_plane::environment::Environment;
use ferrogw_data_plane::settings::Settings;
use ferrogw_data_plane::{DataPlane, StartError, Uplink};
use ferrogw_proto::sync::sync_server::{Sync, SyncServer};
use ferrogw_proto::sync::update::Change;
use ferrogw_proto::sync::{Activation, FollowRequest, Key, KeyChanges, Scope, Unconfigured, Update};
use futures::stream::BoxStream;
use futures::{StreamExt as _, stream};
use http::{HeaderMap, Method, Request};
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};
use tonic::{Response, Status, Streaming};

/// Keys of the three scopes.
pub(crate) const INFERENCE: &str = "sk-ferro-inference";
pub(crate) const READ_ONLY: &str = "sk-ferro-read-only";

/// A control plane that says what it was told to say, and nothing more.
struct Scripted(Vec<Change>);

#[tonic::async_trait]
impl Sync for Scripted {
    type FollowStream = BoxStream<'static, Result<Update, Status>>;

    async fn follow(&self, heard: tonic::Request<Streaming<FollowRequest>>) -> Result<Response<Self::FollowStream>, Status> {
        let updates = self.0.clone().into_iter().zip(1..).map(|(change, nonce)| Ok(Update { nonce, change: Some(change) }));
        // Answers and reports are taken and thrown away for as long as the stream lasts.
        let listening = heard.into_inner().filter_map(|_| async { None });
        Ok(Response::new(stream::iter(updates.collect::<Vec<_>>()).chain(listening).boxed()))
    }
}

/// A store that never held a configuration.
pub(crate) fn nothing() -> Change {
    Change::Unconfigured(Unconfigured::default())
}

/// A store whose configuration was deleted.
pub(crate) fn deleted() -> Change {
    Change::Unconfigured(Unconfigured { generation: 3 })
}

/// A configuration.
pub(crate) fn configuration(yaml: &str) -> Change {
    let document = read::read(yaml, Syntax::Yaml).unwrap_or_else(|issues| panic!("{issues:?}")).document();
    let (digest, format) = (document.digest().0.to_vec().into(), document.format());
    let document = document.bytes().to_vec().into();
    Change::Activation(Activation { generation: 1, version: "v".into(), format, digest, document })
}

/// The whole key table.
pub(crate) fn keys() -> Change {
    let key = |secret: &str, scope: Scope| Key {
        digest: Sha256::digest(secret).to_vec().into(),
        id: vec![7; 16].into(),
        expires_at_unix: 0,
        scopes: vec![scope.into()],
    };
    let upserts = vec![key(INFERENCE, Scope::Inference), key(READ_ONLY, Scope::ReadOnly)];
    Change::Keys(KeyChanges { from: 0, to: 2, more: false, upserts, removed: Vec::new() })
}

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    settings: Settings,
}

/// How a worker is started.
#[derive(Default)]
pub(crate) struct Start {
    pub(crate) arguments: &'static [&'static str],
    pub(crate) environment: Environment,
    pub(crate) admin: Option<Router>,
    pub(crate) metrics: bool,
}

/// A running worker; it ends with the test.
pub(crate) struct Worker {
    door: Door,
    pub(crate) metrics: Option<SocketAddr>,
    stop: DropGuard,
    ended: JoinHandle<Result<(), StartError>>,
    folder: tempfile::TempDir,
}

impl std::ops::Deref for Worker {
    type Target = Door;

    fn deref(&self) -> &Door {
        &self.door
    }
}

/// An address at which it answers.
pub(crate) struct Door {
    address: SocketAddr,
    client: Client<HttpConnector, Body>,
}

impl Worker {
    /// A worker that hears `script`, started with nothing special.
    pub(crate) async fn hearing(script: Vec<Change>) -> Self {
        Self::start(script, Start::default()).await
    }

    pub(crate) async fn start(script: Vec<Change>, start: Start) -> Self {
        Self::start_in(tempfile::tempdir().expect("a temporary folder"), script, start).await
    }

    /// Ends the worker in order, and starts another one in its folder.
    pub(crate) async fn restart(self, script: Vec<Change>, start: Start) -> Self {
        let Self { stop, ended, folder, .. } = self;
        drop(stop);
        ended.await.expect("no panic").expect("a good end");
        Self::start_in(folder, script, start).await
    }

    /// Tells the worker to end; its address, and its end.
    pub(crate) fn end(self) -> (Door, impl Future<Output = ()>) {
        let Self { door, stop, ended, folder, .. } = self;
        drop(stop);
        let ended = async move {
            ended.await.expect("no panic").expect("a good end");
            drop(folder);
        };
        (door, ended)
    }

    async fn start_in(folder: tempfile::TempDir, script: Vec<Change>, start: Start) -> Self {
        let arguments = ["worker", "--port=0", "--cores=2"].iter().chain(start.arguments);
        let settings = Settings {
            data_dir: folder.path().to_owned(),
            metrics_addr: start.metrics.then(|| SocketAddr::from(([127, 0, 0, 1], 0))),
            ..Command::parse_from(arguments).settings
        };
        let uplink = Uplink { link: ferrogw_proto::link(SyncServer::new(Scripted(script))), token: Secret::new("token".into()) };
        let worker = DataPlane::build(settings, start.environment, uplink, start.admin, None).await.expect("the worker starts");
        let (port, metrics, stop) = (worker.address().port(), worker.metrics_address(), CancellationToken::new());
        let ended = tokio::spawn(worker.run(stop.clone()));
        Self { door: Door::at(([127, 0, 0, 1], port).into()), metrics, stop: stop.drop_guard(), ended, folder }
    }
}

impl Door {
    pub(crate) fn at(address: SocketAddr) -> Self {
        Self { address, client: Client::builder(TokioExecutor::new()).build_http() }
    }

    /// The same address, without a connection to it.
    pub(crate) fn afresh(&self) -> Self {
        Self::at(self.address)
    }

    /// Asks, with headers in the form `name: value`.
    pub(crate) async fn ask(&self, method: &str, path: &str, headers: &[&str], body: impl Into<Body>) -> Answer {
        let method: Method = method.parse().expect("a method");
        let mut request = Request::builder().method(method).uri(format!("http://{}{path}", self.address));
        for header in headers {
            let (name, value) = header.split_once(": ").expect("name: value");
            request = request.header(name, value);
        }
        let request = request.body(body.into()).expect("a request");
        let (head, body) = self.client.request(request).await.expect("an answer").into_parts();
        let body = body.collect().await.expect("a whole answer").to_bytes();
        Answer { status: head.status.as_u16(), headers: head.headers, body: String::from_utf8(body.to_vec()).expect("text") }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], "").await
    }

    /// Posts with the key for inference.
    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask("POST", path, &[&bearer(INFERENCE)], body.to_string()).await
    }

    /// Waits until `/readyz` says `expected`, a status and a reason.
    pub(crate) async fn stands(&self, expected: (u16, &str)) {
        let mut last = Answer::default();
        let reached = async {
            loop {
                last = self.get("/readyz").await;
                if (last.status, last.json()["reason"].as_str().unwrap_or_default()) == expected {
                    return;
                }
            }
        };
        let reached = tokio::time::timeout(Duration::from_secs(10), reached).await;
        assert!(reached.is_ok(), "{expected:?} is not reached: {last:?}");
    }
}

/// An answer, read to its end.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// Status and code of a refusal, which is in OpenAI's envelope.
    pub(crate) fn refusal(&self) -> (u16, String) {
        let error = &self.json()["error"];
        for member in ["message", "type", "param", "code"] {
            assert!(error.get(member).is_some(), "no {member} in {}", self.body);
        }
        (self.status, error["code"].as_str().unwrap_or_default().to_owned())
    }
}

pub(crate) fn bearer(key: &str) -> String {
    format!("authorization: Bearer {key}")
}

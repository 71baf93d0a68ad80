//! One core of a worker, without its listener: requests go in as values, answers and records come out.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use ferrogw_config::{Issue, Syntax, read};
use ferrogw_data_plane::environment::Environment;
use ferrogw_data_plane::plane::{Core, Plane};
use ferrogw_data_plane::record::Record;
use ferrogw_data_plane::serve::serve;
use ferrogw_data_plane::snapshot::keys::{Changes, Key, Keys, Scopes};
use ferrogw_data_plane::snapshot::{Compiled, Snapshot};
use ferrogw_data_plane::usage::{SpoolLimits, Usage};
use ferrogw_data_plane::worker_dir::WorkerDir;
use ferrogw_llm::Operation;
use http::{HeaderMap, Request, Response};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use tokio::time::timeout;
use uuid::Uuid;

use crate::provider::Provider;

/// The key that tests ask with.
pub(crate) const KEY: &str = "sk-ferro-test";

/// One core of a worker.
pub(crate) struct Gateway {
    pub(crate) core: Arc<Core>,
    records: mpsc::UnboundedReceiver<Record>,
    _usage: Usage,
    _dir: tempfile::TempDir,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Told {
    pub(crate) async fn of(response: Response<Body>) -> Self {
        let (head, body) = response.into_parts();
        let body = timeout(Duration::from_secs(5), body.collect()).await.expect("the answer ends").expect("no error").to_bytes();
        let body = String::from_utf8(body.to_vec()).expect("UTF-8");
        Self { status: head.status.as_u16(), headers: head.headers, body }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    /// Status, type and code of a rejection.
    pub(crate) fn refusal(&self) -> (u16, String, String) {
        let error = &self.json()["error"];
        let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
        assert!(error.get("message").is_some() && error.get("param").is_some(), "all four members: {}", self.body);
        (self.status, text("type"), text("code"))
    }

    /// The data of a stream's frames.
    pub(crate) fn frames(&self) -> Vec<&str> {
        self.body.split_terminator("\n\n").map(|frame| frame.strip_prefix("data: ").expect("a data line")).collect()
    }
}

impl Gateway {
    /// A gateway under `config`, whose only key may infer.
    pub(crate) async fn start(config: &str) -> Self {
        Self::unconfigured().await.serving(config)
    }

    /// This gateway under `config`, with a key that may infer.
    pub(crate) fn serving(self, config: &str) -> Self {
        let compiled = self.compile(config).unwrap_or_else(|issues| panic!("{issues:?}"));
        self.configure(compiled);
        self.admit(KEY, Scopes::INFERENCE, None);
        self
    }

    /// A gateway without a configuration and without keys.
    pub(crate) async fn unconfigured() -> Self {
        Self::with_environment(&[("TEST_KEY", "sk-provider-secret")]).await
    }

    /// The same with other variables.
    pub(crate) async fn with_environment(variables: &[(&str, &str)]) -> Self {
        let environment = Environment::from_iter(variables.iter().copied());
        let plane = Arc::new(Plane::new(environment, Snapshot::unconfigured()).expect("trust"));
        let dir = tempfile::tempdir().expect("a temporary directory");
        let (sender, records) = mpsc::unbounded_channel();
        let observe = Arc::new(move |record: &Record| drop(sender.send(record.clone())));
        let worker_dir = Arc::new(WorkerDir::claim(dir.path()).expect("a directory"));
        let mut usage = Usage::start(worker_dir, SpoolLimits::default(), 1, observe).expect("a thread");
        let recorder = usage.recorders.pop().expect("one core");
        Self { core: Arc::new(Core::new(plane, recorder)), records, _usage: usage, _dir: dir }
    }

    pub(crate) fn compile(&self, config: &str) -> Result<Compiled, Vec<Issue>> {
        let checked = read::read(config, Syntax::Yaml).unwrap_or_else(|issues| panic!("{issues:?}"));
        Snapshot::compile(&checked, &self.core.plane.environment, &self.core.plane.vitals)
    }

    pub(crate) fn configure(&self, compiled: Compiled) {
        let live = &self.core.plane.live;
        live.store(live.load().with_routes(1, compiled.routes));
    }

    /// Adds a key.
    pub(crate) fn admit(&self, secret: &str, scopes: Scopes, expires_at: Option<i64>) {
        let key = Key { id: Uuid::from_u128(7), expires_at, scopes };
        self.change_keys(&Changes { upserts: vec![(digest(secret), key)], removed: Vec::new() });
    }

    /// Takes a key away.
    pub(crate) fn revoke(&self, secret: &str) {
        self.change_keys(&Changes { upserts: Vec::new(), removed: vec![digest(secret)] });
    }

    fn change_keys(&self, changes: &Changes) {
        let live = &self.core.plane.live;
        let (keys, revision) = (Keys::clone(&live.load().keys).apply(changes), live.load().key_revision + 1);
        live.store(live.load().with_keys(Arc::new(keys), revision));
    }

    /// Sends a request as it is and hands out the answer unread.
    pub(crate) async fn send(&self, operation: Operation, request: Request<Body>) -> Response<Body> {
        let serving = serve(Arc::clone(&self.core), operation, request);
        timeout(Duration::from_secs(5), serving).await.expect("the gateway answers")
    }

    /// Posts a body with the right key.
    pub(crate) async fn post(&self, operation: Operation, body: impl Into<Bytes>) -> Told {
        Told::of(self.send(operation, post(body)).await).await
    }

    /// Asks for a chat.
    pub(crate) async fn chat(&self, body: &Value) -> Told {
        self.post(Operation::Chat, body.to_string()).await
    }

    /// The account of the next request that ended.
    pub(crate) async fn record(&mut self) -> Record {
        timeout(Duration::from_secs(5), self.records.recv()).await.expect("the request is recorded").expect("a writer")
    }

    /// Whether everything that was recorded has been looked at.
    pub(crate) fn has_no_other_record(&mut self) -> bool {
        self.records.try_recv().is_err()
    }
}

fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}

/// A request with the right key.
pub(crate) fn post(body: impl Into<Bytes>) -> Request<Body> {
    let request = Request::post("/").header("authorization", format!("Bearer {KEY}"));
    request.body(Body::from(body.into())).expect("a request")
}

/// A request for a chat with the model `m`.
pub(crate) fn hello() -> Value {
    json!({"model": "m", "messages": [{"role": "user", "content": "Hello"}]})
}

/// The same, streamed.
pub(crate) fn streamed_hello() -> Value {
    json!({"model": "m", "stream": true, "messages": [{"role": "user", "content": "Hello"}]})
}

/// An answer of the OpenAI wire.
pub(crate) const HI: &str = concat!(
    r#"{"id":"c1","object":"chat.completion","created":1,"model":"vendor-m","#,
    r#""choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"#,
    r#""usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}"#
);

/// Chunks of the OpenAI wire.
pub(crate) const ROLE: &str =
    r#"{"id":"c1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant"},"finish_reason":null}]}"#;
pub(crate) const TEXT: &str =
    r#"{"id":"c1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}"#;
pub(crate) const MORE: &str =
    r#"{"id":"c1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":" there"},"finish_reason":null}]}"#;
pub(crate) const STOP: &str =
    r#"{"id":"c1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#;
pub(crate) const USAGE: &str = r#"{"id":"c1","object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}"#;

/// A target called `name` at `provider`, with further members of its own.
pub(crate) fn target(name: &str, provider: &Provider, more: &str) -> String {
    let models = if more.contains("models:") { "" } else { "models: [m], " };
    let port = provider.port;
    format!(
        "  - {{name: {name}, provider: openai, base_url: \"http://127.0.0.1:{port}/v1\", api_key: \"${{TEST_KEY}}\", {models}{more}}}\n"
    )
}

/// A configuration of one target.
pub(crate) fn single(provider: &Provider, more: &str) -> String {
    format!("targets:\n{}", target("a", provider, more))
}

/// A configuration that falls back from `a` to `b`.
pub(crate) fn fallback(a: &Provider, b: &Provider, more_of_a: &str) -> String {
    format!("strategy: {{mode: fallback}}\ntargets:\n{}{}", target("a", a, more_of_a), target("b", b, ""))
}

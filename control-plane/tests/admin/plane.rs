//! A control plane of a test's own, and a way to call it.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, Response, StatusCode};
use ferrogw_config::Secret;
use ferrogw_control_plane::settings::Stores;
use ferrogw_control_plane::store::Store;
use ferrogw_control_plane::{ControlPlane, Settings};
use sea_orm::{ConnectionTrait as _, Database};
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt as _;
use uuid::Uuid;

pub(crate) const MASTER_KEY: &str = "the break-glass key of the admin suite";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Memory,
    Sqlite,
    Postgres,
}

/// Where a control plane keeps its state, and how it is set up.
pub(crate) struct Home {
    pub(crate) folder: TempDir,
    pub(crate) settings: Settings,
}

pub(crate) struct Plane {
    pub(crate) control: ControlPlane,
    router: Router,
}

impl Home {
    /// `None`: this database is not there to be tested on.
    pub(crate) async fn new(kind: Kind) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (backend, dsn) = match kind {
            Kind::Memory => ("memory", None),
            Kind::Sqlite => ("sqlite", None),
            Kind::Postgres => ("postgres", Some(Secret::new(postgres_database().await?))),
        };
        let backend = Some(backend.to_owned());
        let stores = Stores {
            config_store_backend: backend.clone(),
            config_store_dsn: dsn.clone(),
            api_key_store_backend: backend.clone(),
            api_key_store_dsn: dsn.clone(),
            request_log_store_backend: backend,
            request_log_store_dsn: dsn,
            ..Stores::default()
        };
        let mut settings = Settings { stores, data_dir: folder.path().join("data"), ..Settings::default() };
        settings.access.master_key = Some(Secret::new(MASTER_KEY.to_owned()));
        Some(Self { folder, settings })
    }

    pub(crate) async fn start(&self) -> Plane {
        Plane::of(ControlPlane::build(self.settings.clone()).await.expect("the control plane starts"))
    }

    /// Names a configuration file.
    pub(crate) fn with_file(mut self, text: &str) -> Self {
        let path = self.folder.path().join("gateway.yaml");
        std::fs::write(&path, text).expect("the file is written");
        self.settings.gateway_config = Some(path);
        self
    }
}

#[expect(clippy::print_stderr, reason = "a test that does not run has to say so")]
async fn postgres_database() -> Option<String> {
    let Some(server) = std::env::var("FERROGW_TEST_POSTGRES").ok().filter(|url| !url.is_empty()) else {
        let required = std::env::var("FERROGW_TEST_REQUIRE_POSTGRES").is_ok_and(|value| value == "1");
        assert!(!required, "FERROGW_TEST_POSTGRES is not set; it names a PostgreSQL server to test on");
        eprintln!("skipped on PostgreSQL: FERROGW_TEST_POSTGRES is not set");
        return None;
    };
    let name = format!("test_{}", Uuid::now_v7().simple());
    let connection = Database::connect(&server).await.expect("PostgreSQL answers");
    connection.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a database can be made");
    connection.close().await.expect("the connection closes");
    let (address, _) = server.rsplit_once('/').expect("the address names a database");
    Some(format!("{address}/{name}"))
}

impl Plane {
    pub(crate) fn of(control: ControlPlane) -> Self {
        let router = control.admin_router();
        Self { control, router }
    }

    pub(crate) fn store(&self) -> &Store {
        &self.control.app().store
    }

    /// A call with the master key; `Call::by` and `Call::anonymous` change that.
    pub(crate) fn call(&self, method: Method, path: &str) -> Call<'_> {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).expect("a good request");
        Call { plane: self, request }.by(MASTER_KEY)
    }

    pub(crate) fn get(&self, path: &str) -> Call<'_> {
        self.call(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &str) -> Call<'_> {
        self.call(Method::POST, path)
    }

    pub(crate) fn put(&self, path: &str) -> Call<'_> {
        self.call(Method::PUT, path)
    }

    pub(crate) fn delete(&self, path: &str) -> Call<'_> {
        self.call(Method::DELETE, path)
    }

    /// Makes a key with these scopes.
    pub(crate) async fn key(&self, name: &str, scopes: &[&str]) -> Made {
        let body = serde_json::json!({ "name": name, "scopes": scopes });
        let made = self.post("/admin/keys").json(&body).await.expect(StatusCode::CREATED);
        let text = |member: &str| made.body[member].as_str().expect("a made key says its id and its secret").to_owned();
        Made { id: text("id"), secret: text("key") }
    }

    /// Puts a configuration with these targets in force and gives its version.
    pub(crate) async fn configure(&self, targets: &[&str]) -> u64 {
        let written = self.put("/admin/config").json(&config(targets)).await.expect(StatusCode::OK);
        written.body["version"].as_u64().expect("a written configuration has a version")
    }

    /// Actions and outcomes of the newest audit entries, newest first.
    pub(crate) async fn audited(&self) -> Vec<(String, String)> {
        let trail = self.get("/admin/audit").send().await.expect(StatusCode::OK);
        let text = |entry: &Value, member: &str| entry[member].as_str().unwrap_or_default().to_owned();
        let entries = trail.body["data"].as_array().expect("entries");
        entries.iter().map(|entry| (text(entry, "action"), text(entry, "outcome"))).collect()
    }
}

/// A configuration with these targets.
pub(crate) fn config(targets: &[&str]) -> Value {
    let targets: Vec<Value> = targets.iter().map(|target| serde_json::json!({ "virtual_key": target })).collect();
    serde_json::json!({ "strategy": { "mode": "fallback" }, "targets": targets })
}

/// A key that was made.
pub(crate) struct Made {
    pub(crate) id: String,
    pub(crate) secret: String,
}

/// A call that is not made yet.
pub(crate) struct Call<'a> {
    plane: &'a Plane,
    request: Request<Body>,
}

impl Call<'_> {
    pub(crate) fn by(self, secret: &str) -> Self {
        self.header("authorization", &format!("Bearer {secret}"))
    }

    /// From another address than the suite's.
    pub(crate) fn from(mut self, address: &str) -> Self {
        let peer = SocketAddr::new(address.parse().expect("an address"), 4321);
        self.request.extensions_mut().insert(ConnectInfo(peer));
        self
    }

    pub(crate) fn anonymous(mut self) -> Self {
        self.request.headers_mut().remove("authorization");
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.request.headers_mut().insert(name, value.parse().expect("a header value"));
        self
    }

    pub(crate) fn text(mut self, body: impl Into<Body>) -> Self {
        *self.request.body_mut() = body.into();
        self
    }

    pub(crate) async fn json(self, body: &Value) -> Answer {
        self.text(body.to_string()).send().await
    }

    /// The answer as it comes.
    pub(crate) async fn raw(mut self) -> Response<Body> {
        let peer = ConnectInfo(SocketAddr::from(([192, 0, 2, 7], 4321)));
        self.request.extensions_mut().get_or_insert(peer);
        self.plane.router.clone().oneshot(self.request).await.expect("the router answers")
    }

    pub(crate) async fn send(self) -> Answer {
        let (parts, bytes) = self.receive().await;
        let is_page = parts.headers.get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        let body = match bytes.as_ref() {
            [] => Value::Null,
            text if is_page => String::from_utf8_lossy(text).into(),
            json => serde_json::from_slice(json).expect("every body but a page is JSON"),
        };
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// The status and the body of an answer that is not JSON.
    pub(crate) async fn text_of(self) -> (StatusCode, String) {
        let (parts, bytes) = self.receive().await;
        (parts.status, String::from_utf8(bytes.into()).expect("a text"))
    }

    async fn receive(self) -> (axum::http::response::Parts, axum::body::Bytes) {
        let (parts, body) = self.raw().await.into_parts();
        (parts, axum::body::to_bytes(body, usize::MAX).await.expect("a whole body"))
    }
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    /// This answer, which has to have this status.
    #[track_caller]
    pub(crate) fn expect(self, status: StatusCode) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// The status and the error's code.
    pub(crate) fn refusal(&self) -> (u16, &str) {
        (self.status.as_u16(), self.body["error"]["code"].as_str().unwrap_or("no code"))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a text header"))
    }
}

/// Runs each case on memory, SQLite and PostgreSQL.
macro_rules! on_every_database {
    ($(async fn $name:ident($plane:ident: &Plane) $body:block)*) => {
        $(mod $name {
            use super::*;

            async fn case($plane: &Plane) $body

            async fn run(kind: $crate::plane::Kind) {
                if let Some(home) = $crate::plane::Home::new(kind).await {
                    case(&home.start().await).await;
                }
            }

            #[tokio::test]
            async fn in_memory() {
                run($crate::plane::Kind::Memory).await;
            }

            #[tokio::test]
            async fn on_sqlite() {
                run($crate::plane::Kind::Sqlite).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                run($crate::plane::Kind::Postgres).await;
            }
        })*
    };
}

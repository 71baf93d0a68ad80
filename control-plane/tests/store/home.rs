//! Where a test's stores live, and small things that many tests need.

use std::path::Path;

use ferrogw_config::Document;
use ferrogw_control_plane::store::{Action, Actor, Areas, Backend, Draft, NewKey, Scope, Store};
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection};
use tempfile::TempDir;
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Memory,
    Sqlite,
    Postgres,
}

/// A database of a test's own.
pub(crate) struct Home {
    pub(crate) kind: Kind,
    pub(crate) backend: Backend,
    pub(crate) url: String,
    /// Holds a SQLite file.
    pub(crate) folder: TempDir,
}

impl Home {
    /// `None`: this database is not there to be tested on.
    pub(crate) async fn new(kind: Kind) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("ferrogw.db");
        let (name, url) = match kind {
            Kind::Memory => ("memory", String::new()),
            Kind::Sqlite => ("sqlite", format!("sqlite://{}", file.display())),
            Kind::Postgres => ("postgres", new_postgres_database(&postgres("FERROGW_TEST_POSTGRES")?).await),
        };
        let backend = Backend::parse(Some(name), Some(&url), Path::new("unused")).expect("a good backend");
        Some(Self { kind, backend, url, folder })
    }

    /// Opens a store; on SQLite and PostgreSQL each is another replica over the same database.
    pub(crate) async fn store(&self) -> Store {
        Store::open(&Areas::all_in(self.backend.clone())).await.expect("the store opens")
    }

    /// Two replicas, or on memory the one store twice.
    pub(crate) async fn replicas(&self) -> (Store, Store) {
        let first = self.store().await;
        let second = if self.kind == Kind::Memory { first.clone() } else { self.store().await };
        (first, second)
    }

    /// The database itself, past the store; not for memory.
    pub(crate) async fn raw(&self) -> DatabaseConnection {
        Database::connect(&self.url).await.expect("the database is there")
    }

    pub(crate) async fn execute(&self, statement: &str) {
        self.raw().await.execute_unprepared(statement).await.expect("the statement is good");
    }
}

/// The server that `variable` names.
#[expect(clippy::print_stderr, reason = "whoever runs the tests has to see what was not run")]
pub(crate) fn postgres(variable: &str) -> Option<String> {
    let server = std::env::var(variable).ok().filter(|url| !url.is_empty());
    if server.is_none() {
        let required = std::env::var("FERROGW_TEST_REQUIRE_POSTGRES").is_ok_and(|value| value == "1");
        assert!(
            !required,
            "{variable} is not set; start PostgreSQL with tests/setup/postgres.sh start DIR and export what it prints"
        );
        eprintln!("skipped on PostgreSQL: {variable} is not set");
    }
    server
}

/// Makes a database and gives its address.
pub(crate) async fn new_postgres_database(server: &str) -> String {
    let name = format!("test_{}", Uuid::now_v7().simple());
    let connection = Database::connect(server).await.expect("PostgreSQL answers");
    connection.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a database can be made");
    connection.close().await.expect("the connection closes");
    let (address, _) = server.rsplit_once('/').expect("the address names a database");
    format!("{address}/{name}")
}

/// Runs each case on memory, SQLite and PostgreSQL.
macro_rules! on_every_database {
    ($(async fn $name:ident($home:ident: &Home) $body:block)*) => {
        on_databases! { [(in_memory, Memory), (on_sqlite, Sqlite), (on_postgres, Postgres)] $(async fn $name($home: &Home) $body)* }
    };
}

/// Runs each case on SQLite and PostgreSQL: it reopens the database, or looks into it.
macro_rules! on_lasting_databases {
    ($(async fn $name:ident($home:ident: &Home) $body:block)*) => {
        on_databases! { [(on_sqlite, Sqlite), (on_postgres, Postgres)] $(async fn $name($home: &Home) $body)* }
    };
}

macro_rules! on_databases {
    ($kinds:tt $(async fn $name:ident($home:ident: &Home) $body:block)*) => {
        $(mod $name {
            use super::*;

            async fn case($home: &Home) $body

            run_on! { $kinds }
        })*
    };
}

macro_rules! run_on {
    ([$(($test:ident, $kind:ident)),*]) => {
        $(#[tokio::test]
        async fn $test() {
            if let Some(home) = Home::new(crate::home::Kind::$kind).await {
                case(&home).await;
            }
        })*
    };
}

pub(crate) fn operator() -> Actor {
    Actor::named("master-key:0123", "master key")
}

pub(crate) fn document(content: &str) -> Document {
    Document::from_parts(1, format!("{{\"content\":\"{content}\"}}").into_bytes())
}

pub(crate) fn draft(content: &str) -> Draft {
    Draft { document: Some(document(content)), action: Action::Update, note: String::new() }
}

pub(crate) fn new_key(name: &str, scope: Scope) -> NewKey {
    NewKey { name: name.to_owned(), scopes: scope.into(), expires_at: None }
}

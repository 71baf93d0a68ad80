//! One database: how it is opened, and how its transactions begin.
//!
//! Readers and writers have pools of their own, so that neither starves the other. SQLite has exactly one writer, whose
//! transactions take the write lock at once; on PostgreSQL a transaction that decides by what it read takes an advisory lock, so
//! both run one after the other, also across processes.

use std::str::FromStr as _;
use std::time::{Duration, Instant};

use ferrogw_migration::{Area, Ledger, MigratorTraitSelf as _};
use sea_orm::sqlx::ConnectOptions as _;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sea_orm::sqlx::{self, SqlitePool};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, SqlxPostgresConnector,
    SqlxSqliteConnector, Statement, TransactionOptions, TransactionTrait as _,
};

use super::{Backend, PostgresUrl, SqliteFile, StoreError};

mod unhurried;

pub(super) use unhurried::Unhurried;

/// How long to wait for a connection: an outage is told within this time, and no request of an operator hangs on it.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);

/// How long a writer waits for another process's.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long until a file that is locked for a moment is tried again.
const RETRY_AFTER: Duration = Duration::from_millis(20);

/// Size to which a grown write-ahead log is cut back.
const JOURNAL_BYTES: &str = "67108864";

const READERS: u32 = 6;

/// How many of the readers are for questions that may take long. The others answer who calls.
const UNHURRIED: usize = 2;

const POSTGRES_WRITERS: u32 = 4;

/// A decision that must not run beside another of its kind.
#[derive(Debug, Clone, Copy)]
pub(super) enum Lock {
    Migration,
    Activation,
    Keys,
    Rollups,
}

impl Lock {
    /// The advisory lock's number: "ferrogw" in ASCII and the kind.
    fn number(self) -> i64 {
        0x6665_7272_6f67_7700 + self as i64
    }
}

/// An open database.
#[derive(Debug)]
pub(super) struct Database {
    /// For everything that only reads.
    pub(super) reader: DatabaseConnection,
    /// For what only reads and may take long.
    pub(super) unhurried: Unhurried,
    writer: DatabaseConnection,
    /// Holds a database in memory, which is gone with its last connection: a caller that stops waiting in the middle of a
    /// statement costs the pool the connection it waited on.
    _keeper: Option<SqlitePool>,
}

/// Opens a file whose journal may have to be changed first. Others that do so at the same moment are in the way, and SQLite tells that at
/// once, however long one is ready to wait.
async fn patiently(pool: SqlitePoolOptions, options: SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    let is_locked =
        |error: &sqlx::Error| error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == "5");
    let deadline = Instant::now() + BUSY_TIMEOUT;
    loop {
        match pool.clone().connect_with(options.clone()).await {
            Err(error) if is_locked(&error) && Instant::now() < deadline => tokio::time::sleep(RETRY_AFTER).await,
            opened => return opened,
        }
    }
}

impl Database {
    /// Connects, and brings the tables of `areas` up to date.
    pub(super) async fn open(backend: &Backend, areas: &[Area]) -> Result<Self, StoreError> {
        let opened = match backend {
            Backend::Memory => Self::memory().await,
            Backend::Sqlite(file) => Self::sqlite(file).await,
            Backend::Postgres(url) => Self::postgres(url).await,
        };
        let database = opened.map_err(|source| StoreError::Open { database: backend.to_string(), source })?;
        database.migrate(areas).await?;
        Ok(database)
    }

    async fn memory() -> Result<Self, Fault> {
        let options = tuned(SqliteConnectOptions::from_str("sqlite::memory:")?);
        // One connection each, never closed for being idle or old. The second one does nothing but keep the database.
        let pool = || SqlitePoolOptions::new().max_connections(1).min_connections(1).idle_timeout(None).max_lifetime(None);
        let keeper = pool().connect_with(options.clone()).await?;
        let used = pool().acquire_timeout(BUSY_TIMEOUT).connect_with(options).await?;
        let connection = SqlxSqliteConnector::from_sqlx_sqlite_pool(used);
        Ok(Self::of(connection.clone(), connection, Some(keeper)))
    }

    async fn sqlite(file: &SqliteFile) -> Result<Self, Fault> {
        file.create()?;
        let options = tuned(SqliteConnectOptions::new().filename(&file.path));
        let writing = options
            .clone()
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .pragma("journal_size_limit", JOURNAL_BYTES);
        let pool = || SqlitePoolOptions::new().test_before_acquire(false).acquire_timeout(BUSY_TIMEOUT);
        let writer = patiently(pool().max_connections(1).idle_timeout(None).max_lifetime(None), writing).await?;
        let reader = pool().max_connections(READERS).connect_with(options.read_only(true)).await?;
        let connection = SqlxSqliteConnector::from_sqlx_sqlite_pool;
        Ok(Self::of(connection(reader), connection(writer), None))
    }

    async fn postgres(url: &PostgresUrl) -> Result<Self, Fault> {
        let options = PgConnectOptions::from_str(url.expose())?
            .application_name("ferrogw")
            // A plan is made for the values that are asked for: a rare model is looked up, a common one is met on the way.
            .options([("plan_cache_mode", "force_custom_plan")])
            // Compiling a query takes longer here than running it: half of what a chart over a day cost.
            .options([("jit", "off")])
            .options([("statement_timeout", "30s"), ("lock_timeout", "10s"), ("idle_in_transaction_session_timeout", "60s")])
            .disable_statement_logging();
        let pool = |size| PgPoolOptions::new().max_connections(size).acquire_timeout(ACQUIRE_TIMEOUT);
        let writer = pool(POSTGRES_WRITERS).connect_with(options.clone()).await?;
        let reader = pool(READERS).connect_lazy_with(options);
        let connection = SqlxPostgresConnector::from_sqlx_postgres_pool;
        Ok(Self::of(connection(reader), connection(writer), None))
    }

    fn of(reader: DatabaseConnection, writer: DatabaseConnection, keeper: Option<SqlitePool>) -> Self {
        Self { unhurried: Unhurried::new(reader.clone(), UNHURRIED), reader, writer, _keeper: keeper }
    }

    /// One transaction for the lot: either the schema is this build's afterwards, or nothing was touched.
    async fn migrate(&self, areas: &[Area]) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        if self.is_postgres() {
            // Another control plane may be at it, and what it does may take longer than any other statement.
            transaction.execute_unprepared("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '5min'").await?;
        }
        self.lock(&transaction, Lock::Migration).await?;
        let ledger = Ledger::read(&transaction).await?;
        if let Some(migration) = ledger.unknown() {
            return Err(StoreError::Newer { migration: migration.to_owned() });
        }
        ledger.steps_for(areas).up(&transaction, None).await?;
        Ok(transaction.commit().await?)
    }

    /// Begins a transaction that writes. Dropping it takes everything back.
    pub(super) async fn begin(&self) -> Result<DatabaseTransaction, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.writer.begin_with_options(options).await?)
    }

    /// Begins a transaction that decides by what it reads: it is alone with its lock.
    pub(super) async fn begin_locked(&self, lock: Lock) -> Result<DatabaseTransaction, StoreError> {
        let transaction = self.begin().await?;
        self.lock(&transaction, lock).await?;
        Ok(transaction)
    }

    /// Waits for its turn. On SQLite the transaction had to do that at its beginning.
    pub(super) async fn lock(&self, transaction: &DatabaseTransaction, lock: Lock) -> Result<(), StoreError> {
        if self.is_postgres() {
            let statement = "SELECT pg_advisory_xact_lock($1)";
            transaction
                .execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, statement, [lock.number().into()]))
                .await?;
        }
        Ok(())
    }

    /// Tells the other control planes, when `transaction` commits, that there is something new to read.
    pub(super) async fn announce(&self, transaction: &DatabaseTransaction) -> Result<(), StoreError> {
        if self.is_postgres() {
            transaction.execute_unprepared(&format!("NOTIFY {CHANNEL}")).await?;
        }
        Ok(())
    }

    /// Whether it is PostgreSQL; otherwise it is SQLite.
    pub(super) fn is_postgres(&self) -> bool {
        self.reader.get_database_backend() == DbBackend::Postgres
    }

    /// Asks for a sign of life.
    pub(super) async fn ping(&self) -> Result<(), StoreError> {
        let asked = tokio::time::timeout(ACQUIRE_TIMEOUT + Duration::from_secs(1), self.reader.ping()).await;
        let timed_out = |_| sea_orm::DbErr::Custom("no answer in time".to_owned());
        Ok(asked.map_err(timed_out)??)
    }

    pub(super) async fn close(&self) {
        // A reader first: the last connection to close empties SQLite's write-ahead log, and only the writer may do that.
        for connection in [&self.reader, &self.writer] {
            if let Err(error) = connection.close_by_ref().await {
                tracing::warn!(error = %error, "a database connection did not close");
            }
        }
    }
}

/// The PostgreSQL channel on which control planes tell each other of changes.
pub(super) const CHANNEL: &str = "ferrogw_changes";

type Fault = Box<dyn std::error::Error + Send + Sync>;

fn tuned(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options.foreign_keys(true).busy_timeout(BUSY_TIMEOUT).disable_statement_logging()
}

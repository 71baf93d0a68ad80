//! Questions that may take long: never so many at once that nobody else gets an answer.
//!
//! Figures over the request log may take seconds. Who calls, and which keys were revoked, is asked of the same database and has to be
//! told at once.

use std::time::Duration;

use sea_orm::entity::prelude::async_trait;
use sea_orm::{ConnAcquireErr, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// How long a question waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// The readers, for whoever can wait for a turn. Each statement waits for one of its own, so nobody has a turn while waiting for another.
#[derive(Debug)]
pub(in crate::store) struct Unhurried {
    reader: DatabaseConnection,
    turns: Semaphore,
}

impl Unhurried {
    /// So many statements at once.
    pub(super) fn new(reader: DatabaseConnection, turns: usize) -> Self {
        Self { reader, turns: Semaphore::new(turns) }
    }

    /// Whoever waits too long is told what those are told who find no connection: while the database is away, turns take long too.
    async fn turn(&self) -> Result<SemaphorePermit<'_>, DbErr> {
        let turn =
            timeout(PATIENCE, self.turns.acquire()).await.map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?;
        Ok(turn.expect("nobody closes it"))
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Unhurried {
    fn get_database_backend(&self) -> DbBackend {
        self.reader.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let _turn = self.turn().await?;
        self.reader.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let _turn = self.turn().await?;
        self.reader.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let _turn = self.turn().await?;
        self.reader.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let _turn = self.turn().await?;
        self.reader.query_all_raw(statement).await
    }
}

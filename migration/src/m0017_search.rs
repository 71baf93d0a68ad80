//! Indexes for looking through a long request log: each way to filter it leads to rows in the log's order, without a sort.
//!
//! Failures are few, and so are requests for a model under another name: indexes over these alone cost next to nothing for the
//! others. The beginning of a request id is found by its bytes, whatever order of letters PostgreSQL's database has.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const INDEXES: [&str; 3] = [
    "CREATE INDEX request_log_target ON request_log (target, started_us, id)",
    "CREATE INDEX request_log_requested ON request_log (requested_model, started_us, id) WHERE requested_model <> model",
    "CREATE INDEX request_log_failed ON request_log (started_us, id, status) WHERE error_class IS NOT NULL",
];

const BEGINNINGS: [&str; 2] = [
    "CREATE INDEX request_log_request_id_begins ON request_log (request_id text_pattern_ops)",
    "DROP INDEX request_log_request_id",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        for statement in INDEXES.into_iter().chain(BEGINNINGS.into_iter().filter(|_| postgres)) {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

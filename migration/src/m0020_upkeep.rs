//! Lets PostgreSQL's autovacuum visit the request log whenever a hundredth of it is new, instead of a fifth.
//!
//! Only rows that a vacuum has seen are counted from an index alone. Where a fifth of a long log waits for it, the number of matches
//! below a list reads thousands of rows from the disk instead.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Postgres {
            let statement = "ALTER TABLE request_log SET (autovacuum_vacuum_insert_scale_factor = 0.01)";
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

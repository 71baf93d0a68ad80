//! When a row of the request log was stored, so that whoever follows the log finds what any control plane added to it.
//!
//! Rows of one delivery have the same instant, which PostgreSQL keeps once in the index. A control plane of the build before does
//! not name the column; on PostgreSQL, where it may still be running, the column's default tells for it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// A default that is set afterwards holds for new rows alone, so that the table is not rewritten.
const DEFAULT: &str = "ALTER TABLE request_log ALTER COLUMN stored_us \
                       SET DEFAULT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut column = big_integer("stored_us");
        manager.alter_table(Table::alter().table("request_log").add_column(column.default(0)).to_owned()).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared(DEFAULT).await?;
        }
        manager.create_index(Index::create().name("request_log_stored").table("request_log").col("stored_us").to_owned()).await
    }
}

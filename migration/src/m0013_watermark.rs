//! How far each worker'\''s numbered deliveries are stored, so that none is stored twice.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("watermark")
            .col(uuid("worker_id"))
            .col(big_integer("epoch"))
            .col(big_integer("sequence"))
            .col(big_integer("at_us"))
            .primary_key(Index::create().col("worker_id").col("epoch"))
            .to_owned();
        manager.create_table(table).await
    }
}

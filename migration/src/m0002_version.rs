//! Configuration documents, immutable and named by their digest.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("version")
            .col(uuid("id").primary_key())
            .col(blob("digest"))
            .col(integer("format"))
            .col(blob("document"))
            .col(text("author"))
            .col(text("note"))
            .col(big_integer("created_us"))
            .to_owned();
        manager.create_table(table).await?;
        manager
            .create_index(Index::create().name("version_digest").table("version").col("digest").col("format").unique().to_owned())
            .await
    }
}

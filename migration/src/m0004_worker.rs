//! Workers, as they were last seen.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("worker")
            .col(uuid("id").primary_key())
            .col(text("name"))
            .col(text("build"))
            .col(big_integer("last_seen_us"))
            .col(big_integer("generation"))
            .col(big_integer("key_revision"))
            .col(text("issues"))
            .col(text("report"))
            .to_owned();
        manager.create_table(table).await
    }
}

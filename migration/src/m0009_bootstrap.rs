//! What was consumed once and is never armed again.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("bootstrap")
            .col(text("kind").primary_key())
            .col(text_null("hash"))
            .col(big_integer("consumed_us"))
            .to_owned();
        manager.create_table(table).await
    }
}

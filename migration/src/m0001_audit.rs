//! Who did what, beside what it was done to.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("audit")
            .col(uuid("id").primary_key())
            .col(big_integer("at_us"))
            .col(text("action"))
            .col(text("actor"))
            .col(text_null("actor_id"))
            .col(text("target"))
            .col(text("outcome"))
            .col(text_null("detail"))
            .col(text_null("source_ip"))
            .col(text_null("request_id"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(Index::create().name("audit_at").table("audit").col("at_us").col("id").to_owned()).await?;
        manager.create_index(Index::create().name("audit_actor").table("audit").col("actor_id").col("at_us").to_owned()).await?;
        manager.create_index(Index::create().name("audit_action").table("audit").col("action").col("at_us").to_owned()).await
    }
}

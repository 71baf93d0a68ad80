//! How much each key was used, and when last.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("key_use")
            .col(uuid("key_id").primary_key())
            .col(big_integer("requests"))
            .col(big_integer("last_used_us"))
            .col(big_integer("cost_nanos"))
            .col(big_integer("unpriced"))
            .to_owned();
        manager.create_table(table).await
    }
}

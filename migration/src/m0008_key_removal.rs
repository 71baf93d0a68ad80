//! Digests that are refused since a revision, because their key was deleted or got another secret.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table =
            Table::create().table("key_removal").col(big_integer("revision").primary_key()).col(blob("digest")).to_owned();
        manager.create_table(table).await
    }
}

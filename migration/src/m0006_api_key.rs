//! API keys, by the digest of their secret. `admin` repeats what `scopes` says, so that admins can be counted exactly.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("api_key")
            .col(uuid("id").primary_key())
            .col(blob("digest").unique_key())
            .col(text("display"))
            .col(text("name"))
            .col(text("scopes"))
            .col(boolean("admin"))
            .col(big_integer("created_us"))
            .col(big_integer_null("expires_us"))
            .col(big_integer_null("revoked_us"))
            .col(big_integer_null("rotated_us"))
            .col(big_integer("revision").unique_key())
            .to_owned();
        manager.create_table(table).await?;
        manager
            .create_index(Index::create().name("api_key_created").table("api_key").col("created_us").col("id").to_owned())
            .await
    }
}

//! Sign-ins at the admin API: by the digest of their token, each bound to the credential that it was opened with.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("session")
            .col(uuid("id").primary_key())
            .col(blob("digest").unique_key())
            .col(text("credential"))
            .col(text("subject"))
            .col(big_integer("created_us"))
            .col(big_integer("expires_us"))
            .col(big_integer_null("last_seen_us"))
            .col(text_null("source_ip"))
            .col(text_null("user_agent"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(Index::create().name("session_credential").table("session").col("credential").to_owned()).await
    }
}

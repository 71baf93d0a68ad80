//! Which version is in force: appended to, never changed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut version = ForeignKey::create();
        version.name("activation_version").from("activation", "version_id").to("version", "id");
        let table = Table::create()
            .table("activation")
            .col(big_integer("generation").primary_key())
            .col(uuid_null("version_id"))
            .col(text("action"))
            .col(big_integer_null("rolled_back_to"))
            .col(big_integer_null("rolled_back_from"))
            .col(text("actor"))
            .col(text("note"))
            .col(big_integer("at_us"))
            .foreign_key(&mut version)
            .to_owned();
        manager.create_table(table).await
    }
}

//! Small facts that the control plane has to remember.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create().table("setting").col(text("name").primary_key()).col(text("value")).to_owned();
        manager.create_table(table).await
    }
}

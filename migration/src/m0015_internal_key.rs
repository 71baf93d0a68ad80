//! Keys that the control plane makes for itself, and shows nobody.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = boolean("internal").default(false).to_owned();
        manager.alter_table(Table::alter().table("api_key").add_column(column).to_owned()).await
    }
}

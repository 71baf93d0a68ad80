//! The way to the oldest roll-ups by minute, which are thrown away after eight days: their key begins with the API key.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statement = "CREATE INDEX rollup_minutes ON rollup (start_us) WHERE grain = 0";
        manager.get_connection().execute_unprepared(statement).await?;
        Ok(())
    }
}

//! The number of the newest change of any key.
//!
//! It begins with the time at which the store was made, not with 1: a worker that comes from another store (or from one that
//! lived in memory) then never mistakes its revision for one of this store's. `first` keeps that number.

use std::time::{SystemTime, UNIX_EPOCH};

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("key_revision")
            .col(integer("id").primary_key())
            .col(big_integer("revision"))
            .col(big_integer("first"))
            .to_owned();
        manager.create_table(table).await?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let first: i64 = now.as_micros().try_into().unwrap_or(1);
        let row = Query::insert()
            .into_table("key_revision")
            .columns(["id", "revision", "first"])
            .values_panic([1.into(), first.into(), first.into()])
            .to_owned();
        manager.execute(row).await
    }
}

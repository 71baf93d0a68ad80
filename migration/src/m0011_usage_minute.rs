//! What was used and spent per minute, key, provider and model; outlives the request log'\''s rows.
//!
//! Requests without a key have the nil key, so that the primary key has no nulls. The latency columns are a histogram whose
//! counts simply add up.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        table
            .table("usage_minute")
            .col(big_integer("minute"))
            .col(uuid("key_id"))
            .col(text("provider"))
            .col(text("model"))
            .primary_key(Index::create().col("minute").col("key_id").col("provider").col("model"));
        for column in COUNTERS {
            table.col(big_integer(column));
        }
        manager.create_table(table).await
    }
}

const COUNTERS: [&str; 24] = [
    "requests",
    "failures",
    "input",
    "cache_read",
    "cache_write",
    "cache_write_1h",
    "output",
    "reasoning",
    "audio_input",
    "audio_output",
    "cost_nanos",
    "unpriced",
    "took_25ms",
    "took_50ms",
    "took_100ms",
    "took_250ms",
    "took_500ms",
    "took_1s",
    "took_2500ms",
    "took_5s",
    "took_10s",
    "took_30s",
    "took_60s",
    "took_longer",
];

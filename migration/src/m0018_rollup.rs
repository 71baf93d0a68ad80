//! What was used, spent and waited for, summed per minute, hour and day; outlives the request log's rows.
//!
//! A row belongs to one key, or to all of them together (the id of which every bit is set), so that the figures of the whole
//! gateway are read without reading those of every key; requests without a key have the nil id. How long things took is told by
//! counts on a logarithmic scale, written as `bucket:count bucket:count`. The counters of `usage_minute` are carried over, without
//! its twelve latency classes, which are too coarse for that scale. The table itself stays until no control plane is left that
//! writes to it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Counters that `usage_minute` has too.
const COUNTED: [&str; 12] = [
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
];

const NEW: [&str; 8] = [
    "failed_prompt",
    "failed_output",
    "failed_cost_nanos",
    "failed_unpriced",
    "duration_sum_us",
    "duration_max_us",
    "first_content_sum_us",
    "first_content_max_us",
];

/// Number and minutes of each grain.
const GRAINS: [(u8, u16); 3] = [(0, 1), (1, 60), (2, 1440)];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        table
            .table("rollup")
            .col(uuid("key_id"))
            .col(integer("grain"))
            .col(big_integer("start_us"))
            .col(text("provider"))
            .col(text("model"))
            .primary_key(Index::create().col("key_id").col("grain").col("start_us").col("provider").col("model"));
        for column in COUNTED.into_iter().chain(NEW) {
            table.col(big_integer(column));
        }
        manager.create_table(table.col(text("durations")).col(text("first_contents")).to_owned()).await?;
        let db = manager.get_connection();
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        if postgres {
            // Rows of the current minute, hour and day are written again and again; a new version finds room beside the old one.
            db.execute_unprepared("ALTER TABLE rollup SET (fillfactor = 75)").await?;
        }
        let all =
            if postgres { "CAST('ffffffff-ffff-ffff-ffff-ffffffffffff' AS UUID)" } else { "x'ffffffffffffffffffffffffffffffff'" };
        for (grain, minutes) in GRAINS {
            db.execute_unprepared(&carry("key_id", "key_id, ", grain, minutes)).await?;
            db.execute_unprepared(&carry(all, "", grain, minutes)).await?;
        }
        Ok(())
    }
}

/// Adds the old table up by grain, for each key or for all.
fn carry(key: &str, by_key: &str, grain: u8, minutes: u16) -> String {
    let zeros = NEW.map(|_| "0").join(", ");
    let (columns, sums) =
        (COUNTED.into_iter().chain(NEW).collect::<Vec<_>>().join(", "), COUNTED.map(|column| format!("SUM({column})")));
    format!(
        "INSERT INTO rollup (key_id, grain, start_us, provider, model, {columns}, durations, first_contents) \
         SELECT {key}, {grain}, (minute / {minutes}) * {minutes} * 60000000, provider, model, {}, {zeros}, '', '' \
         FROM usage_minute GROUP BY {by_key}minute / {minutes}, provider, model",
        sums.join(", ")
    )
}

//! Roll-ups of all keys, providers and models together, so that a chart of the whole gateway reads one row per minute, hour or day.
//!
//! They are made of the rows of all keys. Histograms are written one after the other there, which reads as their sum; the next
//! request of that stretch writes them as one.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const ADDED: [&str; 18] = [
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
    "failed_prompt",
    "failed_output",
    "failed_cost_nanos",
    "failed_unpriced",
    "duration_sum_us",
    "first_content_sum_us",
];

const LONGEST: [&str; 2] = ["duration_max_us", "first_content_max_us"];

const HISTOGRAMS: [&str; 2] = ["durations", "first_contents"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statement = match manager.get_database_backend() {
            DbBackend::Postgres => {
                let id = |last: &str| format!("CAST('ffffffff-ffff-ffff-ffff-ffffffffff{last}' AS UUID)");
                add_up(&id("fe"), &id("ff"), "STRING_AGG")
            }
            _ => {
                let id = |last: &str| format!("x'ffffffffffffffffffffffffffffff{last}'");
                add_up(&id("fe"), &id("ff"), "GROUP_CONCAT")
            }
        };
        manager.get_connection().execute_unprepared(&statement).await?;
        Ok(())
    }
}

/// Adds the rows of `all_keys` up into those of `everything`. Sums are cast back to `bigint`, since PostgreSQL widens them.
fn add_up(everything: &str, all_keys: &str, gather: &str) -> String {
    let names = ADDED.into_iter().chain(LONGEST).chain(HISTOGRAMS).collect::<Vec<_>>().join(", ");
    let sums = ADDED.map(|column| format!("CAST(SUM({column}) AS BIGINT)"));
    let longest = LONGEST.map(|column| format!("MAX({column})"));
    let histograms = HISTOGRAMS.map(|column| format!("{gather}({column}, ' ')"));
    let values = sums.into_iter().chain(longest).chain(histograms).collect::<Vec<_>>().join(", ");
    format!(
        "INSERT INTO rollup (key_id, grain, start_us, provider, model, {names}) \
         SELECT {everything}, grain, start_us, '', '', {values} FROM rollup WHERE key_id = {all_keys} GROUP BY grain, start_us"
    )
}

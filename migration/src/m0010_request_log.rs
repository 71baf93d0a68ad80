//! One row per request.
//!
//! One table on both databases: the time index is what lists, counts and purges walk, and UUIDv7 ids append to the primary
//! key. (Day partitions on PostgreSQL would make a purge cheaper but need somebody who makes tomorrow's in time.)

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("request_log")
            .col(uuid("id").primary_key())
            .col(uuid("worker_id"))
            .col(text("request_id"))
            .col(big_integer("started_us"))
            .col(big_integer("duration_us"))
            .col(big_integer_null("first_content_us"))
            .col(text("surface"))
            .col(text("requested_model"))
            .col(text("model"))
            .col(text("provider"))
            .col(text("target"))
            .col(uuid_null("key_id"))
            .col(integer("status"))
            .col(boolean("stream"))
            .col(boolean("client_gone"))
            .col(text_null("finish_reason"))
            .col(text_null("error_class"))
            .col(text_null("error_code"))
            .col(text_null("error_message"))
            .col(big_integer_null("input"))
            .col(big_integer_null("cache_read"))
            .col(big_integer_null("cache_write"))
            .col(big_integer_null("cache_write_1h"))
            .col(big_integer_null("output"))
            .col(big_integer_null("reasoning"))
            .col(big_integer_null("audio_input"))
            .col(big_integer_null("audio_output"))
            .col(big_integer_null("cost_nanos"))
            .col(text_null("price_rule"))
            .col(text("attempts"))
            .col(big_integer("generation"))
            .col(integer("repairs"))
            .to_owned();
        manager.create_table(table).await?;
        for (name, column) in
            [("started", None), ("key", Some("key_id")), ("model", Some("model")), ("provider", Some("provider"))]
        {
            let mut index = Index::create();
            index.name(format!("request_log_{name}")).table("request_log");
            if let Some(column) = column {
                index.col(column);
            }
            manager.create_index(index.col("started_us").col("id").to_owned()).await?;
        }
        manager
            .create_index(Index::create().name("request_log_request_id").table("request_log").col("request_id").to_owned())
            .await
    }
}

//! What was used per minute, key, provider and model.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "usage_minute")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub minute: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub provider: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub model: String,
    pub requests: i64,
    pub failures: i64,
    pub input: i64,
    pub cache_read: i64,
    pub cache_write: i64,
    #[sea_orm(column_name = "cache_write_1h")]
    pub cache_write_1h: i64,
    pub output: i64,
    pub reasoning: i64,
    pub audio_input: i64,
    pub audio_output: i64,
    pub cost_nanos: i64,
    pub unpriced: i64,
    #[sea_orm(column_name = "took_25ms")]
    pub took_25ms: i64,
    #[sea_orm(column_name = "took_50ms")]
    pub took_50ms: i64,
    #[sea_orm(column_name = "took_100ms")]
    pub took_100ms: i64,
    #[sea_orm(column_name = "took_250ms")]
    pub took_250ms: i64,
    #[sea_orm(column_name = "took_500ms")]
    pub took_500ms: i64,
    #[sea_orm(column_name = "took_1s")]
    pub took_1s: i64,
    #[sea_orm(column_name = "took_2500ms")]
    pub took_2500ms: i64,
    #[sea_orm(column_name = "took_5s")]
    pub took_5s: i64,
    #[sea_orm(column_name = "took_10s")]
    pub took_10s: i64,
    #[sea_orm(column_name = "took_30s")]
    pub took_30s: i64,
    #[sea_orm(column_name = "took_60s")]
    pub took_60s: i64,
    pub took_longer: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

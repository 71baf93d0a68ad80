//! What was used, spent and waited for, summed per minute, hour and day.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rollup")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub key_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub grain: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub start_us: i64,
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
    pub failed_prompt: i64,
    pub failed_output: i64,
    pub failed_cost_nanos: i64,
    pub failed_unpriced: i64,
    pub duration_sum_us: i64,
    pub duration_max_us: i64,
    pub first_content_sum_us: i64,
    pub first_content_max_us: i64,
    pub durations: String,
    pub first_contents: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

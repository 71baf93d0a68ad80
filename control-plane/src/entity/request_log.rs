//! One row per request.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "request_log")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub worker_id: Uuid,
    pub request_id: String,
    pub started_us: i64,
    pub duration_us: i64,
    pub first_content_us: Option<i64>,
    pub surface: String,
    pub requested_model: String,
    pub model: String,
    pub provider: String,
    pub target: String,
    pub key_id: Option<Uuid>,
    pub status: i32,
    pub stream: bool,
    pub client_gone: bool,
    pub finish_reason: Option<String>,
    pub error_class: Option<String>,
    pub error_code: Option<String>,
    pub error_message: Option<String>,
    pub input: Option<i64>,
    pub cache_read: Option<i64>,
    pub cache_write: Option<i64>,
    #[sea_orm(column_name = "cache_write_1h")]
    pub cache_write_1h: Option<i64>,
    pub output: Option<i64>,
    pub reasoning: Option<i64>,
    pub audio_input: Option<i64>,
    pub audio_output: Option<i64>,
    pub cost_nanos: Option<i64>,
    pub price_rule: Option<String>,
    pub attempts: String,
    pub generation: i64,
    pub repairs: i32,
    pub stored_us: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

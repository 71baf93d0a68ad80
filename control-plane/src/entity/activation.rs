//! Which version is in force.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "activation")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub generation: i64,
    pub version_id: Option<Uuid>,
    pub action: String,
    pub rolled_back_to: Option<i64>,
    pub rolled_back_from: Option<i64>,
    pub actor: String,
    pub note: String,
    pub at_us: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

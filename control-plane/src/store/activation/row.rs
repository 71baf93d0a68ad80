//! Activations and versions as rows, and back.

use std::collections::HashMap;
use std::sync::Arc;

use ferrogw_config::{Digest, Document};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use uuid::Uuid;

use super::{Action, Activation, Version};
use crate::entity::{activation, version};
use crate::store::StoreError;
use crate::store::column::{instant, micros, signed, unsigned};

impl Action {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Rollback { .. } => "rollback",
            Self::Import => "import",
            Self::Generate => "generate",
        }
    }

    fn read(name: &str, rolled_back_to: Option<i64>) -> Result<Self, DbErr> {
        let to = unsigned(rolled_back_to.unwrap_or_default());
        [Self::Create, Self::Update, Self::Delete, Self::Rollback { to }, Self::Import, Self::Generate]
            .into_iter()
            .find(|action| action.name() == name)
            .ok_or_else(|| DbErr::Type(format!("unknown action `{name}`")))
    }

    pub(super) fn rolled_back_to(self) -> Option<u64> {
        match self {
            Self::Rollback { to } => Some(to),
            _ => None,
        }
    }
}

pub(super) async fn with_versions(
    db: &impl ConnectionTrait,
    rows: Vec<activation::Model>,
) -> Result<Vec<Activation>, StoreError> {
    let ids: Vec<Uuid> = rows.iter().filter_map(|row| row.version_id).collect();
    let versions = versions(db, &ids).await?;
    let activations = rows.into_iter().map(|row| {
        let version = row.version_id.and_then(|id| versions.get(&id).cloned());
        Ok(from_row(row, version)?)
    });
    activations.collect()
}

pub(super) async fn versions(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, Arc<Version>>, DbErr> {
    let rows = version::Entity::find().filter(version::Column::Id.is_in(ids.iter().copied())).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, Arc::new(Version::from(row)))).collect())
}

/// What names the documents of these rows, by version.
pub(super) async fn digests(db: &impl ConnectionTrait, rows: &[activation::Model]) -> Result<HashMap<Uuid, Digest>, DbErr> {
    let named = version::Entity::find()
        .select_only()
        .columns([version::Column::Id, version::Column::Digest])
        .filter(version::Column::Id.is_in(rows.iter().filter_map(|row| row.version_id)));
    let digests: Vec<(Uuid, Vec<u8>)> = named.into_tuple().all(db).await?;
    digests.into_iter().map(|(id, digest)| Ok((id, named_by(&digest)?))).collect()
}

/// How long the documents of these rows are, in bytes, by version.
pub(super) async fn lengths(db: &impl ConnectionTrait, rows: &[activation::Model]) -> Result<HashMap<Uuid, u64>, DbErr> {
    let measured = version::Entity::find()
        .select_only()
        .column(version::Column::Id)
        .column_as(Expr::cust("CAST(LENGTH(document) AS BIGINT)"), "bytes")
        .filter(version::Column::Id.is_in(rows.iter().filter_map(|row| row.version_id)));
    let lengths: Vec<(Uuid, i64)> = measured.into_tuple().all(db).await?;
    Ok(lengths.into_iter().map(|(id, bytes)| (id, unsigned(bytes))).collect())
}

fn named_by(column: &[u8]) -> Result<Digest, DbErr> {
    let bytes = column.try_into().map_err(|_| DbErr::Type(format!("a document's digest has {} bytes, not 32", column.len())))?;
    Ok(Digest(bytes))
}

pub(super) fn from_row(row: activation::Model, version: Option<Arc<Version>>) -> Result<Activation, DbErr> {
    Ok(Activation {
        generation: unsigned(row.generation),
        version,
        action: Action::read(&row.action, row.rolled_back_to)?,
        actor: row.actor,
        note: row.note,
        rolled_back_from: row.rolled_back_from.map(unsigned),
        at: instant(row.at_us),
    })
}

pub(super) fn row(activation: &Activation) -> activation::Model {
    activation::Model {
        generation: signed(activation.generation),
        version_id: activation.version.as_ref().map(|version| version.id),
        action: activation.action.name().to_owned(),
        rolled_back_to: activation.action.rolled_back_to().map(signed),
        rolled_back_from: activation.rolled_back_from.map(signed),
        actor: activation.actor.clone(),
        note: activation.note.clone(),
        at_us: micros(activation.at),
    }
}

impl From<version::Model> for Version {
    fn from(row: version::Model) -> Self {
        Self {
            id: row.id,
            document: Document::from_parts(row.format.unsigned_abs(), row.document),
            author: row.author,
            note: row.note,
            created_at: instant(row.created_us),
        }
    }
}

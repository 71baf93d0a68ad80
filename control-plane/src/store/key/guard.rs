//! What every change of a key has in common: its place in the order of changes, and what must not happen.
//!
//! Everything here runs within a transaction that holds the lock on keys: what is read cannot change before it is decided on, in
//! this process or another.

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, DatabaseTransaction, DbErr, EntityTrait as _, IntoActiveModel as _,
    PaginatorTrait as _, QueryFilter as _,
};
use serde_json::json;
use uuid::Uuid;

use super::{Key, Scope, issued};
use crate::entity::{api_key, key_revision};
use crate::store::column::{micros, now, signed, unsigned};
use crate::store::{Actor, Deed, Guard, Outcome, StoreError, audit};

/// What is done to an existing key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Update,
    Revoke,
    Delete,
    Rotate,
}

impl Change {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Update => "key.update",
            Self::Revoke => "key.revoke",
            Self::Delete => "key.delete",
            Self::Rotate => "key.rotate",
        }
    }
}

/// A key's name, if it is one.
pub(super) fn name(name: &str) -> Result<&str, StoreError> {
    let name = name.trim();
    if name.is_empty() { Err(StoreError::Invalid("a key needs a name".to_owned())) } else { Ok(name) }
}

/// The row of an existing key.
pub(super) async fn find(transaction: &DatabaseTransaction, id: Uuid) -> Result<api_key::Model, StoreError> {
    issued().filter(api_key::Column::Id.eq(id)).one(transaction).await?.ok_or(StoreError::NotFound("API key"))
}

/// Takes the next key revision.
pub(super) async fn next_revision(transaction: &DatabaseTransaction) -> Result<u64, StoreError> {
    let next = Expr::col(key_revision::Column::Revision).add(1);
    key_revision::Entity::update_many().col_expr(key_revision::Column::Revision, next).exec(transaction).await?;
    let row = key_revision::Entity::find().one(transaction).await?;
    Ok(unsigned(row.ok_or_else(|| DbErr::RecordNotFound("the key revision".to_owned()))?.revision))
}

/// Writes a changed row under its new revision.
pub(super) async fn replace(
    transaction: &DatabaseTransaction,
    mut row: api_key::Model,
    revision: u64,
) -> Result<Key, StoreError> {
    row.revision = signed(revision);
    Ok(row.into_active_model().reset_all().update(transaction).await?.into())
}

/// Whether `before` may become `after` (`None`: be deleted): nobody locks themselves out, or everybody.
pub(super) async fn check(
    transaction: &DatabaseTransaction,
    before: &Key,
    after: Option<&Key>,
    actor: &Actor,
) -> Result<Option<Guard>, StoreError> {
    let is_admin = |key: &Key| key.scopes.contains(Scope::Admin);
    let dies = after.is_none_or(|after| !after.usable(now()));
    let steps_down = is_admin(before) && after.is_some_and(|after| !is_admin(after));
    if !dies && !steps_down {
        return Ok(None);
    }
    if actor.id == before.id.to_string() {
        return Ok(Some(Guard::SelfMutation));
    }
    let counts = is_admin(before) && before.usable(now());
    Ok((counts && other_admins(transaction, before.id).await? == 0).then_some(Guard::LastAdmin))
}

async fn other_admins(transaction: &DatabaseTransaction, id: Uuid) -> Result<u64, DbErr> {
    let lives = Condition::any().add(api_key::Column::ExpiresUs.is_null()).add(api_key::Column::ExpiresUs.gt(micros(now())));
    api_key::Entity::find()
        .filter(api_key::Column::Admin.eq(true))
        .filter(api_key::Column::RevokedUs.is_null())
        .filter(lives)
        .filter(api_key::Column::Id.ne(id))
        .count(transaction)
        .await
}

/// Ends a refused change: the refusal is all that it leaves behind.
pub(super) async fn deny(transaction: DatabaseTransaction, change: Change, id: Uuid, guard: Guard, actor: &Actor) -> StoreError {
    let target = id.to_string();
    let detail = json!({ "reason": guard.code() });
    let deed = Deed { action: change.name(), target: &target, outcome: Outcome::Denied, detail };
    match audit::append(&transaction, &deed, actor).await {
        Ok(()) => transaction.commit().await.map_or_else(StoreError::from, |()| guard.into()),
        Err(error) => error,
    }
}

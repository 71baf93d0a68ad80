//! API keys: who may call, and with which scopes.
//!
//! A secret is 256 random bits, shown once and stored as its SHA-256 only. Each change has the next key revision, so that
//! "everything since" is one indexed query; its audit entry is written in the same transaction.

use ferrogw_config::Secret;
use sea_orm::{ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _, Select};
use time::OffsetDateTime;
use uuid::Uuid;

use super::column::{instant, unsigned};
use super::{Area, Store, StoreError};
use crate::entity::api_key;

mod change;
mod delta;
mod guard;
mod internal;
mod issue;
mod scope;

pub(crate) use internal::counted_as;
pub(super) use issue::insert;

pub use scope::{Scope, Scopes, UnknownScope};

/// SHA-256 of a key's secret.
pub type KeyDigest = [u8; 32];

/// An API key as everybody may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its id, which stays the same when it is rotated.
    pub id: Uuid,
    /// The secret's ends: `sk-ferro-` and four characters, `...`, the last four.
    pub display: String,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// From when on it is refused; `None`: never.
    pub expires_at: Option<OffsetDateTime>,
    /// Since when it is refused for good.
    pub revoked_at: Option<OffsetDateTime>,
    /// When it last got a new secret.
    pub rotated_at: Option<OffsetDateTime>,
    /// The key revision of its last change.
    pub revision: u64,
}

impl Key {
    /// Whether the key is accepted at `now`.
    #[must_use]
    pub fn usable(&self, now: OffsetDateTime) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

/// A key to be made.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// What it is for; not empty.
    pub name: String,
    /// What it may do; empty means `read_only`.
    pub scopes: Scopes,
    /// From when on it is refused.
    pub expires_at: Option<OffsetDateTime>,
}

/// A key with its secret, which nobody will see again.
#[derive(Debug, Clone)]
pub struct IssuedKey {
    /// The key.
    pub key: Key,
    /// Its secret.
    pub secret: Secret<String>,
}

/// What to change of a key; `None` and [`Expiry::Keep`] leave a thing as it is.
#[derive(Debug, Clone, Default)]
pub struct KeyEdit {
    /// A new name; not empty.
    pub name: Option<String>,
    /// New scopes; not empty.
    pub scopes: Option<Scopes>,
    /// A new end.
    pub expiry: Expiry,
}

/// What to do about a key's end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Expiry {
    /// Leave it.
    #[default]
    Keep,
    /// Take it away.
    Never,
    /// Set it.
    At(OffsetDateTime),
}

/// What a worker needs in order to admit a caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyGrant {
    /// SHA-256 of the secret.
    pub digest: KeyDigest,
    /// The key's id.
    pub id: Uuid,
    /// From when on it is refused.
    pub expires_at: Option<OffsetDateTime>,
    /// What it may do.
    pub scopes: Scopes,
}

/// A step from one key revision to a later one. Steps are asked for until `more` is false; each is complete in itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyChanges {
    /// The revision that the step starts at; 0: it opens a whole new table.
    pub from: u64,
    /// The revision that it leads to.
    pub to: u64,
    /// Whether there is more after `to`.
    pub more: bool,
    /// Keys that are new or changed.
    pub upserts: Vec<KeyGrant>,
    /// Digests that are refused from now on: revoked, deleted and rotated ones.
    pub removed: Vec<KeyDigest>,
}

impl Store {
    /// The key with that id, revoked and expired ones too.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] when there is none.
    pub async fn key(&self, id: Uuid) -> Result<Key, StoreError> {
        let row = issued().filter(api_key::Column::Id.eq(id)).one(&self.database(Area::Keys)?.reader).await?;
        row.map(Key::from).ok_or(StoreError::NotFound("API key"))
    }

    /// All keys, newest first; keys of the same instant by id.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn keys(&self) -> Result<Vec<Key>, StoreError> {
        let newest_first = issued().order_by_desc(api_key::Column::CreatedUs).order_by_desc(api_key::Column::Id);
        let rows = newest_first.all(&self.database(Area::Keys)?.reader).await?;
        Ok(rows.into_iter().map(Key::from).collect())
    }

    /// The key whose secret has that digest, usable or not, and whoever made it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn key_by_digest(&self, digest: &KeyDigest) -> Result<Option<Key>, StoreError> {
        let same = api_key::Entity::find().filter(api_key::Column::Digest.eq(digest.to_vec()));
        Ok(same.one(&self.database(Area::Keys)?.reader).await?.map(Key::from))
    }
}

impl From<api_key::Model> for Key {
    fn from(row: api_key::Model) -> Self {
        Self {
            id: row.id,
            display: row.display,
            name: row.name,
            scopes: Scopes::known(&row.scopes),
            created_at: instant(row.created_us),
            expires_at: row.expires_us.map(instant),
            revoked_at: row.revoked_us.map(instant),
            rotated_at: row.rotated_us.map(instant),
            revision: unsigned(row.revision),
        }
    }
}

/// Keys that somebody asked for.
fn issued() -> Select<api_key::Entity> {
    api_key::Entity::find().filter(api_key::Column::Internal.eq(false))
}

/// The digest of a column.
fn digest(column: &[u8]) -> Result<KeyDigest, StoreError> {
    Ok(column.try_into().map_err(|_| DbErr::Type(format!("a key digest has {} bytes instead of 32", column.len())))?)
}

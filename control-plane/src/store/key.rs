//! API keys: who may call, and with which scopes.
//!
//! A secret is 256 random bits, shown once and stored as its SHA-256 only. Each change has the next key revision, so that
//! "everything since" is one indexed query; its audit entry is written in the same transaction.

use ferrogw_config::Secret;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Actor, Store, StoreError};

mod scope;

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
    /// Makes a key.
    ///
    /// # Errors
    ///
    /// [`StoreError::Invalid`] without a name.
    pub async fn create_key(&self, new: NewKey, actor: &Actor) -> Result<IssuedKey, StoreError> {
        let _ = (new, actor);
        Err(super::unbuilt())
    }

    /// The key with that id, revoked and expired ones too.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] when there is none.
    pub async fn key(&self, id: Uuid) -> Result<Key, StoreError> {
        let _ = id;
        Err(super::unbuilt())
    }

    /// All keys, newest first; keys of the same instant by id.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn keys(&self) -> Result<Vec<Key>, StoreError> {
        Err(super::unbuilt())
    }

    /// The key whose secret has that digest, usable or not.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn key_by_digest(&self, digest: &KeyDigest) -> Result<Option<Key>, StoreError> {
        let _ = digest;
        Err(super::unbuilt())
    }

    /// Changes a key's name, scopes or end.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`], [`StoreError::Invalid`], or a [`super::Guard`] when it would lock the actor or everybody out.
    pub async fn update_key(&self, id: Uuid, edit: KeyEdit, actor: &Actor) -> Result<Key, StoreError> {
        let _ = (id, edit, actor);
        Err(super::unbuilt())
    }

    /// Refuses a key for good; once more does nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] or a [`super::Guard`].
    pub async fn revoke_key(&self, id: Uuid, actor: &Actor) -> Result<Key, StoreError> {
        let _ = (id, actor);
        Err(super::unbuilt())
    }

    /// Forgets a key.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] or a [`super::Guard`].
    pub async fn delete_key(&self, id: Uuid, actor: &Actor) -> Result<(), StoreError> {
        let _ = (id, actor);
        Err(super::unbuilt())
    }

    /// Gives a key a new secret; the old one is refused at once.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`], or [`super::Guard::DeadKey`] when it could not be used anyway.
    pub async fn rotate_key(&self, id: Uuid, actor: &Actor) -> Result<IssuedKey, StoreError> {
        let _ = (id, actor);
        Err(super::unbuilt())
    }

    /// The newest key revision; changes with each change of any key.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn key_revision(&self) -> Result<u64, StoreError> {
        Err(super::unbuilt())
    }

    /// The next step after `revision`, of at most `limit` upserts and as many removals. It opens a new table (`from` = 0) when
    /// `revision` is 0, ahead of the store, or so old that removals since then are forgotten.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn key_changes_since(&self, revision: u64, limit: u64) -> Result<KeyChanges, StoreError> {
        let _ = (revision, limit);
        Err(super::unbuilt())
    }
}

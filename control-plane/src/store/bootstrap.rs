//! What happens once in a store's life: bootstrap credentials and the keys of the first start.
//!
//! Each kind is consumed durably and never armed again, also after all keys are gone: otherwise an old environment variable
//! could turn into a live credential.

use super::{Actor, IssuedKey, NewKey, Store, StoreError};

/// A credential that the environment may bring once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bootstrap {
    /// `ADMIN_BOOTSTRAP_KEY`.
    Admin,
    /// `ADMIN_BOOTSTRAP_READ_ONLY_KEY`.
    ReadOnly,
}

/// A consumed bootstrap credential that still opens the admin API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BootstrapCredential {
    /// Which one.
    pub kind: Bootstrap,
    /// Its argon2id hash in PHC form.
    pub hash: String,
    /// When it was consumed.
    pub consumed_at: time::OffsetDateTime,
}

impl Store {
    /// Takes a bootstrap credential in, by its argon2id hash; false: one of this kind was consumed before, and nothing changes.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn consume_bootstrap(&self, kind: Bootstrap, hash: &str, actor: &Actor) -> Result<bool, StoreError> {
        let _ = (kind, hash, actor);
        Err(super::unbuilt())
    }

    /// The bootstrap credentials that open the admin API.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn bootstrap_credentials(&self) -> Result<Vec<BootstrapCredential>, StoreError> {
        Err(super::unbuilt())
    }

    /// Shuts a bootstrap credential out for good; it stays consumed.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] when none is in force.
    pub async fn retire_bootstrap(&self, kind: Bootstrap, actor: &Actor) -> Result<(), StoreError> {
        let _ = (kind, actor);
        Err(super::unbuilt())
    }

    /// Makes the keys of the first start, once in the store's life; `None`: that was done before, or there are keys already.
    ///
    /// # Errors
    ///
    /// [`StoreError::Invalid`] when a key has no name.
    pub async fn create_first_keys(&self, keys: Vec<NewKey>, actor: &Actor) -> Result<Option<Vec<IssuedKey>>, StoreError> {
        let _ = (keys, actor);
        Err(super::unbuilt())
    }
}

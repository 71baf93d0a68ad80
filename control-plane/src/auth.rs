//! Who is calling: from the credential in the request to a [`Principal`], or to nobody.
//!
//! Three kinds of credential open the admin API: the break-glass `MASTER_KEY`, stored API keys, and the bootstrap keys that were
//! taken in once. What nobody chose is compared by digest; what people chose is verified with argon2id.

use ferrogw_config::Secret;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use time::OffsetDateTime;

use crate::store::{Actor, KeyDigest, Scope, Scopes, Store, StoreError};

pub(crate) mod bootstrap;

use bootstrap::Verifier;

/// A `MASTER_KEY` shorter than this could be guessed.
const SHORT: usize = 24;

/// Somebody whose credential was verified for the request at hand.
#[derive(Debug, Clone)]
pub struct Principal {
    /// As the audit trail will remember them.
    pub actor: Actor,
    /// What they may do.
    pub scopes: Scopes,
}

/// Whether and why a credential could not be judged. Neither means that it is wrong.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Undecided {
    /// The keys cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Too many operator-chosen secrets are being verified.
    #[error("too many sign-ins at once")]
    Busy,
}

/// Everything that a credential can be compared with, the store's own tables aside.
#[derive(Debug)]
pub struct Keyring {
    master: Option<MasterKey>,
    bootstrap: Verifier,
}

#[derive(Debug)]
struct MasterKey {
    digest: KeyDigest,
    id: String,
}

impl Keyring {
    /// A keyring with the break-glass key, if there is one.
    #[must_use]
    pub fn new(master_key: Option<&Secret<String>>) -> Self {
        let master = master_key.map(|key| key.expose().trim()).filter(|key| !key.is_empty()).map(|key| {
            if key.len() < SHORT {
                tracing::warn!("MASTER_KEY is shorter than {SHORT} characters and could be guessed; choose a longer one");
            }
            MasterKey::new(key)
        });
        Self { master, bootstrap: Verifier::default() }
    }

    /// Who holds `credential`; `None`: nobody that may call. The actor's address and request are for the caller to fill in.
    pub(crate) async fn identify(&self, store: &Store, credential: &str) -> Result<Option<Principal>, Undecided> {
        let digest: KeyDigest = Sha256::digest(credential.as_bytes()).into();
        if let Some(master) = &self.master
            && bool::from(master.digest.ct_eq(&digest))
        {
            return Ok(Some(Principal::new(&master.id, "master-key", Scope::Admin.into())));
        }
        match store.key_by_digest(&digest).await? {
            Some(key) if key.usable(OffsetDateTime::now_utc()) => {
                Ok(Some(Principal::new(&key.id.to_string(), &key.name, key.scopes)))
            }
            Some(_) => Ok(None),
            None => self.bootstrap.identify(store, credential, digest).await,
        }
    }

    /// Whether there is a break-glass key.
    pub(crate) fn has_master_key(&self) -> bool {
        self.master.is_some()
    }
}

impl MasterKey {
    /// The id tells two values apart without telling either.
    fn new(key: &str) -> Self {
        let digest: KeyDigest = Sha256::digest(key.as_bytes()).into();
        let id = digest[..8].iter().fold("master-key:".to_owned(), |id, byte| format!("{id}{byte:02x}"));
        Self { digest, id }
    }
}

impl Principal {
    fn new(id: &str, name: &str, scopes: Scopes) -> Self {
        Self { actor: Actor::named(id, name), scopes }
    }

    /// Whether they may change things.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.scopes.contains(Scope::Admin)
    }

    /// Whether they may look at things.
    #[must_use]
    pub fn may_read(&self) -> bool {
        self.is_admin() || self.scopes.contains(Scope::ReadOnly)
    }
}

#[cfg(test)]
mod tests;

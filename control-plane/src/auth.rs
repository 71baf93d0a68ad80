//! Who is calling: from the credential in the request to a [`Principal`], or to nobody.
//!
//! Three kinds of credential open the admin API: the break-glass `MASTER_KEY`, stored API keys, and the bootstrap keys that were
//! taken in once. What nobody chose is compared by digest; what people chose is verified with argon2id. A session stands for the
//! credential that opened it, as that is at this moment.

use std::time::Duration;

use ferrogw_config::Secret;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::app::App;
use crate::store::{Actor, Key, KeyDigest, SESSION_PREFIX, Scope, Scopes, Session, Store, StoreError};

pub(crate) mod bootstrap;
pub(crate) mod denials;
pub(crate) mod throttle;

use bootstrap::Verifier;

/// How often it is asked again whether a credential may read, of answers that have no end of their own.
pub(crate) const JUDGE_EVERY: Duration = Duration::from_secs(5);

/// A `MASTER_KEY` shorter than this could be guessed.
const SHORT: usize = 24;

/// Somebody whose credential was verified for the request at hand.
#[derive(Debug, Clone)]
pub struct Principal {
    /// As the audit trail will remember them.
    pub actor: Actor,
    /// What they may do.
    pub scopes: Scopes,
    /// The session that they came with; `None`: with the credential itself.
    pub session: Option<Session>,
}

/// What a call came with, for answers that have no end of their own: what was good at their beginning may not be any more.
#[derive(Debug, Clone)]
pub(crate) struct Credential(Secret<String>);

impl Credential {
    pub(crate) fn new(credential: &str) -> Self {
        Self(Secret::new(credential.to_owned()))
    }

    pub(crate) fn expose(&self) -> &str {
        self.0.expose()
    }

    /// Whether it may read still. An outage is no judgement.
    pub(crate) async fn may_still_read(&self, app: &App) -> bool {
        let judged = app.keyring().identify(&app.store, self.expose()).await;
        judged.map_or(true, |principal| principal.is_some_and(|principal| principal.may_read()))
    }

    /// Waits until it may not.
    pub(crate) async fn spent(&self, app: &App) {
        loop {
            tokio::time::sleep(JUDGE_EVERY).await;
            if !self.may_still_read(app).await {
                return;
            }
        }
    }

    /// As stored keys are known by.
    pub(crate) fn digest(&self) -> KeyDigest {
        digest(self.expose())
    }
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
        let digest = digest(credential);
        if let Some(master) = &self.master
            && bool::from(master.digest.ct_eq(&digest))
        {
            return Ok(Some(master.holder()));
        }
        if is_session(credential) {
            return Ok(self.in_session(store, &digest).await?);
        }
        match store.key_by_digest(&digest).await? {
            Some(key) => Ok(Principal::of_key(&key)),
            None => self.bootstrap.identify(store, credential, digest).await,
        }
    }

    /// Who holds the credential with that id; `None`: it opens nothing any more. Another `MASTER_KEY` has another id.
    pub(crate) async fn holder(&self, store: &Store, id: &str) -> Result<Option<Principal>, StoreError> {
        if let Some(master) = self.master.as_ref().filter(|master| master.id == id) {
            return Ok(Some(master.holder()));
        }
        let Ok(id) = Uuid::try_parse(id) else { return bootstrap::holder(store, id).await };
        match store.key(id).await {
            Ok(key) => Ok(Principal::of_key(&key)),
            Err(StoreError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn in_session(&self, store: &Store, digest: &KeyDigest) -> Result<Option<Principal>, StoreError> {
        let found = store.session_by_digest(digest).await?;
        let Some(session) = found.filter(|session| session.lives(OffsetDateTime::now_utc())) else { return Ok(None) };
        let Some(mut principal) = self.holder(store, &session.credential).await? else { return Ok(None) };
        if let Err(error) = store.see_session(&session).await {
            // The request at hand needs no writing; what this costs is that the session ends early.
            tracing::warn!(%error, "the use of a session could not be written down: {error}");
        }
        principal.actor.session = Some(session.id);
        principal.session = Some(session);
        Ok(Some(principal))
    }

    /// Whether there is a break-glass key.
    pub(crate) fn has_master_key(&self) -> bool {
        self.master.is_some()
    }
}

impl MasterKey {
    /// The id tells two values apart without telling either.
    fn new(key: &str) -> Self {
        let digest = digest(key);
        let id = digest[..8].iter().fold("master-key:".to_owned(), |id, byte| format!("{id}{byte:02x}"));
        Self { digest, id }
    }

    fn holder(&self) -> Principal {
        Principal::new(&self.id, "master-key", Scope::Admin.into())
    }
}

/// As secrets are stored and compared.
fn digest(secret: &str) -> KeyDigest {
    Sha256::digest(secret.as_bytes()).into()
}

/// Whether a credential is the token of a session, dead or alive.
pub(crate) fn is_session(credential: &str) -> bool {
    credential.starts_with(SESSION_PREFIX)
}

impl Principal {
    fn new(id: &str, name: &str, scopes: Scopes) -> Self {
        Self { actor: Actor::named(id, name), scopes, session: None }
    }

    /// Whoever holds a stored key; `None`: it opens nothing any more.
    fn of_key(key: &Key) -> Option<Self> {
        key.usable(OffsetDateTime::now_utc()).then(|| Self::new(&key.id.to_string(), &key.name, key.scopes))
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

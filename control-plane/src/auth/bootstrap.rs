//! Bootstrap credentials: secrets that an operator chose for the first run.
//!
//! `ADMIN_BOOTSTRAP_ENABLED` takes each of them in once in the store's life. From then on the stored argon2id hash is the
//! credential and the variables mean nothing: another value changes nothing, and a retired credential never comes back.

use std::sync::{Arc, Mutex, PoisonError};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use ferrogw_config::Secret;
use subtle::ConstantTimeEq as _;
use tokio::sync::Semaphore;

use super::{Principal, Undecided};
use crate::settings::Access;
use crate::store::{Actor, Bootstrap, BootstrapCredential, KeyDigest, Scope, Store, StoreError};

/// Shorter secrets could be guessed.
const SHORT: usize = 16;

/// Sign-ins that may wait for their verification; each takes about 19 MiB and a few hundredths of a second, one at a time.
const WAITING: usize = 16;

/// The kinds, as the admin API shows them among the keys.
pub(crate) const KINDS: [Bootstrap; 2] = [Bootstrap::Admin, Bootstrap::ReadOnly];

/// The id under which a bootstrap credential acts and is listed.
pub(crate) fn id(kind: Bootstrap) -> &'static str {
    match kind {
        Bootstrap::Admin => "bootstrap:admin",
        Bootstrap::ReadOnly => "bootstrap:read_only",
    }
}

/// What a bootstrap credential may do.
pub(crate) fn scope(kind: Bootstrap) -> Scope {
    match kind {
        Bootstrap::Admin => Scope::Admin,
        Bootstrap::ReadOnly => Scope::ReadOnly,
    }
}

/// Whoever holds the credential that is listed under `id`, if it is in force.
pub(super) async fn holder(store: &Store, id: &str) -> Result<Option<Principal>, StoreError> {
    let Some(kind) = KINDS.into_iter().find(|kind| self::id(*kind) == id) else { return Ok(None) };
    let known = store.bootstrap_credentials().await?;
    Ok(known.iter().any(|credential| credential.kind == kind).then(|| principal(kind)))
}

/// Takes in the bootstrap credentials that the environment brings, those of them that never were.
///
/// # Errors
///
/// [`StoreError::Unavailable`].
pub(crate) async fn consume(store: &Store, access: &Access) -> Result<(), StoreError> {
    if !access.admin_bootstrap_enabled {
        return Ok(());
    }
    let known = store.bootstrap_credentials().await?;
    for kind in KINDS {
        let Some((variable, secret)) = variable(access, kind) else { continue };
        if known.iter().any(|credential| credential.kind == kind) {
            continue;
        }
        if secret.expose().len() < SHORT {
            tracing::warn!("{variable} is shorter than {SHORT} characters and could be guessed; retire it soon");
        }
        if store.consume_bootstrap(kind, &hash(secret).await, &Actor::system()).await? {
            tracing::info!("{variable} was taken in; it opens the admin API until `{}` is revoked", id(kind));
        }
    }
    Ok(())
}

fn variable(access: &Access, kind: Bootstrap) -> Option<(&'static str, Secret<String>)> {
    let (name, value) = match kind {
        Bootstrap::Admin => ("ADMIN_BOOTSTRAP_KEY", &access.admin_bootstrap_key),
        Bootstrap::ReadOnly => ("ADMIN_BOOTSTRAP_READ_ONLY_KEY", &access.admin_bootstrap_read_only_key),
    };
    value.clone().filter(|secret| !secret.expose().is_empty()).map(|secret| (name, secret))
}

/// The argon2id hash in PHC form, made where it blocks nobody.
async fn hash(secret: Secret<String>) -> String {
    let hashing = tokio::task::spawn_blocking(move || {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).expect("the operating system gives random bytes");
        let hash = Argon2::default().hash_password_with_salt(secret.expose().as_bytes(), &salt);
        hash.expect("the default parameters and a salt of 16 bytes are valid").to_string()
    });
    hashing.await.expect("hashing does not panic")
}

/// Verifies operator-chosen secrets: dear by design, so one at a time, with a bounded queue, and only once per secret.
#[derive(Debug)]
pub(super) struct Verifier {
    turn: Arc<Semaphore>,
    queue: Semaphore,
    /// The digest of the secret that each stored hash was verified against; at most one entry per credential in force.
    verified: Mutex<Vec<(String, KeyDigest)>>,
}

impl Default for Verifier {
    fn default() -> Self {
        Self { turn: Arc::new(Semaphore::new(1)), queue: Semaphore::new(WAITING), verified: Mutex::default() }
    }
}

impl Verifier {
    /// Whose bootstrap credential this is.
    pub(super) async fn identify(
        &self,
        store: &Store,
        credential: &str,
        digest: KeyDigest,
    ) -> Result<Option<Principal>, Undecided> {
        let known = store.bootstrap_credentials().await?;
        if let Some(kind) = self.recall(&known, &digest) {
            return Ok(Some(principal(kind)));
        }
        if known.is_empty() {
            return Ok(None);
        }
        let _place = self.queue.try_acquire().map_err(|_| Undecided::Busy)?;
        let turn = Arc::clone(&self.turn).acquire_owned().await.map_err(|_| Undecided::Busy)?;
        let secret = Secret::new(credential.to_owned());
        // The turn goes with the work: a caller that hangs up does not let the next one start beside it.
        let verifying = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            known.into_iter().find(|candidate| matches(&candidate.hash, secret.expose()))
        });
        let Some(found) = verifying.await.map_err(|_| Undecided::Busy)? else { return Ok(None) };
        self.remember(&found, digest);
        Ok(Some(principal(found.kind)))
    }

    /// The credential that was already verified against this digest, if it is still in force; forgets those that are not.
    fn recall(&self, known: &[BootstrapCredential], digest: &KeyDigest) -> Option<Bootstrap> {
        let mut verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        verified.retain(|(hash, _)| known.iter().any(|credential| credential.hash == *hash));
        let (hash, _) = verified.iter().find(|(_, known)| bool::from(known.ct_eq(digest)))?;
        known.iter().find(|credential| credential.hash == *hash).map(|credential| credential.kind)
    }

    fn remember(&self, credential: &BootstrapCredential, digest: KeyDigest) {
        let mut verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        verified.retain(|(hash, _)| *hash != credential.hash);
        verified.push((credential.hash.clone(), digest));
    }
}

fn matches(hash: &str, secret: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(secret.as_bytes(), &hash).is_ok())
}

fn principal(kind: Bootstrap) -> Principal {
    Principal::new(id(kind), "bootstrap", scope(kind).into())
}

//! Bootstrap credentials among the keys: they are listed, and can be taken away, but not changed.

use ferrogw_api::key as api;
use time::OffsetDateTime;

use super::{denied, scope};
use crate::app::App;
use crate::auth::{Principal, bootstrap};
use crate::http::rejection::Rejection;
use crate::store::{Bootstrap, BootstrapCredential, Guard, Scope, Store};

pub(super) async fn list(store: &Store) -> Result<Vec<api::Key>, Rejection> {
    Ok(store.bootstrap_credentials().await?.iter().map(shown).collect())
}

pub(super) async fn find(store: &Store, id: &str) -> Result<Option<api::Key>, Rejection> {
    let Some(kind) = kind(id) else { return Ok(None) };
    Ok(store.bootstrap_credentials().await?.iter().find(|credential| credential.kind == kind).map(shown))
}

/// A bootstrap credential is what the operator chose; to have another one, an ordinary key is made.
pub(super) async fn refuse_change(store: &Store, id: &str) -> Result<(), Rejection> {
    match find(store, id).await? {
        Some(_) => Err(Rejection::conflict(
            "bootstrap_credential",
            "A bootstrap credential cannot be changed. Create a key, then revoke this one.",
        )),
        None => Ok(()),
    }
}

/// Takes the credential away if `id` is one; false: it is not.
pub(super) async fn retire(app: &App, id: &str, action: &str, principal: &Principal) -> Result<bool, Rejection> {
    let Some(kind) = kind(id) else { return Ok(false) };
    if let Some(guard) = guard(app, id, kind, principal).await? {
        denied(&app.store, action, id, guard.code(), principal).await;
        return Err(crate::store::StoreError::Guard(guard).into());
    }
    app.store.retire_bootstrap(kind, &principal.actor).await?;
    Ok(true)
}

/// Nobody locks themselves out, or everybody.
async fn guard(app: &App, id: &str, kind: Bootstrap, principal: &Principal) -> Result<Option<Guard>, Rejection> {
    if principal.actor.id == id {
        return Ok(Some(Guard::SelfMutation));
    }
    if bootstrap::scope(kind) != Scope::Admin || app.keyring().has_master_key() {
        return Ok(None);
    }
    let now = OffsetDateTime::now_utc();
    let admins = app.store.keys().await?.into_iter().filter(|key| key.usable(now) && key.scopes.contains(Scope::Admin)).count();
    Ok((admins == 0).then_some(Guard::LastAdmin))
}

fn kind(id: &str) -> Option<Bootstrap> {
    bootstrap::KINDS.into_iter().find(|kind| bootstrap::id(*kind) == id)
}

fn shown(credential: &BootstrapCredential) -> api::Key {
    api::Key {
        id: bootstrap::id(credential.kind).to_owned(),
        key: "...".to_owned(),
        name: "bootstrap".to_owned(),
        scopes: vec![scope(bootstrap::scope(credential.kind))],
        created_at: credential.consumed_at,
        revoked_at: None,
        expires_at: None,
        rotated_at: None,
        last_used_at: None,
        usage_count: Some(0),
        cost_usd: Some(0.0),
        active: true,
    }
}

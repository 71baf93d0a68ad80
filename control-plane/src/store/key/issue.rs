//! Making keys, and giving them new secrets.

use ferrogw_config::Secret;
use sea_orm::{DatabaseTransaction, EntityTrait as _, IntoActiveModel as _};
use serde_json::json;
use uuid::Uuid;

use super::guard::{self, Change};
use super::{IssuedKey, Key, NewKey, Scope, Scopes};
use crate::entity::{api_key, key_removal};
use crate::store::column::{micros, now, signed, text};
use crate::store::database::Lock;
use crate::store::{Actor, Area, Deed, Guard, Outcome, Store, StoreError, audit, secret, session};

/// How the secret of a key begins.
pub(super) const PREFIX: &str = "sk-ferro-";

impl Store {
    /// Makes a key.
    ///
    /// # Errors
    ///
    /// [`StoreError::Invalid`] without a name.
    pub async fn create_key(&self, new: NewKey, actor: &Actor) -> Result<IssuedKey, StoreError> {
        let database = self.database(Area::Keys)?;
        let transaction = database.begin_locked(Lock::Keys).await?;
        let issued = insert(&transaction, new, actor).await?;
        database.announce(&transaction).await?;
        transaction.commit().await?;
        self.changed();
        Ok(issued)
    }

    /// Gives a key a new secret; the old one is refused at once, and so is every session that it opened but the actor's own: whoever
    /// rotates a key from a session has to see the answer.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`], or [`Guard::DeadKey`] when it could not be used anyway.
    pub async fn rotate_key(&self, id: Uuid, actor: &Actor) -> Result<IssuedKey, StoreError> {
        let database = self.database(Area::Keys)?;
        let transaction = database.begin_locked(Lock::Keys).await?;
        let mut row = guard::find(&transaction, id).await?;
        if !Key::from(row.clone()).usable(now()) {
            return Err(guard::deny(transaction, Change::Rotate, id, Guard::DeadKey, actor).await);
        }
        let secret = secret::mint(PREFIX)?;
        let revision = guard::next_revision(&transaction).await?;
        let removal = key_removal::Model { revision: signed(revision), digest: std::mem::take(&mut row.digest) };
        key_removal::Entity::insert(removal.into_active_model()).exec_without_returning(&transaction).await?;
        row.digest = secret::digest(&secret).to_vec();
        row.display = display(&secret);
        row.rotated_us = Some(micros(now()));
        let key = guard::replace(&transaction, row, revision).await?;
        session::end_all_of(&transaction, &id.to_string(), actor.session).await?;
        let target = id.to_string();
        let deed =
            Deed { action: Change::Rotate.name(), target: &target, outcome: Outcome::Ok, detail: json!({ "name": key.name }) };
        audit::append(&transaction, &deed, actor).await?;
        database.announce(&transaction).await?;
        transaction.commit().await?;
        self.changed();
        Ok(IssuedKey { key, secret })
    }
}

/// Makes a key within a transaction that holds the lock on keys.
pub(in crate::store) async fn insert(
    transaction: &DatabaseTransaction,
    new: NewKey,
    actor: &Actor,
) -> Result<IssuedKey, StoreError> {
    let name = guard::name(&new.name)?;
    let scopes = if new.scopes.is_empty() { Scopes::from(Scope::ReadOnly) } else { new.scopes };
    let secret = secret::mint(PREFIX)?;
    let row = api_key::Model {
        id: Uuid::now_v7(),
        digest: secret::digest(&secret).to_vec(),
        display: display(&secret),
        name: text(name),
        scopes: scopes.to_string(),
        admin: scopes.contains(Scope::Admin),
        created_us: micros(now()),
        expires_us: new.expires_at.map(micros),
        revoked_us: None,
        rotated_us: None,
        revision: signed(guard::next_revision(transaction).await?),
        internal: false,
    };
    api_key::Entity::insert(row.clone().into_active_model()).exec_without_returning(transaction).await?;
    let key = Key::from(row);
    let target = key.id.to_string();
    let detail = json!({ "name": key.name, "scopes": key.scopes.names() });
    audit::append(transaction, &Deed { action: "key.create", target: &target, outcome: Outcome::Ok, detail }, actor).await?;
    Ok(IssuedKey { key, secret })
}

/// What is shown of a secret: enough to tell keys apart.
pub(super) fn display(secret: &Secret<String>) -> String {
    let secret = secret.expose();
    format!("{}...{}", &secret[..PREFIX.len() + 4], &secret[secret.len() - 4..])
}

#[cfg(test)]
mod tests {
    use super::{PREFIX, display, secret};

    #[test]
    fn a_secret_shows_its_ends_only() {
        let secret = secret::mint(PREFIX).expect("randomness");
        let shown = display(&secret);
        assert_eq!((secret.expose().len(), shown.len()), (52, 20));
        assert!(shown.starts_with("sk-ferro-") && secret.expose().ends_with(&shown[16..]));
    }
}

//! Changing, revoking and deleting keys.

use sea_orm::{EntityTrait as _, IntoActiveModel as _};
use serde_json::{Map, Value, json};
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use super::guard::{self, Change};
use super::{Expiry, Key, KeyEdit, Scope};
use crate::entity::{api_key, key_removal};
use crate::store::column::{micros, now, signed, text};
use crate::store::database::Lock;
use crate::store::{Actor, Area, Deed, Outcome, Store, StoreError, audit};

impl Store {
    /// Changes a key's name, scopes or end.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`], [`StoreError::Invalid`], or a [`Guard`](crate::store::Guard) when it would lock the actor or
    /// everybody out.
    pub async fn update_key(&self, id: Uuid, edit: KeyEdit, actor: &Actor) -> Result<Key, StoreError> {
        if edit.scopes.is_some_and(super::Scopes::is_empty) {
            return Err(StoreError::Invalid("a key needs a scope".to_owned()));
        }
        let name = edit.name.as_deref().map(guard::name).transpose()?.map(text);
        let apply = |row: &mut api_key::Model| {
            row.name = name.unwrap_or(std::mem::take(&mut row.name));
            if let Some(scopes) = edit.scopes {
                row.scopes = scopes.to_string();
                row.admin = scopes.contains(Scope::Admin);
            }
            match edit.expiry {
                Expiry::Keep => {}
                Expiry::Never => row.expires_us = None,
                Expiry::At(end) => row.expires_us = Some(micros(end)),
            }
        };
        self.change_key(id, Change::Update, apply, actor).await
    }

    /// Refuses a key for good; once more does nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] or a [`Guard`](crate::store::Guard).
    pub async fn revoke_key(&self, id: Uuid, actor: &Actor) -> Result<Key, StoreError> {
        let apply = |row: &mut api_key::Model| row.revoked_us = Some(row.revoked_us.unwrap_or_else(|| micros(now())));
        self.change_key(id, Change::Revoke, apply, actor).await
    }

    /// Forgets a key.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] or a [`Guard`](crate::store::Guard).
    pub async fn delete_key(&self, id: Uuid, actor: &Actor) -> Result<(), StoreError> {
        let database = self.database(Area::Keys)?;
        let transaction = database.begin_locked(Lock::Keys).await?;
        let row = guard::find(&transaction, id).await?;
        let key = Key::from(row.clone());
        if let Some(guard) = guard::check(&transaction, &key, None, actor).await? {
            return Err(guard::deny(transaction, Change::Delete, id, guard, actor).await);
        }
        let revision = signed(guard::next_revision(&transaction).await?);
        let removal = key_removal::Model { revision, digest: row.digest };
        key_removal::Entity::insert(removal.into_active_model()).exec_without_returning(&transaction).await?;
        api_key::Entity::delete_by_id(id).exec(&transaction).await?;
        let (target, detail) = (id.to_string(), json!({ "name": key.name }));
        let deed = Deed { action: Change::Delete.name(), target: &target, outcome: Outcome::Ok, detail };
        audit::append(&transaction, &deed, actor).await?;
        database.announce(&transaction).await?;
        transaction.commit().await?;
        self.changed();
        Ok(())
    }

    /// Changes a row as `apply` says, unless that changes nothing or a guard is against it.
    async fn change_key(
        &self,
        id: Uuid,
        change: Change,
        apply: impl FnOnce(&mut api_key::Model),
        actor: &Actor,
    ) -> Result<Key, StoreError> {
        let database = self.database(Area::Keys)?;
        let transaction = database.begin_locked(Lock::Keys).await?;
        let before = guard::find(&transaction, id).await?;
        let mut after = before.clone();
        apply(&mut after);
        if after == before {
            return Ok(before.into());
        }
        let before = Key::from(before);
        if let Some(guard) = guard::check(&transaction, &before, Some(&after.clone().into()), actor).await? {
            return Err(guard::deny(transaction, change, id, guard, actor).await);
        }
        let revision = guard::next_revision(&transaction).await?;
        let key = guard::replace(&transaction, after, revision).await?;
        let (target, detail) = (id.to_string(), detail(change, &before, &key));
        let deed = Deed { action: change.name(), target: &target, outcome: Outcome::Ok, detail };
        audit::append(&transaction, &deed, actor).await?;
        database.announce(&transaction).await?;
        transaction.commit().await?;
        self.changed();
        Ok(key)
    }
}

/// What the audit trail says of a change: what was and what is.
fn detail(change: Change, before: &Key, after: &Key) -> Value {
    if change != Change::Update {
        return json!({ "name": after.name });
    }
    let members = |key: &Key| {
        let end = key.expires_at.map(|end| end.format(&Rfc3339).unwrap_or_else(|_| end.to_string()));
        [("name", json!(key.name)), ("scopes", json!(key.scopes.names())), ("expires_at", json!(end))]
    };
    let pairs = members(before).into_iter().zip(members(after)).filter(|(before, after)| before != after);
    let changed: Map<String, Value> =
        pairs.map(|((member, before), (_, after))| (member.to_owned(), json!({ "before": before, "after": after }))).collect();
    json!({ "changed": changed })
}

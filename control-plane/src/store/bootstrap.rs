//! What happens once in a store's life: bootstrap credentials and the keys of the first start.
//!
//! Each kind is consumed durably and never armed again, also after all keys are gone: otherwise an old environment variable
//! could turn into a live credential.

use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _,
    IntoActiveModel as _, PaginatorTrait as _, QueryFilter as _,
};
use serde_json::Value;

use super::column::{instant, micros, now};
use super::database::Lock;
use super::{Actor, Area, Deed, IssuedKey, NewKey, Outcome, Store, StoreError, audit, key};
use crate::entity::{api_key, bootstrap};

/// The kind under which the keys of the first start are consumed.
const FIRST_KEYS: &str = "first_keys";

/// A credential that the environment may bring once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bootstrap {
    /// `ADMIN_BOOTSTRAP_KEY`.
    Admin,
    /// `ADMIN_BOOTSTRAP_READ_ONLY_KEY`.
    ReadOnly,
}

impl Bootstrap {
    fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::ReadOnly => "read_only",
        }
    }
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
        let database = self.database(Area::Keys)?;
        let transaction = database.begin_locked(Lock::Keys).await?;
        if !consume(&transaction, kind.name(), Some(hash)).await? {
            return Ok(false);
        }
        let deed = Deed { action: "bootstrap.consume", target: kind.name(), outcome: Outcome::Ok, detail: Value::Null };
        audit::append(&transaction, &deed, actor).await?;
        database.announce(&transaction).await?;
        transaction.commit().await?;
        self.changed();
        Ok(true)
    }

    /// The bootstrap credentials that open the admin API.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn bootstrap_credentials(&self) -> Result<Vec<BootstrapCredential>, StoreError> {
        let in_force = bootstrap::Entity::find().filter(bootstrap::Column::Hash.is_not_null());
        let rows = in_force.all(&self.database(Area::Keys)?.reader).await?;
        let credential = |row: bootstrap::Model| {
            let kind = [Bootstrap::Admin, Bootstrap::ReadOnly].into_iter().find(|kind| kind.name() == row.kind)?;
            Some(BootstrapCredential { kind, hash: row.hash?, consumed_at: instant(row.consumed_us) })
        };
        Ok(rows.into_iter().filter_map(credential).collect())
    }

    /// Shuts a bootstrap credential out for good; it stays consumed.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] when none is in force.
    pub async fn retire_bootstrap(&self, kind: Bootstrap, actor: &Actor) -> Result<(), StoreError> {
        let database = self.database(Area::Keys)?;
        let transaction = database.begin_locked(Lock::Keys).await?;
        let row = bootstrap::Entity::find_by_id(kind.name()).one(&transaction).await?;
        let in_force = row.filter(|row| row.hash.is_some()).ok_or(StoreError::NotFound("bootstrap credential"))?;
        let mut row = in_force.into_active_model();
        row.hash = Set(None);
        row.update(&transaction).await?;
        let deed = Deed { action: "bootstrap.retire", target: kind.name(), outcome: Outcome::Ok, detail: Value::Null };
        audit::append(&transaction, &deed, actor).await?;
        database.announce(&transaction).await?;
        transaction.commit().await?;
        self.changed();
        Ok(())
    }

    /// Makes the keys of the first start, once in the store's life; `None`: that was done before, or there are keys already.
    ///
    /// # Errors
    ///
    /// [`StoreError::Invalid`] when a key has no name.
    pub async fn create_first_keys(&self, keys: Vec<NewKey>, actor: &Actor) -> Result<Option<Vec<IssuedKey>>, StoreError> {
        let database = self.database(Area::Keys)?;
        let transaction = database.begin_locked(Lock::Keys).await?;
        let untouched = api_key::Entity::find().count(&transaction).await? == 0;
        if !consume(&transaction, FIRST_KEYS, None).await? {
            return Ok(None);
        }
        let mut issued = Vec::new();
        if untouched {
            for new in keys {
                issued.push(key::insert(&transaction, new, actor).await?);
            }
        }
        database.announce(&transaction).await?;
        transaction.commit().await?;
        self.changed();
        Ok(untouched.then_some(issued))
    }
}

/// Marks a kind as consumed; false: it was before.
async fn consume(transaction: &DatabaseTransaction, kind: &str, hash: Option<&str>) -> Result<bool, DbErr> {
    if bootstrap::Entity::find_by_id(kind).one(transaction).await?.is_some() {
        return Ok(false);
    }
    let row = bootstrap::Model { kind: kind.to_owned(), hash: hash.map(str::to_owned), consumed_us: micros(now()) };
    bootstrap::Entity::insert(row.into_active_model()).exec_without_returning(transaction).await?;
    Ok(true)
}

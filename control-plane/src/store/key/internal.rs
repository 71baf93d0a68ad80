//! Keys that the control plane makes for itself: they are pushed to workers as all keys are, and seen nowhere else.

use sea_orm::{ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _};
use time::OffsetDateTime;
use uuid::Uuid;

use super::issue::display;
use super::{IssuedKey, Key, Scope, guard, issue};
use crate::entity::{api_key, key_removal};
use crate::store::column::{micros, now, signed};
use crate::store::database::Lock;
use crate::store::{Area, Store, StoreError, secret};

/// What [`ferrogw_api::key::PLAYGROUND`] spells. Ids of internal keys begin as this one does, which no other id may: the version is
/// that of ids with a meaning of one's own (RFC 9562, 5.8).
const PLAYGROUND: Uuid = match Uuid::try_parse(ferrogw_api::key::PLAYGROUND) {
    Ok(id) => id,
    Err(_) => panic!("it is an id"),
};

fn new_id() -> Uuid {
    Uuid::from_u64_pair(PLAYGROUND.as_u64_pair().0, Uuid::now_v7().as_u64_pair().1)
}

/// Under which id a key's requests are kept and counted.
pub(crate) fn counted_as(id: Uuid) -> Uuid {
    if id.as_u64_pair().0 == PLAYGROUND.as_u64_pair().0 { PLAYGROUND } else { id }
}

impl Store {
    /// Makes a key for inference that lives until `end`.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn create_internal_key(&self, end: OffsetDateTime) -> Result<IssuedKey, StoreError> {
        let database = self.database(Area::Keys)?;
        let transaction = database.begin_locked(Lock::Keys).await?;
        let secret = secret::mint(issue::PREFIX)?;
        let row = api_key::Model {
            id: new_id(),
            digest: secret::digest(&secret).to_vec(),
            display: display(&secret),
            name: "playground".to_owned(),
            scopes: Scope::Inference.name().to_owned(),
            admin: false,
            created_us: micros(now()),
            expires_us: Some(micros(end)),
            revoked_us: None,
            rotated_us: None,
            revision: signed(guard::next_revision(&transaction).await?),
            internal: true,
        };
        api_key::Entity::insert(row.clone().into_active_model()).exec_without_returning(&transaction).await?;
        database.announce(&transaction).await?;
        transaction.commit().await?;
        self.changed();
        Ok(IssuedKey { key: Key::from(row), secret })
    }

    /// Removes those that have ended, whichever control plane made them.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn remove_dead_internal_keys(&self) -> Result<(), StoreError> {
        let database = self.database(Area::Keys)?;
        let dead = || {
            let internal = api_key::Entity::find().filter(api_key::Column::Internal.eq(true));
            internal.filter(api_key::Column::ExpiresUs.lte(micros(now())))
        };
        if dead().one(&database.reader).await?.is_none() {
            return Ok(());
        }
        let transaction = database.begin_locked(Lock::Keys).await?;
        for row in dead().all(&transaction).await? {
            let revision = signed(guard::next_revision(&transaction).await?);
            let removal = key_removal::Model { revision, digest: row.digest };
            key_removal::Entity::insert(removal.into_active_model()).exec_without_returning(&transaction).await?;
            api_key::Entity::delete_by_id(row.id).exec(&transaction).await?;
        }
        database.announce(&transaction).await?;
        transaction.commit().await?;
        self.changed();
        Ok(())
    }
}

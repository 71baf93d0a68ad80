//! What has changed of the keys since a revision, in steps of bounded size.

use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use super::{KeyChanges, KeyGrant, Scopes, digest};
use crate::entity::{api_key, key_removal, key_revision};
use crate::store::column::{instant, signed, unsigned};
use crate::store::{Area, Store, StoreError};

impl Store {
    /// The newest key revision; changes with each change of any key.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn key_revision(&self) -> Result<u64, StoreError> {
        Ok(unsigned(revisions(&self.database(Area::Keys)?.reader).await?.revision))
    }

    /// The next step after `revision`, of at most `limit` upserts and as many removals. It opens a new table (`from` = 0) when
    /// `revision` is 0 or comes from another store.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn key_changes_since(&self, revision: u64, limit: u64) -> Result<KeyChanges, StoreError> {
        let reader = &self.database(Area::Keys)?.reader;
        // The head is read first: a key that changes meanwhile is above it, and belongs to the next step.
        let known = revisions(reader).await?;
        let (first, head) = (unsigned(known.first), unsigned(known.revision));
        let from = if (first..=head).contains(&revision) { revision } else { 0 };
        let keys = changed(reader, from, head, limit).await?;
        let removals = if from == 0 { Vec::new() } else { removed(reader, from, head, limit).await? };

        let end = |count: usize, last: Option<i64>| match last {
            Some(last) if count as u64 >= limit => unsigned(last),
            _ => head,
        };
        let to = end(keys.len(), keys.last().map(|row| row.revision))
            .min(end(removals.len(), removals.last().map(|row| row.revision)));
        let mut changes = KeyChanges { from, to, more: to < head, upserts: Vec::new(), removed: Vec::new() };
        for removal in removals.iter().filter(|row| unsigned(row.revision) <= to) {
            changes.removed.push(digest(&removal.digest)?);
        }
        for row in keys.iter().filter(|row| unsigned(row.revision) <= to) {
            match row.revoked_us {
                Some(_) => changes.removed.push(digest(&row.digest)?),
                None => changes.upserts.push(grant(row)?),
            }
        }
        Ok(changes)
    }
}

async fn revisions(db: &impl ConnectionTrait) -> Result<key_revision::Model, DbErr> {
    let row = key_revision::Entity::find().one(db).await?;
    row.ok_or_else(|| DbErr::RecordNotFound("the key revision".to_owned()))
}

async fn changed(db: &impl ConnectionTrait, from: u64, to: u64, limit: u64) -> Result<Vec<api_key::Model>, DbErr> {
    let mut rows = api_key::Entity::find()
        .filter(api_key::Column::Revision.gt(signed(from)))
        .filter(api_key::Column::Revision.lte(signed(to)));
    if from == 0 {
        rows = rows.filter(api_key::Column::RevokedUs.is_null());
    }
    rows.order_by_asc(api_key::Column::Revision).limit(limit).all(db).await
}

async fn removed(db: &impl ConnectionTrait, from: u64, to: u64, limit: u64) -> Result<Vec<key_removal::Model>, DbErr> {
    key_removal::Entity::find()
        .filter(key_removal::Column::Revision.gt(signed(from)))
        .filter(key_removal::Column::Revision.lte(signed(to)))
        .order_by_asc(key_removal::Column::Revision)
        .limit(limit)
        .all(db)
        .await
}

fn grant(row: &api_key::Model) -> Result<KeyGrant, StoreError> {
    Ok(KeyGrant {
        digest: digest(&row.digest)?,
        id: row.id,
        expires_at: row.expires_us.map(instant),
        scopes: Scopes::known(&row.scopes),
    })
}

//! What was in force and when: parts of the list of activations, with their documents or without.

use std::collections::HashMap;

use ferrogw_config::Digest;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait as _, PaginatorTrait as _, QueryOrder as _, QuerySelect as _};
use time::OffsetDateTime;
use uuid::Uuid;

use super::Activation;
use super::row::{digests, from_row, lengths, with_versions};
use crate::entity::activation;
use crate::store::{Area, Page, Store, StoreError};

/// A part of the history with documents ends early where they would be longer than this together: a page of the longest ones holds
/// 600 MB.
const MOST_BYTES: u64 = 16 << 20;

/// An entry of the history without its document.
#[derive(Debug, Clone)]
pub struct Outline {
    /// Its number.
    pub generation: u64,
    /// What names the document; `None`: no configuration.
    pub digest: Option<Digest>,
    /// Who did it, as [`Actor::display`](crate::store::Actor::display) writes it.
    pub actor: String,
    /// What was said about it.
    pub note: String,
    /// On a rollback: the generation that was in force before.
    pub rolled_back_from: Option<u64>,
    /// When.
    pub at: OffsetDateTime,
}

impl Activation {
    /// Everything but the document.
    #[must_use]
    pub fn outline(&self) -> Outline {
        Outline {
            generation: self.generation,
            digest: self.version.as_ref().map(|version| version.document.digest()),
            actor: self.actor.clone(),
            note: self.note.clone(),
            rolled_back_from: self.rolled_back_from,
            at: self.at,
        }
    }
}

/// A part of the history.
#[derive(Debug, Clone)]
pub struct History<Entry = Activation> {
    /// Ascending by generation.
    pub activations: Vec<Entry>,
    /// How many there are in all.
    pub total: u64,
}

impl Store {
    /// A part of the history: `page` counts from the newest, the answer ascends. Where documents are long it is the newest ones of the
    /// page, one at least.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn history(&self, page: Page) -> Result<History, StoreError> {
        let reader = &self.database(Area::Config)?.reader;
        let (mut rows, total) = part(reader, page).await?;
        let lengths = lengths(reader, &rows).await?;
        rows.drain(..rows.len() - fitting(&rows, &lengths));
        Ok(History { activations: with_versions(reader, rows).await?, total })
    }

    /// As [`Self::history`], without reading the documents, of which a page can hold hundreds of megabytes.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn outlines(&self, page: Page) -> Result<History<Outline>, StoreError> {
        let reader = &self.database(Area::Config)?.reader;
        let (rows, total) = part(reader, page).await?;
        let named = digests(reader, &rows).await?;
        let outlines = rows.into_iter().map(|row| {
            let digest = row.version_id.and_then(|id| named.get(&id).copied());
            Ok(Outline { digest, ..from_row(row, None)?.outline() })
        });
        Ok(History { activations: outlines.collect::<Result<_, DbErr>>()?, total })
    }
}

/// How many of the rows, from the last one backwards, have documents that fit a part. One does in any case.
fn fitting(rows: &[activation::Model], lengths: &HashMap<Uuid, u64>) -> usize {
    let mut bytes: u64 = 0;
    let newest_first = rows.iter().rev().enumerate().take_while(|(at, row)| {
        bytes += row.version_id.and_then(|id| lengths.get(&id)).copied().unwrap_or_default();
        *at == 0 || bytes <= MOST_BYTES
    });
    newest_first.count()
}

/// The rows of a part of the history, ascending, and how many there are in all.
async fn part(db: &impl ConnectionTrait, page: Page) -> Result<(Vec<activation::Model>, u64), DbErr> {
    let total = activation::Entity::find().count(db).await?;
    let newest_first = activation::Entity::find().order_by_desc(activation::Column::Generation);
    let mut rows = newest_first.offset(page.offset).limit(page.bounded()).all(db).await?;
    rows.reverse();
    Ok((rows, total))
}

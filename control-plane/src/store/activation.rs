//! Configuration versions, and which of them is in force.
//!
//! A version is immutable and named by its digest; an activation puts one in force under the next generation. Nothing is ever
//! overwritten: a rollback is a new generation with older content.

use std::sync::Arc;

use ferrogw_config::Document;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _,
};
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::column::{micros, now, signed, text, unsigned};
use super::database::Lock;
use super::redact::redact;
use super::{Actor, Area, Deed, Outcome, Store, StoreError, audit};
use crate::entity::{activation, version};
use row::{from_row, row, versions, with_versions};

mod history;
mod row;

pub use history::{History, Outline};

/// What is to be put in force.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The configuration; `None`: none at all (a deletion with nothing to go back to).
    pub document: Option<Document>,
    /// What the operator did.
    pub action: Action,
    /// What the operator says about it.
    pub note: String,
}

/// What made an activation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// A configuration was posted.
    Create,
    /// A configuration was put.
    Update,
    /// The configuration was taken back to what the process started with.
    Delete,
    /// An earlier generation's content was put in force again.
    Rollback {
        /// The generation whose content it is.
        to: u64,
    },
    /// A configuration file was read at start.
    Import,
    /// A configuration was made of the credentials found.
    Generate,
}

/// An immutable configuration document.
#[derive(Debug, Clone)]
pub struct Version {
    /// Its id.
    pub id: Uuid,
    /// Its content.
    pub document: Document,
    /// Who brought it first.
    pub author: String,
    /// What was said about it then.
    pub note: String,
    /// When it was first stored.
    pub created_at: OffsetDateTime,
}

/// One entry of the history: a version put in force.
#[derive(Debug, Clone)]
pub struct Activation {
    /// Its number; they are contiguous and begin with 1. REST calls it `version`.
    pub generation: u64,
    /// What is in force; `None`: no configuration.
    pub version: Option<Arc<Version>>,
    /// What made it.
    pub action: Action,
    /// Who did it, as [`Actor::display`] writes it.
    pub actor: String,
    /// What was said about it.
    pub note: String,
    /// On a rollback: the generation that was in force before.
    pub rolled_back_from: Option<u64>,
    /// When.
    pub at: OffsetDateTime,
}

impl Store {
    /// Puts `draft` in force under the next generation. With `expected`, only if that generation is in force (0: none yet).
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] when `expected` is not in force.
    pub async fn activate(&self, draft: Draft, expected: Option<u64>, actor: &Actor) -> Result<Activation, StoreError> {
        let database = self.database(Area::Config)?;
        let transaction = database.begin_locked(Lock::Activation).await?;
        let current = newest(&transaction).await?.map_or(0, |row| unsigned(row.generation));
        if expected.is_some_and(|expected| expected != current) {
            return Err(StoreError::Conflict { current });
        }
        let note = redact(&text(&draft.note)).into_owned();
        let version = match &draft.document {
            Some(document) => Some(Arc::new(keep(&transaction, document, &note, actor).await?)),
            None => None,
        };
        let activation = Activation {
            generation: current + 1,
            version,
            action: draft.action,
            actor: text(&actor.display()),
            note,
            rolled_back_from: draft.action.rolled_back_to().map(|_| current),
            at: now(),
        };
        activation::Entity::insert(row(&activation).into_active_model()).exec_without_returning(&transaction).await?;
        write_down(&transaction, &activation, actor).await?;
        database.announce(&transaction).await?;
        transaction.commit().await?;
        self.changed();
        Ok(activation)
    }

    /// The activation in force; `None`: the store has never held a configuration.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn current(&self) -> Result<Option<Activation>, StoreError> {
        let reader = &self.database(Area::Config)?.reader;
        let Some(row) = newest(reader).await? else { return Ok(None) };
        // This is asked for every few seconds, and a version never changes: the one that was read last need not be read again.
        let version = match self.open.version.load_full().filter(|version| Some(version.id) == row.version_id) {
            Some(known) => Some(known),
            None => versions(reader, row.version_id.as_slice()).await?.into_values().next(),
        };
        self.open.version.store(version.clone());
        Ok(Some(from_row(row, version)?))
    }

    /// The activation with that generation.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] when there is none.
    pub async fn activation(&self, generation: u64) -> Result<Activation, StoreError> {
        let reader = &self.database(Area::Config)?.reader;
        let row = activation::Entity::find_by_id(signed(generation)).one(reader).await?;
        with_versions(reader, row.into_iter().collect()).await?.pop().ok_or(StoreError::NotFound("configuration version"))
    }

    /// The newest import of a configuration file, so that a file that has not changed since is not imported again.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn last_import(&self) -> Result<Option<Activation>, StoreError> {
        let reader = &self.database(Area::Config)?.reader;
        let imports = activation::Entity::find().filter(activation::Column::Action.eq(Action::Import.name()));
        let row = imports.order_by_desc(activation::Column::Generation).one(reader).await?;
        Ok(with_versions(reader, row.into_iter().collect()).await?.pop())
    }
}

async fn newest(db: &impl ConnectionTrait) -> Result<Option<activation::Model>, DbErr> {
    activation::Entity::find().order_by_desc(activation::Column::Generation).one(db).await
}

/// The version that holds `document`: the one that always did, or a new one.
async fn keep(transaction: &DatabaseTransaction, document: &Document, note: &str, actor: &Actor) -> Result<Version, StoreError> {
    let digest = document.digest().0.to_vec();
    let format =
        i32::try_from(document.format()).map_err(|_| StoreError::Invalid("the document's format is out of range".into()))?;
    let same = Condition::all().add(version::Column::Digest.eq(digest.clone())).add(version::Column::Format.eq(format));
    if let Some(known) = version::Entity::find().filter(same).one(transaction).await? {
        return Ok(known.into());
    }
    let row = version::Model {
        id: Uuid::now_v7(),
        digest,
        format,
        document: document.bytes().to_vec(),
        author: text(&actor.display()),
        note: note.to_owned(),
        created_us: micros(now()),
    };
    version::Entity::insert(row.clone().into_active_model()).exec_without_returning(transaction).await?;
    Ok(row.into())
}

/// Names both generations, so that what was changed can be looked at; 0: there was none before.
async fn write_down(transaction: &DatabaseTransaction, activation: &Activation, actor: &Actor) -> Result<(), StoreError> {
    let mut detail = json!({ "generation": activation.generation, "previous": activation.generation - 1 });
    if let Some(version) = &activation.version {
        detail["digest"] = version.document.digest().to_string().into();
    }
    if let Some(from) = activation.rolled_back_from {
        detail["rolled_back_from"] = from.into();
    }
    if !activation.note.is_empty() {
        detail["note"] = activation.note.clone().into();
    }
    let target = activation.action.rolled_back_to().map_or_else(|| "*".to_owned(), |to| to.to_string());
    let action = format!("config.{}", activation.action.name());
    audit::append(transaction, &Deed { action: &action, target: &target, outcome: Outcome::Ok, detail }, actor).await
}

//! Configuration versions, and which of them is in force.
//!
//! A version is immutable and named by its digest; an activation puts one in force under the next generation. Nothing is ever
//! overwritten: a rollback is a new generation with older content.

use std::sync::Arc;

use ferrogw_config::Document;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Actor, Page, Store, StoreError};

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

/// A part of the history.
#[derive(Debug, Clone)]
pub struct History {
    /// Ascending by generation.
    pub activations: Vec<Activation>,
    /// How many there are in all.
    pub total: u64,
}

impl Store {
    /// Puts `draft` in force under the next generation. With `expected`, only if that generation is in force (0: none yet).
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] when `expected` is not in force.
    pub async fn activate(&self, draft: Draft, expected: Option<u64>, actor: &Actor) -> Result<Activation, StoreError> {
        let _ = (draft, expected, actor);
        Err(super::unbuilt())
    }

    /// The activation in force; `None`: the store has never held a configuration.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn current(&self) -> Result<Option<Activation>, StoreError> {
        Err(super::unbuilt())
    }

    /// The activation with that generation.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] when there is none.
    pub async fn activation(&self, generation: u64) -> Result<Activation, StoreError> {
        let _ = generation;
        Err(super::unbuilt())
    }

    /// The newest import of a configuration file, so that a file that has not changed since is not imported again.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn last_import(&self) -> Result<Option<Activation>, StoreError> {
        Err(super::unbuilt())
    }

    /// A part of the history: `page` counts from the newest, the answer ascends.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn history(&self, page: Page) -> Result<History, StoreError> {
        let _ = page;
        Err(super::unbuilt())
    }
}

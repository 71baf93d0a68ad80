//! What every worker should be running.

use std::sync::Arc;

use ferrogw_config::Issue;
use uuid::Uuid;

use crate::store::{Activation, KeyChanges, Version};

/// What every worker should be running.
#[derive(Debug, Clone, Default)]
pub struct Published {
    /// The configuration.
    pub configuration: Configuration,
    /// The newest key revision.
    pub key_revision: u64,
    /// The step that led to it, shared by all who stand where it begins.
    pub key_step: Option<Arc<KeyChanges>>,
    /// What is wrong with the stored configuration, when it is not the one that is pushed.
    pub unusable: Option<Unusable>,
}

/// A configuration to be pushed.
#[derive(Debug, Clone, Default)]
pub enum Configuration {
    /// The store has not been read yet: nothing is pushed.
    #[default]
    Unread,
    /// None is in force.
    Absent {
        /// The generation of its deletion; 0: the store never held one.
        generation: u64,
    },
    /// One is.
    Present {
        /// Its generation.
        generation: u64,
        /// What is in force.
        version: Arc<Version>,
    },
}

/// A stored configuration that this build refuses.
#[derive(Debug, Clone)]
pub struct Unusable {
    /// Its generation.
    pub generation: u64,
    /// What is wrong with it.
    pub issues: Vec<Issue>,
}

impl Published {
    /// The generation that the store had when it was read; `None`: it was not read yet.
    #[must_use]
    pub fn stored_generation(&self) -> Option<u64> {
        self.unusable.as_ref().map(|unusable| unusable.generation).or(self.configuration.generation())
    }

    /// Whether a worker that reports `generation` with `digest` is where it should be. One that took the stored configuration before
    /// this build came to refuse it, is.
    pub(crate) fn is_run_by(&self, generation: u64, digest: &[u8]) -> bool {
        let pushed = match &self.configuration {
            Configuration::Unread => true,
            Configuration::Absent { generation: deleted } => *deleted == generation && digest.is_empty(),
            Configuration::Present { generation: pushed, version } => {
                *pushed == generation && version.document.digest().0.as_slice() == digest
            }
        };
        pushed || self.unusable.as_ref().is_some_and(|unusable| unusable.generation == generation)
    }

    /// Whether it was made of this stored activation. A store that was made anew counts its generations anew, hence the version.
    pub(super) fn comes_from(&self, current: &Activation) -> bool {
        let same_content = match (&self.configuration, &current.version) {
            _ if self.unusable.is_some() => true,
            (Configuration::Present { version, .. }, Some(stored)) => version.id == stored.id,
            (Configuration::Absent { .. }, None) => true,
            _ => false,
        };
        self.stored_generation() == Some(current.generation) && same_content
    }

    /// What tells it from another reading.
    pub(super) fn identity(&self) -> (Option<u64>, Option<u64>, Option<Uuid>, u64) {
        let version = match &self.configuration {
            Configuration::Present { version, .. } => Some(version.id),
            Configuration::Unread | Configuration::Absent { .. } => None,
        };
        (self.stored_generation(), self.configuration.generation(), version, self.key_revision)
    }
}

impl Configuration {
    /// Its generation; `None`: unread.
    #[must_use]
    pub fn generation(&self) -> Option<u64> {
        match self {
            Self::Unread => None,
            Self::Absent { generation } | Self::Present { generation, .. } => Some(*generation),
        }
    }
}

//! Why a verb of the store did not happen.

use sea_orm::DbErr;

/// What went wrong, in terms that a caller can act on. A fault of the database is always [`StoreError::Unavailable`], so that an
/// outage never looks like an empty answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Nothing has that id.
    #[error("no such {0}")]
    NotFound(&'static str),

    /// Somebody else was quicker: the generation in force is not the expected one.
    #[error("generation {current} is in force by now; read it and try again")]
    Conflict {
        /// The generation in force; 0: none yet.
        current: u64,
    },

    /// The change would lock its maker, or everybody, out.
    #[error(transparent)]
    Guard(#[from] Guard),

    /// The caller asked for something that cannot be stored.
    #[error("{0}")]
    Invalid(String),

    /// No request log is configured.
    #[error("the request log is disabled; set REQUEST_LOG_STORE_BACKEND to keep one")]
    Disabled,

    /// The database was written by a newer build.
    #[error(
        "the database holds the migration `{migration}`, which this build does not know; start the build that wrote it, or a newer one"
    )]
    Newer {
        /// The first unknown migration.
        migration: String,
    },

    /// The database cannot be opened as configured.
    #[error("cannot open the {database} database")]
    Open {
        /// Where it is, without credentials.
        database: String,
        /// What was said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },

    /// The database did not do what it was asked to.
    #[error("the database is unavailable")]
    Unavailable(#[source] DbErr),
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        Self::Unavailable(error)
    }
}

/// A change of a key that is refused for the operator's own sake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Guard {
    /// The caller's own key may not be deleted, revoked, expired or stripped of `admin` with itself.
    #[error("a key cannot take its own access away; use another admin key")]
    SelfMutation,
    /// The only usable admin key has to stay.
    #[error("this is the last usable admin key; create another one first")]
    LastAdmin,
    /// A revoked or expired key gets no new secret, which could not be used.
    #[error("the key is revoked or expired; create a new one instead")]
    DeadKey,
}

impl Guard {
    /// The guard's name in error codes and in the audit trail.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::SelfMutation => "self_mutation_forbidden",
            Self::LastAdmin => "last_admin_key",
            Self::DeadKey => "key_not_usable",
        }
    }
}

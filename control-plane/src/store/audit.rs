//! The audit trail: who did what, written in the transaction of the change itself, read and appended to but never changed.

use time::OffsetDateTime;
use uuid::Uuid;

use super::{Actor, Area, Page, Store, StoreError};

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its id.
    pub id: Uuid,
    /// When it happened.
    pub at: OffsetDateTime,
    /// What was done, e.g. `key.create`.
    pub action: String,
    /// Who did it, as [`Actor::display`] wrote it then.
    pub actor: String,
    /// The actor's credential id.
    pub actor_id: Option<String>,
    /// What it was done to; `*`: no single thing.
    pub target: String,
    /// How it ended.
    pub outcome: Outcome,
    /// A JSON object with particulars, redacted.
    pub detail: Option<String>,
    /// The address that the call came from.
    pub source_ip: Option<String>,
    /// The call's `X-Request-ID`.
    pub request_id: Option<String>,
}

/// How an audited action ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Ok,
    /// It was refused.
    Denied,
    /// It failed.
    Error,
}

impl Outcome {
    /// The outcome's name in the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Denied => "denied",
            Self::Error => "error",
        }
    }

    /// The outcome of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Ok, Self::Denied, Self::Error].into_iter().find(|outcome| outcome.name() == name)
    }
}

/// What is to be written down of an action that changed nothing in the store (a denial, a failure). Changes write theirs
/// themselves.
#[derive(Debug, Clone)]
pub struct Deed<'a> {
    /// What was done, e.g. `config.rollback`.
    pub action: &'a str,
    /// What it was done to; `*`: no single thing.
    pub target: &'a str,
    /// How it ended.
    pub outcome: Outcome,
    /// Particulars; an object.
    pub detail: serde_json::Value,
}

/// Which entries are wanted; absent members do not filter.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// The action.
    pub action: Option<String>,
    /// The actor's credential id.
    pub actor_id: Option<String>,
    /// What it was done to.
    pub target: Option<String>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Not before.
    pub since: Option<OffsetDateTime>,
    /// Before.
    pub until: Option<OffsetDateTime>,
    /// Which part of the matching entries.
    pub page: Page,
}

/// A part of the audit trail.
#[derive(Debug, Clone)]
pub struct AuditTrail {
    /// Newest first.
    pub entries: Vec<AuditEntry>,
    /// How many match in all.
    pub total: u64,
}

impl Store {
    /// Writes an action down that changed nothing, beside what it concerns.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn note(&self, area: Area, deed: &Deed<'_>, actor: &Actor) -> Result<(), StoreError> {
        let _ = (area, deed, actor);
        Err(super::unbuilt())
    }

    /// The matching entries of all areas.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn audit(&self, filter: &AuditFilter) -> Result<AuditTrail, StoreError> {
        let _ = filter;
        Err(super::unbuilt())
    }
}

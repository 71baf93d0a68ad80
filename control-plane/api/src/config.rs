//! The configuration in force and its history.

use ferrogw_config::Issue;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::problem::issues_schema;

/// The most characters of what is said about a change of the configuration.
pub const LONGEST_NOTE: usize = 500;

/// The answer to a change of the configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Written {
    /// `created`, `updated` or `deleted`.
    pub status: String,
    /// The version that is in force now.
    pub version: u64,
    /// What somebody should look at all the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(schema_with = issues_schema)]
    pub warnings: Vec<Issue>,
}

/// What a check of a document says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConfigCheck {
    /// Why it would be refused; empty: it would be taken.
    #[schema(schema_with = issues_schema)]
    pub issues: Vec<Issue>,
    /// What somebody should look at all the same.
    #[schema(schema_with = issues_schema)]
    pub warnings: Vec<Issue>,
}

/// The answer to a rollback.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RolledBack {
    /// `rolled_back`.
    pub status: String,
    /// The version whose document is in force again.
    pub rolled_back_to: u64,
    /// Entries in the history, this one included.
    pub current_history_size: u64,
    /// The version that is in force now.
    pub version: u64,
}

/// What was in force and when, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct History {
    /// One page: the newest entries, or those before them.
    pub data: Vec<HistoryEntry>,
    /// How many there are in all.
    pub summary: HistorySummary,
}

/// One change of the configuration in force.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HistoryEntry {
    /// Its number; numbers have no gaps.
    pub version: u64,
    /// When it came into force.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    /// The document; absent when the configuration was taken away, and where no documents were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub config: Option<Value>,
    /// SHA-256 of the document, in hex: entries with the same digest hold the same document. Absent when the configuration was
    /// taken away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The version that was in force when an older document was put back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rolled_back_from: Option<u64>,
    /// Who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// Why, as whoever did it said; or where the document came from, e.g. `import of config.yaml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One entry of the history, with its document as a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HistoryVersion {
    /// What the list tells too.
    #[serde(flatten)]
    pub entry: HistoryEntry,
    /// The document as indented JSON, its members in order, with everything hidden that could be a secret: fit to be compared line
    /// by line. Absent when the configuration was taken away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// How many versions there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HistorySummary {
    /// Stored, not only on this page.
    pub total_versions: u64,
}

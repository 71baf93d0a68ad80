//! The data-plane workers.

use ferrogw_config::Issue;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::problem::issues_schema;

/// Whether an address holds nothing but what addresses of hosts, ports and paths are made of. It is pasted into shells, and a worker may
/// say anything.
#[must_use]
pub fn is_plain_address(url: &str) -> bool {
    url.chars().all(|c| c.is_ascii_alphanumeric() || "-._~:/[]".contains(c))
}

/// All workers that were ever seen, connected ones first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Workers {
    /// Where clients reach the API that they serve (`FERROGW_PUBLIC_URL`); absent: nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
    /// The workers.
    pub data: Vec<Worker>,
}

/// A worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Worker {
    /// Kept in its data directory.
    pub id: String,
    /// Its host's name.
    pub name: String,
    /// The version of its build.
    pub build: String,
    /// Where it connects from; absent: it is in the control plane's process, or connected elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Where its API is, as the control plane sees it; absent: it is not connected to this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Whether it is connected to a control plane.
    pub connected: bool,
    /// When it was heard of last.
    #[serde(with = "time::serde::rfc3339")]
    pub last_seen_at: OffsetDateTime,
    /// `current`, `pending`, `refused` or `offline`.
    pub status: String,
    /// The configuration that it serves; 0: none.
    pub version: u64,
    /// The revision of the key table that it serves.
    pub key_revision: u64,
    /// What it refused the newest configuration for, or has to say about the one that it took.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(schema_with = issues_schema)]
    pub issues: Vec<Issue>,
    /// How it is, or was when it was heard of last.
    #[serde(default)]
    pub report: Report,
}

/// How a worker says that it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Report {
    /// When it started; absent: it does not say.
    #[serde(with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub started_at: Option<OffsetDateTime>,
    /// It answers with the built-in demo provider.
    pub demo: bool,
    /// Requests under way.
    pub requests_in_flight: u64,
    /// Accounts of requests that are not yet delivered.
    pub spool_records: u64,
    /// Their size.
    pub spool_bytes: u64,
    /// No room for more detail.
    pub spool_full: bool,
    /// Accounts whose detail was folded into sums since it started.
    pub records_folded: u64,
    /// Providers whose credentials it sees.
    pub providers_found: Vec<String>,
    /// Its targets.
    pub targets: Vec<Target>,
}

/// A target on one worker.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = WorkerTarget)]
#[serde(default)]
pub struct Target {
    /// The target's name.
    pub name: String,
    /// The provider's id.
    pub provider: String,
    /// Whether the worker sees a credential for it.
    pub credential_found: bool,
    /// The models that it serves.
    pub models: Vec<String>,
    /// It serves other ids too.
    pub any_model: bool,
    /// Requests under way.
    pub in_flight: u64,
    /// Attempts since the worker started.
    pub requests: u64,
    /// Of these, failed.
    pub failures: u64,
    /// Attempts that failed since one last succeeded; those that failed because of what was asked are left out.
    pub failures_in_row: u64,
    /// Moving average over successful attempts; `null`: none yet.
    pub latency_ms: Option<f64>,
    /// The provider refused the credential or the model.
    pub misconfigured: bool,
    /// The last failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// When that was.
    #[serde(default, with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub last_error_at: Option<OffsetDateTime>,
}

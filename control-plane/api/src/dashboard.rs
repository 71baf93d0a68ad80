//! The figures of the overview page.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The overview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Dashboard {
    /// Providers.
    pub providers: ProviderCount,
    /// API keys.
    pub keys: KeyCount,
    /// Request log.
    pub request_logs: LogCount,
}

/// How many providers there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProviderCount {
    /// That targets of the configuration or credentials on a worker name.
    pub total: u64,
    /// Of these, with credentials on a connected worker.
    pub available: u64,
}

/// How many keys there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KeyCount {
    /// All.
    pub total: u64,
    /// Usable now: neither revoked nor expired.
    pub active: u64,
    /// Expired, revoked ones aside.
    pub expired: u64,
    /// Requests made with any of them.
    pub total_usage: u64,
}

/// How long the request log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogCount {
    /// Whether there is one.
    pub enabled: bool,
    /// Requests in it.
    pub total: u64,
}

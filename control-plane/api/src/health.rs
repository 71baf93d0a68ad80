//! How the gateway is, for operators.

use ferrogw_config::Issue;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::key::Scope;
use crate::problem::issues_schema;

/// How the gateway is. The answer's status is always 200; this says the rest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Health {
    /// `healthy`, `degraded` or `no_providers`.
    pub status: String,
    /// The configuration's providers and those with credentials.
    pub providers: Vec<ProviderHealth>,
    /// The parts of the control plane.
    pub components: Vec<Component>,
    /// The configuration in force.
    pub configuration: Configuration,
    /// The workers.
    pub workers: WorkerCount,
    /// What the caller may do.
    pub scopes: Vec<Scope>,
}

/// Whether a provider can be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProviderHealth {
    /// The provider's id.
    pub name: String,
    /// `available` or `unavailable`.
    pub status: String,
    /// Models that can be asked for.
    pub models: u64,
    /// Why it is not available, or what somebody should look at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// A part of the control plane.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Component {
    /// `API`, `Key store`, `Config store`, `Request logs` or `Audit log`.
    pub name: String,
    /// `healthy`, `unavailable` or `disabled`.
    pub status: String,
}

/// The configuration in force.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Configuration {
    /// `valid`, `invalid` (stored by an earlier release and refused by this one), `none` or `unknown` (the store is away).
    pub status: String,
    /// Its number; 0: there has been none.
    pub version: u64,
    /// Why it is invalid.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(schema_with = issues_schema)]
    pub issues: Vec<Issue>,
}

/// How many workers there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkerCount {
    /// Connected now.
    pub connected: u64,
    /// Of these, serving the configuration in force.
    pub current: u64,
    /// Of these, having refused it.
    pub refused: u64,
}

/// Whether the control plane can do its work (`/readyz`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Readiness {
    /// `ready` or `not_ready`.
    pub status: String,
    /// Why it is not ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What somebody should look at although it is ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// That the process runs (`/livez`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Liveness {
    /// `ok`.
    pub status: String,
}

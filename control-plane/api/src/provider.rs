//! Providers: those that workers can reach, and all that are known.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A provider for which some worker has credentials.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Provider {
    /// The provider's id in the catalog.
    pub name: String,
    /// The models that can be asked for.
    pub models: Vec<Model>,
    /// The targets that name it, as the workers see them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Target>,
}

/// A model, in the manner of OpenAI's model list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ModelInfo)]
pub struct Model {
    /// What clients ask for.
    pub id: String,
    /// `model`.
    pub object: String,
    /// The provider's id.
    pub owned_by: String,
    /// Prompt and answer together, in tokens; absent: unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context_window: Option<u64>,
    /// Longest answer, in tokens; absent: unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<u64>,
    /// What it costs; absent: unknown, which is not free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pricing: Option<Pricing>,
}

/// Prices in US dollars per million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Pricing {
    /// Fresh input.
    pub input: f64,
    /// Output, reasoning included.
    pub output: f64,
    /// Cache reads; absent: as input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_read: Option<f64>,
    /// Cache writes; absent: as input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write: Option<f64>,
}

/// A target, summed over the connected workers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Target {
    /// The target's name.
    pub name: String,
    /// Workers that see a credential for it.
    pub workers: u64,
    /// Workers whose requests the provider refuses because of the credential or the model.
    pub misconfigured: u64,
    /// Workers on which nothing but failures came of the last five attempts or more, the last of them within the hour.
    #[serde(default)]
    pub failing: u64,
    /// Requests under way.
    pub in_flight: u64,
    /// Attempts since the workers started.
    pub requests: u64,
    /// Of these, failed.
    pub failures: u64,
    /// Mean of the workers' moving averages over successful attempts; `null`: none yet.
    pub latency_ms: Option<f64>,
    /// The last failure that any worker saw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
}

/// Every provider that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Catalog {
    /// In alphabetical order.
    pub providers: Vec<CatalogEntry>,
}

/// A provider that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CatalogEntry {
    /// What configuration calls it.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Whether some connected worker has credentials for it.
    pub registered: bool,
    /// Whether this build can route to it.
    pub served: bool,
    /// Models in its catalog entry.
    pub catalog_models: u64,
}

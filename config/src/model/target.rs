//! Targets and what bounds an attempt on one.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A provider with credentials, as routing sees it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The provider's id in the catalog, unless `provider` names it; then any name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_key: Option<String>,
    /// The target's own name; absent: `virtual_key`. Unique.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The provider's id in the catalog; absent: `virtual_key`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The credential, as `${VAR}`; absent: the provider's own variable, or none where `base_url` leads to another host. A
    /// literal is refused, and so is another provider's variable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_key: Option<String>,
    /// API root; absent: the provider's. Its own credential goes to no other host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// Headers added to every request; values may hold `${VAR}`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// Which models it serves; absent: what the catalog knows, and names that no provider's entry knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub models: Option<Models>,
    /// Its share under `loadbalance`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// When and how often an attempt is repeated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<Retry>,
    /// Time limits of one attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeouts: Option<Timeouts>,
    /// When the target is given a rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub circuit_breaker: Option<CircuitBreaker>,
    /// How many requests it gets at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<Concurrency>,
}

impl Target {
    /// The name that routing, records and metrics use.
    #[must_use]
    pub fn key(&self) -> &str {
        self.name.as_deref().or(self.virtual_key.as_deref()).or(self.provider.as_deref()).unwrap_or_default()
    }

    /// The provider's id in the catalog.
    #[must_use]
    pub fn provider_id(&self) -> &str {
        self.provider.as_deref().or(self.virtual_key.as_deref()).unwrap_or_default()
    }
}

/// Which models a target serves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Models {
    /// Exact ids; `["*"]` is everything.
    List(Vec<String>),
    /// Public name → the vendor's name.
    Map(BTreeMap<String, String>),
}

/// When and how often an attempt on one target is repeated.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retry {
    /// Tries in all; absent or 0: 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts: Option<i64>,
    /// Statuses worth another try; absent: 408, 429 and every 5xx. Other 4xx than 408, 424, 429 and 498 are never repeated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_status_codes: Option<Vec<i64>>,
    /// First back-off's upper bound, in ms; absent or 0: 100. It doubles with each try and is drawn with full jitter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initial_backoff_ms: Option<i64>,
}

/// Time limits of one attempt, as durations such as `30s` or `1m30s`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Timeouts {
    /// To a connection; default 5s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connect: Option<String>,
    /// To the answer's head; default 300s, on a stream 60s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<String>,
    /// From the head to a stream's first content; default 120s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_content: Option<String>,
    /// Between two frames of a stream; default 60s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub between_frames: Option<String>,
    /// For the whole attempt; default none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<String>,
}

/// When a target is given a rest.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CircuitBreaker {
    /// Failures in a row that open it; default 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_threshold: Option<i64>,
    /// Successes that close it again; default 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub success_threshold: Option<i64>,
    /// Requests let through while half open; default 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_half_threshold: Option<i64>,
    /// How long it stays open; default 30s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<String>,
}

/// How many requests a target gets at once.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Concurrency {
    /// At once, 1 to 10,000.
    pub max_concurrency: i64,
    /// Waiting, 0 to 10,000; default 1,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue_size: Option<i64>,
}

//! The configuration's types. Field names are the file format's.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The whole configuration.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Advisory version of the format; `v1`.
    #[serde(rename = "apiVersion", default, skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    /// How targets are chosen.
    #[serde(default)]
    pub strategy: Strategy,
    /// Providers with credentials, in order of preference. At least one; a provider that is not listed serves nothing.
    pub targets: Vec<Target>,
    /// Names that stand for models, replaced once, before everything else.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub aliases: BTreeMap<String, String>,
    /// Plugins, run in this order within each stage.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plugins: Vec<Plugin>,
    /// MCP servers whose tools are lent to models.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mcp_servers: Vec<McpServer>,
    /// Longest request body, in bytes; absent or 0: 10 MiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_request_bytes: Option<i64>,
    /// End-to-end bound on one request, e.g. `90s`; on a stream, up to its first content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_timeout: Option<String>,
    /// Tracing and exporters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observability: Option<Map<String, Value>>,
    /// What to do about parameters that a target cannot honour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compatibility: Option<Map<String, Value>>,
    /// Target of the files and batches API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_target: Option<String>,
    /// Target of the Responses API's id routes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub responses_target: Option<String>,
}

/// How targets are chosen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Strategy {
    /// The mode; absent or empty: `single`.
    #[serde(default)]
    pub mode: StrategyMode,
    /// Rules of `conditional`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// Rules of `content-based`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub content_conditions: Vec<ContentCondition>,
    /// Variants of `ab-test`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ab_variants: Vec<AbVariant>,
    /// What `cost-optimized` does with targets of unknown price: `fallback`, `skip` or `allow`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unpriced_strategy: Option<String>,
}

/// The strategies by name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StrategyMode {
    /// The first target, and no other.
    #[default]
    Single,
    /// Targets in their order until one answers.
    Fallback,
    /// A weighted choice.
    Loadbalance,
    /// By rules on the model's name.
    Conditional,
    /// The target with the lowest observed latency.
    LeastLatency,
    /// The cheapest target that serves the model.
    CostOptimized,
    /// By rules on the prompt.
    ContentBased,
    /// A weighted split between named variants.
    AbTest,
}

/// One rule of `conditional`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// `model` or `model_prefix`.
    pub key: String,
    /// What it is compared with.
    pub value: String,
    /// The target that leads on a match.
    pub target_key: String,
}

/// One rule of `content-based`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContentCondition {
    /// `prompt_contains`, `prompt_not_contains` or `prompt_regex`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What is looked for.
    pub value: String,
    /// The target that leads on a match.
    pub target_key: String,
}

/// One variant of `ab-test`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AbVariant {
    /// The variant's target.
    pub target_key: String,
    /// Its share.
    #[serde(default)]
    pub weight: f64,
    /// Its name.
    #[serde(default)]
    pub label: String,
}

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
    /// The credential, as `${VAR}`; absent: the provider's own variable. A literal is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_key: Option<String>,
    /// API root; absent: the provider's.
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
    /// Statuses worth another try; absent: 408, 429 and every 5xx.
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

/// One plugin at one stage.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plugin {
    /// Which plugin.
    pub name: String,
    /// What kind of plugin it is; a label.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// `before_request`, `after_request` or `on_error`.
    #[serde(default)]
    pub stage: String,
    /// Whether it runs; absent: no.
    #[serde(default)]
    pub enabled: bool,
    /// Its options.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub config: Map<String, Value>,
}

/// An MCP server whose tools are lent to models.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct McpServer {
    /// Its name; unique.
    pub name: String,
    /// Streamable HTTP endpoint; this or `command`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Headers of every request; values may hold `${VAR}`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// Program of a stdio server; this or `url`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// Its arguments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<String>,
    /// Its environment; values may hold `${VAR}`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, String>,
    /// Tools that are lent; absent: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed_tools: Option<Vec<String>>,
    /// Turns of the tool loop; default 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_call_depth: Option<i64>,
    /// Time limit of one tool call; default 30.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<i64>,
    /// Whether readiness waits for it; default no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
}

//! The configuration's types. Field names are the file format's.

mod extension;
mod strategy;
mod target;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use extension::{McpServer, Plugin};
pub use strategy::{AbVariant, Condition, ContentCondition, Strategy, StrategyMode};
pub use target::{CircuitBreaker, Concurrency, Models, Retry, Target, Timeouts};

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

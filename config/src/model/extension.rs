//! What is plugged in: plugins and MCP servers.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

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

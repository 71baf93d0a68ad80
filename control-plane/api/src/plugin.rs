//! Plugins: those that are configured, and all that are known.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A plugin entry of the configuration in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Plugin {
    /// Which plugin.
    pub name: String,
    /// What kind of plugin it is.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it runs.
    pub stage: String,
    /// Whether it runs.
    pub enabled: bool,
}

/// Every plugin that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Catalog {
    /// By kind.
    pub data: Vec<CatalogEntry>,
}

/// A plugin that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CatalogEntry {
    /// What configuration calls it.
    pub name: String,
    /// `guardrail`, `transform`, `logging` or `ratelimit`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it does.
    pub summary: String,
    /// Its options.
    pub settings: Vec<String>,
    /// Whether a request goes on when the plugin itself fails.
    pub fails_open: bool,
    /// Whether this build runs it; a configuration that enables another one is refused.
    pub served: bool,
}

/// One row of [`catalog`].
type Row = (&'static str, &'static str, &'static str, &'static [&'static str], bool, bool);

const ROWS: [Row; 6] = [
    (
        "word-filter",
        "guardrail",
        "refuses prompts that contain blocked words",
        &["blocked_words", "case_sensitive"],
        false,
        false,
    ),
    (
        "max-token",
        "guardrail",
        "bounds the answer's tokens and the prompt's size",
        &["max_tokens", "max_messages", "max_input_length"],
        false,
        false,
    ),
    (
        "rate-limit",
        "ratelimit",
        "bounds requests per second, per key and per user",
        &["requests_per_second", "burst", "key_rpm", "user_rpm"],
        false,
        false,
    ),
    (
        "budget",
        "ratelimit",
        "bounds what each key may spend",
        &[
            "spend_limit_usd",
            "input_per_m_tokens",
            "output_per_m_tokens",
            "cache_read_per_m_tokens",
            "cache_write_per_m_tokens",
            "max_keys",
            "store_id",
        ],
        false,
        false,
    ),
    ("response-cache", "transform", "answers repeated requests from memory", &["max_age", "max_entries"], false, false),
    ("request-logger", "logging", "writes a log line for each request", &["level", "persist"], true, true),
];

/// Every plugin that is known. Its settings are also the plugin options that are not secret.
#[must_use]
pub fn catalog() -> Vec<CatalogEntry> {
    ROWS.iter()
        .map(|&(name, kind, summary, settings, fails_open, served)| CatalogEntry {
            name: name.to_owned(),
            kind: kind.to_owned(),
            summary: summary.to_owned(),
            settings: settings.iter().map(|&setting| setting.to_owned()).collect(),
            fails_open,
            served,
        })
        .collect()
}

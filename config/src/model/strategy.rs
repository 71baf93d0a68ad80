//! How targets are chosen: the modes and their rules.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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

impl std::fmt::Display for StrategyMode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Single => "single",
            Self::Fallback => "fallback",
            Self::Loadbalance => "loadbalance",
            Self::Conditional => "conditional",
            Self::LeastLatency => "least-latency",
            Self::CostOptimized => "cost-optimized",
            Self::ContentBased => "content-based",
            Self::AbTest => "ab-test",
        })
    }
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

#[cfg(test)]
mod tests {
    use super::StrategyMode;

    #[test]
    fn a_mode_is_shown_as_it_is_written() {
        for mode in
            ["single", "fallback", "loadbalance", "conditional", "least-latency", "cost-optimized", "content-based", "ab-test"]
        {
            assert_eq!(serde_json::from_value::<StrategyMode>(mode.into()).unwrap().to_string(), mode);
        }
    }
}

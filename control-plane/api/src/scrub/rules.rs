//! Which members of a configuration may be shown, and how.

/// How a member is shown. A member without a rule is hidden unless it is a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// As it is.
    Shown,
    /// Without user information and the values of its query.
    Url,
    /// A flag as it is, anything else hidden.
    Argument,
    /// A map of a plugin's options.
    Options,
    /// A map whose names are hidden too.
    FreeForm,
}

/// The rules, by place. A last `*` stands for any name.
const RULES: &[(&str, Rule)] = &[
    ("apiVersion", Rule::Shown),
    ("strategy.mode", Rule::Shown),
    ("strategy.unpriced_strategy", Rule::Shown),
    ("strategy.conditions[].*", Rule::Shown),
    ("strategy.content_conditions[].*", Rule::Shown),
    ("strategy.ab_variants[].*", Rule::Shown),
    ("targets[].virtual_key", Rule::Shown),
    ("targets[].name", Rule::Shown),
    ("targets[].provider", Rule::Shown),
    ("targets[].base_url", Rule::Url),
    ("targets[].models[]", Rule::Shown),
    ("targets[].models.*", Rule::Shown),
    ("targets[].weight", Rule::Shown),
    ("targets[].retry.attempts", Rule::Shown),
    ("targets[].retry.on_status_codes[]", Rule::Shown),
    ("targets[].retry.initial_backoff_ms", Rule::Shown),
    ("targets[].timeouts.*", Rule::Shown),
    ("targets[].circuit_breaker.*", Rule::Shown),
    ("targets[].concurrency.*", Rule::Shown),
    ("aliases.*", Rule::Shown),
    ("plugins[].name", Rule::Shown),
    ("plugins[].type", Rule::Shown),
    ("plugins[].stage", Rule::Shown),
    ("plugins[].enabled", Rule::Shown),
    ("plugins[].config", Rule::Options),
    ("mcp_servers[].name", Rule::Shown),
    ("mcp_servers[].url", Rule::Url),
    ("mcp_servers[].command", Rule::Shown),
    ("mcp_servers[].args[]", Rule::Argument),
    ("mcp_servers[].allowed_tools[]", Rule::Shown),
    ("mcp_servers[].max_call_depth", Rule::Shown),
    ("mcp_servers[].timeout_seconds", Rule::Shown),
    ("mcp_servers[].required", Rule::Shown),
    ("max_request_bytes", Rule::Shown),
    ("request_timeout", Rule::Shown),
    ("observability", Rule::FreeForm),
    ("compatibility.on_unsupported_param", Rule::Shown),
    ("batch_target", Rule::Shown),
    ("responses_target", Rule::Shown),
];

/// The rule for a place.
pub(super) fn rule(place: &str) -> Option<Rule> {
    let matches = |pattern: &str| match pattern.strip_suffix('*') {
        Some(prefix) => place.starts_with(prefix) && place.len() > prefix.len(),
        None => place == pattern,
    };
    RULES.iter().find(|(pattern, _)| matches(pattern)).map(|(_, rule)| *rule)
}

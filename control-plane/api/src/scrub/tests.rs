use ferrogw_config::model::{
    AbVariant, CircuitBreaker, Concurrency, Condition, Config, ContentCondition, McpServer, Models, Plugin, Retry, Strategy,
    StrategyMode, Target, Timeouts,
};
use serde_json::{Map, Value, json};

use super::{marked, marked_text, scrub};

/// A configuration in which every string is a secret of its own. It names every member, so that a new one does not compile
/// until it is thought about here.
fn full_of_secrets(next: &mut impl FnMut() -> String) -> Config {
    let mut some = || Some(next());
    Config {
        api_version: some(),
        strategy: Strategy {
            mode: StrategyMode::Single,
            conditions: vec![Condition { key: some().unwrap(), value: some().unwrap(), target_key: some().unwrap() }],
            content_conditions: vec![ContentCondition {
                kind: some().unwrap(),
                value: some().unwrap(),
                target_key: some().unwrap(),
            }],
            ab_variants: vec![AbVariant { target_key: some().unwrap(), weight: 1.0, label: some().unwrap() }],
            unpriced_strategy: some(),
        },
        targets: vec![target(&mut some)],
        aliases: [(some().unwrap(), some().unwrap())].into(),
        plugins: vec![Plugin {
            name: some().unwrap(),
            kind: some(),
            stage: some().unwrap(),
            enabled: true,
            config: object(&json!({ "level": some(), some().unwrap(): some(), "nested": { "deep": some() } })),
        }],
        mcp_servers: vec![McpServer {
            name: some().unwrap(),
            url: some(),
            headers: [(some().unwrap(), some().unwrap())].into(),
            command: some(),
            args: vec![some().unwrap()],
            env: [(some().unwrap(), some().unwrap())].into(),
            allowed_tools: some().map(|tool| vec![tool]),
            max_call_depth: Some(1),
            timeout_seconds: Some(1),
            required: Some(true),
        }],
        max_request_bytes: Some(1),
        request_timeout: some(),
        observability: Some(object(&json!({ "tracing": { "headers": { "x-key": some() } }, "token": some() }))),
        compatibility: Some(object(&json!({ "on_unsupported_param": some(), "other": some() }))),
        batch_target: some(),
        responses_target: some(),
    }
}

/// A target of the same kind.
fn target(some: &mut impl FnMut() -> Option<String>) -> Target {
    Target {
        virtual_key: some(),
        name: some(),
        provider: some(),
        api_key: some(),
        base_url: some(),
        headers: [(some().unwrap(), some().unwrap())].into(),
        models: Some(Models::List(vec![some().unwrap()])),
        weight: Some(1.0),
        retry: Some(Retry { attempts: Some(1), on_status_codes: Some(vec![429]), initial_backoff_ms: Some(1) }),
        timeouts: Some(Timeouts { connect: some(), head: some(), first_content: some(), between_frames: some(), total: some() }),
        circuit_breaker: Some(CircuitBreaker {
            failure_threshold: Some(1),
            success_threshold: Some(1),
            max_half_threshold: Some(1),
            timeout: some(),
        }),
        concurrency: Some(Concurrency { max_concurrency: 1, queue_size: Some(1) }),
    }
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// The places whose value, and the maps whose names, still hold a secret.
fn leaks(value: &Value, place: &str, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text.contains("s3cret") => found.push(place.to_owned()),
        Value::Array(elements) => elements.iter().for_each(|element| leaks(element, &format!("{place}[]"), found)),
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            let shown = if name.contains("s3cret") { "*" } else { name };
            leaks(value, format!("{place}.{shown}").trim_start_matches('.'), found);
        }),
        _ => {}
    }
}

#[test]
fn every_leaf_is_hidden_that_is_not_on_the_visible_list() {
    let mut made = 0;
    let config = full_of_secrets(&mut || {
        made += 1;
        format!("s3cret-{made:02}")
    });
    let mut visible = Vec::new();
    leaks(&scrub(&serde_json::to_value(&config).unwrap()), "", &mut visible);
    insta::assert_snapshot!(visible.join("\n"), @r"
    aliases.*
    apiVersion
    batch_target
    compatibility.on_unsupported_param
    mcp_servers[].allowed_tools[]
    mcp_servers[].command
    mcp_servers[].name
    mcp_servers[].url
    plugins[].config.level
    plugins[].name
    plugins[].stage
    plugins[].type
    request_timeout
    responses_target
    strategy.ab_variants[].label
    strategy.ab_variants[].target_key
    strategy.conditions[].key
    strategy.conditions[].target_key
    strategy.conditions[].value
    strategy.content_conditions[].target_key
    strategy.content_conditions[].type
    strategy.content_conditions[].value
    strategy.unpriced_strategy
    targets[].base_url
    targets[].circuit_breaker.timeout
    targets[].models[]
    targets[].name
    targets[].provider
    targets[].timeouts.between_frames
    targets[].timeouts.connect
    targets[].timeouts.first_content
    targets[].timeouts.head
    targets[].timeouts.total
    targets[].virtual_key
    ");
}

#[test]
fn references_are_shown_and_literals_are_not() {
    let headers =
        json!({ "Authorization": "Bearer ${TOKEN}", "X-Two": "${A}${B}", "X-Mixed": "${A}-literal", "X-Plain": "value" });
    let shown = scrub(&json!({ "mcp_servers": [{ "headers": headers }] }));
    assert_eq!(
        shown["mcp_servers"][0]["headers"],
        json!({ "Authorization": "Bearer ${TOKEN}", "X-Two": "${A}${B}", "X-Mixed": "[REDACTED]", "X-Plain": "[REDACTED]" })
    );
}

#[test]
fn an_address_keeps_host_and_path_and_loses_its_credentials() {
    let shown = |address: &str| scrub(&json!({ "targets": [{ "base_url": address }] }))["targets"][0]["base_url"].clone();
    assert_eq!(shown("https://u:p@host:8443/path?token=abc&x=${X}"), "https://[REDACTED]@host:8443/path?token=[REDACTED]&x=${X}");
    assert_eq!(shown("https://host/v1"), "https://host/v1");
    assert_eq!(shown("https://host/v1?abc"), "https://host/v1?[REDACTED]");
}

#[test]
fn an_undeclared_plugin_setting_is_counted_but_not_named() {
    let config = json!({ "level": "info", "zeta-secret": 1, "alpha-secret": "x", "ref": "${X}" });
    let shown = scrub(&json!({ "plugins": [{ "config": config }] }));
    assert_eq!(
        shown["plugins"][0]["config"],
        json!({ "level": "info", "[REDACTED_KEY_1]": "[REDACTED]", "[REDACTED_KEY_2]": "${X}", "[REDACTED_KEY_3]": "[REDACTED]" })
    );
}

#[test]
fn flags_of_a_command_are_shown_without_their_values() {
    let shown = scrub(&json!({ "mcp_servers": [{ "args": ["--verbose", "--token=abc", "--token=${T}", "abc"] }] }));
    assert_eq!(shown["mcp_servers"][0]["args"], json!(["--verbose", "--token=[REDACTED]", "--token=${T}", "[REDACTED]"]));
}

#[test]
fn a_marker_is_found_in_values_names_and_within_both() {
    assert_eq!(marked(&json!({ "a": [{ "b": "x[REDACTED]y" }] })).as_deref(), Some("a[0].b"));
    assert_eq!(marked(&json!({ "headers": { "[REDACTED_KEY_1]": "v" } })).as_deref(), Some("headers"));
    assert_eq!(marked(&json!({ "a": "redacted" })), None);
}

#[test]
fn a_marker_in_yaml_is_told_by_its_line() {
    assert_eq!(marked_text("a: 1\nb: [REDACTED]\n").as_deref(), Some("line 2"));
    assert_eq!(marked_text("{\"a\": \"[REDACTED]\"}").as_deref(), Some("a"));
    assert_eq!(marked_text("a: 1"), None);
}

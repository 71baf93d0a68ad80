//! What the format has and this build has not: refused by name, and its own rules checked all the same.

use super::{check, check_target, issues};

fn not_yet(path: &str, what: &str) -> String {
    format!("! {path}: {what} is not yet served by this version of ferrogw")
}

#[test]
fn six_modes_are_not_yet_served() {
    for mode in ["loadbalance", "conditional", "least-latency", "cost-optimized", "content-based", "ab-test"] {
        let found = issues(&format!("targets: [{{virtual_key: openai, weight: 1}}]\nstrategy: {{mode: {mode}}}"));
        assert!(found.contains(&not_yet("strategy.mode", &format!("the mode `{mode}`"))), "{found:?}");
    }
    check("strategy: {mode: fallback}", &[]);
}

#[test]
fn weights_come_to_something() {
    let targets = |first, second| {
        let text =
            format!("targets: [{{virtual_key: openai{first}}}, {{virtual_key: groq{second}}}]\nstrategy: {{mode: loadbalance}}");
        issues(&text).into_iter().filter(|issue| !issue.contains("not yet served")).collect::<Vec<_>>()
    };
    assert_eq!(targets("", ""), ["! targets: the weights come to nothing"]);
    assert_eq!(targets(", weight: 0", ", weight: 0"), ["! targets: the weights come to nothing"]);
    assert_eq!(targets(", weight: 0", ", weight: 1"), Vec::<String>::new());
    assert_eq!(targets(", weight: 2", ", weight: -1"), ["! targets[1].weight: a weight of -1 is not a share"]);
}

#[test]
fn variants_of_a_test_are_checked() {
    let served = not_yet("strategy.mode", "the mode `ab-test`");
    check("strategy: {mode: ab-test}", &["! strategy: `ab-test` has no `ab_variants`", &served]);
    check(
        "strategy: {mode: ab-test, ab_variants: [{target_key: openia, weight: -1}, {target_key: openai}]}",
        &[
            &served,
            "! strategy.ab_variants[0].target_key: `openia` is not one of the targets",
            "! strategy.ab_variants[0].weight: a weight of -1 is not a share",
        ],
    );
    check(
        "strategy: {mode: ab-test, ab_variants: [{target_key: openai, weight: 0}]}",
        &[&served, "! strategy.ab_variants: the weights come to nothing"],
    );
}

#[test]
fn rules_are_checked() {
    check(
        "strategy: {mode: conditional, conditions: [{key: modle, value: gpt-4o, target_key: groq}]}",
        &[
            &not_yet("strategy.mode", "the mode `conditional`"),
            "! strategy.conditions[0].key: `modle` is unknown here",
            "! strategy.conditions[0].target_key: `groq` is not one of the targets",
        ],
    );
    check(
        "strategy: {mode: content-based, content_conditions: [{type: prompt_regex, value: '', target_key: openai}]}",
        &[&not_yet("strategy.mode", "the mode `content-based`"), "! strategy.content_conditions[0].value: is empty"],
    );
}

#[test]
fn rules_of_another_mode_have_no_effect() {
    check(
        "strategy: {mode: fallback, unpriced_strategy: skip}",
        &["~ strategy.unpriced_strategy: has no effect under `fallback`: it belongs to the mode `cost-optimized`"],
    );
}

#[test]
fn circuit_breakers_are_not_yet_served_and_checked_all_the_same() {
    let served = not_yet("targets[0].circuit_breaker", "`circuit_breaker`");
    check_target("circuit_breaker: {failure_threshold: 0, timeout: ''}", &[&served]);
    for timeout in ["banana", "'30'", "5 minutes", "-30s"] {
        let found = issues(&format!("targets: [{{virtual_key: openai, circuit_breaker: {{timeout: {timeout}}}}}]"));
        assert!(found.len() == 2 && found[1].starts_with("! targets[0].circuit_breaker.timeout:"), "{found:?}");
    }
    check_target(
        "circuit_breaker: {failure_threshold: -1}",
        &[&served, "! targets[0].circuit_breaker.failure_threshold: -1 is out of range"],
    );
}

#[test]
fn concurrency_is_not_yet_served_and_checked_all_the_same() {
    let served = not_yet("targets[0].concurrency", "`concurrency`");
    check_target("concurrency: {max_concurrency: 10, queue_size: 0}", &[&served]);
    for most in [0, -1, 10_001] {
        let expected = format!("! targets[0].concurrency.max_concurrency: {most} is out of range");
        check_target(&format!("concurrency: {{max_concurrency: {most}}}"), &[&served, &expected]);
    }
    check_target(
        "concurrency: {max_concurrency: 1, queue_size: 10001}",
        &[&served, "! targets[0].concurrency.queue_size: 10001 is out of range"],
    );
}

#[test]
fn mcp_servers_are_not_yet_served_and_checked_all_the_same() {
    let served = not_yet("mcp_servers", "`mcp_servers`");
    check("mcp_servers: [{name: a, url: 'https://mcp.example.com/mcp', headers: {Authorization: 'Bearer ${T}'}}]", &[&served]);
    check(
        "mcp_servers: [{name: a, url: 'https://h', command: x}, {name: a}]",
        &[
            &served,
            "! mcp_servers[0]: has both `url` and `command`",
            "! mcp_servers[1]: has neither `url` nor `command`",
            "! mcp_servers[1].name: `a` is the name of another server",
        ],
    );
    check(
        "mcp_servers: [{name: a, command: x, env: {K: '${OPENAI_API_KEY}'}, timeout_seconds: 0}]",
        &[
            &served,
            "! mcp_servers[0].env.K: `OPENAI_API_KEY` is the credential of OpenAI and goes to its own host alone",
            "! mcp_servers[0].timeout_seconds: is less than one",
        ],
    );
}

#[test]
fn other_blocks_are_not_yet_served() {
    check(
        "observability: {tracing: {privacy_level: Full}}",
        &[&not_yet("observability", "`observability`"), "! observability.tracing.privacy_level: `Full` is unknown here"],
    );
    check("compatibility: {on_unsupported_param: warn}", &[]);
    check("compatibility: {on_unsupported_param: drop}", &[&not_yet("compatibility.on_unsupported_param", "`drop`")]);
    check("compatibility: {on_unsupported: drop}", &["! compatibility.on_unsupported: unknown key `on_unsupported`"]);
    check(
        "batch_target: openia",
        &["! batch_target: `openia` is not one of the targets", &not_yet("batch_target", "`batch_target`")],
    );
    check("responses_target: openai", &[&not_yet("responses_target", "`responses_target`")]);
}

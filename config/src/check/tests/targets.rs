use super::{check_target, issues};

#[test]
fn a_provider_is_in_the_catalog() {
    assert_eq!(issues("targets: [{virtual_key: antropic}]"), ["! targets[0].virtual_key: there is no provider `antropic`"]);
    assert_eq!(
        issues("targets: [{virtual_key: mine, provider: opnai}]"),
        ["! targets[0].provider: there is no provider `opnai`"]
    );
    assert_eq!(issues("targets: [{virtual_key: mine, provider: openai}]"), Vec::<String>::new());
    assert_eq!(issues("targets: [{weight: 1}]")[0], "! targets[0]: names no provider");
    assert_eq!(issues("targets: [{virtual_key: ' openai'}]")[0], "! targets[0].virtual_key: has white space around it");
}

#[test]
fn the_demo_provider_cannot_be_configured() {
    assert_eq!(
        issues("targets: [{virtual_key: demo}]"),
        ["! targets[0].virtual_key: the demo provider is built in and cannot be configured"]
    );
}

#[test]
fn a_provider_without_a_wire_is_not_yet_served() {
    let expected = "the provider `gemini` (Google Gemini) is not yet served by this version of ferrogw";
    assert_eq!(issues("targets: [{virtual_key: gemini}]"), [format!("! targets[0].virtual_key: {expected}")]);
}

#[test]
fn names_are_unique() {
    assert_eq!(
        issues("targets: [{virtual_key: openai}, {virtual_key: openai, weight: -1}]\nstrategy: {mode: fallback}"),
        [
            "! targets[1].virtual_key: `openai` is the name of targets[0] already",
            "! targets[1].weight: a weight of -1 is not a share",
            "~ targets[1].weight: has no effect under `fallback`: it belongs to the mode `loadbalance`",
        ]
    );
    let text = "targets: [{virtual_key: openai}, {virtual_key: openai, name: second}]\nstrategy: {mode: fallback}";
    assert_eq!(issues(text), Vec::<String>::new());
}

#[test]
fn single_says_that_further_targets_get_nothing() {
    assert_eq!(
        issues("targets: [{virtual_key: openai}, {virtual_key: groq}]\nstrategy: {mode: single}"),
        ["~ strategy.mode: `single` uses the first target alone; the others get no traffic"]
    );
}

#[test]
fn models_are_exact_names() {
    check_target("models: ['*']", &[]);
    check_target("models: {gpt-4o-mini: claude-haiku-4-5}", &[]);
    check_target(
        "models: ['', ' gpt', 'gpt-*', gpt-4o, gpt-4o]",
        &[
            "! targets[0].models[0]: is blank",
            "! targets[0].models[1]: has white space around it",
            "! targets[0].models[2]: `gpt-*` has a wildcard in it",
            "! targets[0].models[4]: `gpt-4o` is listed a second time",
        ],
    );
    check_target("models: ['*', gpt-4o]", &["! targets[0].models[0]: `*` has a wildcard in it"]);
    check_target("models: {'*': gpt-4o}", &["! targets[0].models[\"*\"]: `*` has a wildcard in it"]);
    check_target("models: []", &["! targets[0].models: lists no model, so the target would serve none"]);
}

#[test]
fn one_model_may_stand_under_two_targets() {
    let text = "targets: [{virtual_key: openai, models: [m]}, {virtual_key: groq, models: [m]}]\nstrategy: {mode: fallback}";
    assert_eq!(issues(text), Vec::<String>::new());
}

#[test]
fn a_base_url_is_an_api_root() {
    check_target("base_url: 'https://api.openai.com/v2'", &[]);
    check_target("base_url: 'api.openai.com'", &["! targets[0].base_url: is not an http or https URL"]);
    check_target("base_url: 'https://me:pw@host/v1'", &["! targets[0].base_url: holds a user name or a password"]);
    check_target("base_url: 'https://host/v1?x=1'", &["! targets[0].base_url: has a query or a fragment"]);
}

#[test]
fn a_listed_status_that_is_never_repeated_is_a_warning() {
    check_target("retry: {on_status_codes: [408, 424, 429, 498, 500, 529]}", &[]);
    check_target(
        "retry: {on_status_codes: [503, 404, 400]}",
        &[
            "~ targets[0].retry.on_status_codes[1]: 404 is never repeated: the same target would answer the same again",
            "~ targets[0].retry.on_status_codes[2]: 400 is never repeated: the same target would answer the same again",
        ],
    );
}

#[test]
fn retries_and_time_limits_are_within_reason() {
    check_target("retry: {attempts: 0, initial_backoff_ms: 0}, timeouts: {total: 1m30s}", &[]);
    check_target(
        "retry: {attempts: -1, initial_backoff_ms: -5, on_status_codes: [429, 42]}, timeouts: {connect: 5 minutes, total: -1s}",
        &[
            "! targets[0].retry.attempts: -1 is out of range",
            "! targets[0].retry.initial_backoff_ms: -5 is out of range",
            "! targets[0].retry.on_status_codes[1]: 42 is out of range",
            "! targets[0].timeouts.connect: `5 minutes` is not a duration",
            "! targets[0].timeouts.total: `-1s` is not longer than zero",
        ],
    );
}

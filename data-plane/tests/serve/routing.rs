//! Which target is asked, and when the walk goes on.

use serde_json::json;

use crate::gateway::{Gateway, HI, fallback, hello, single, target};
use crate::provider::{Provider, Script, answer, answer_with, reset, silence};

/// Answers of target `a`, then whether `b` was asked in its place.
async fn moves_on(script: Script, more_of_a: &str) -> (u16, bool) {
    let (a, b) = (Provider::start([script]).await, Provider::start([answer(200, HI)]).await);
    let told = Gateway::start(&fallback(&a, &b, more_of_a)).await.chat(&hello()).await;
    assert_eq!(a.seen().len(), 1);
    (told.status, b.seen().len() == 1)
}

#[tokio::test]
async fn a_single_target_is_never_exchanged() {
    let (a, b) = (Provider::start([answer(500, "{}")]).await, Provider::start([answer(200, HI)]).await);
    let config = format!("targets:\n{}{}", target("a", &a, ""), target("b", &b, ""));
    let told = Gateway::start(&config).await.chat(&hello()).await;
    assert_eq!((told.status, b.seen().len()), (502, 0));
}

#[tokio::test]
async fn under_single_a_model_of_another_target_is_not_served() {
    let (a, b) = (Provider::start([]).await, Provider::start([]).await);
    let config = format!("targets:\n{}{}", target("a", &a, ""), target("b", &b, "models: [other]"));
    let told = Gateway::start(&config).await.chat(&json!({"model": "other", "messages": []})).await;
    assert_eq!((told.status, b.seen().len()), (404, 0));
}

#[tokio::test]
async fn faults_of_a_target_move_on_to_the_next() {
    for status in [401, 402, 403, 404, 408, 424, 429, 498, 500, 502, 503, 529] {
        assert_eq!(moves_on(answer(status, r#"{"error":{"message":"no"}}"#), "").await, (200, true), "{status}");
    }
    assert_eq!(moves_on(answer(200, "not JSON"), "").await, (200, true));
    assert_eq!(moves_on(answer_with(302, "location: http://127.0.0.1:1/\r\n", ""), "").await, (200, true));
    assert_eq!(moves_on(reset(), "").await, (200, true));
    assert_eq!(moves_on(silence(), "timeouts: {head: 50ms}").await, (200, true));
}

#[tokio::test]
async fn a_request_that_every_target_would_refuse_stops_the_walk() {
    for status in [400, 409, 413, 422] {
        assert_eq!(moves_on(answer(status, r#"{"error":{"message":"no"}}"#), "").await, (status, false), "{status}");
    }
    let filtered = r#"{"error":{"message":"filtered","code":"content_filter"}}"#;
    assert_eq!(moves_on(answer(400, filtered), "").await, (400, false));
}

#[tokio::test]
async fn a_walk_is_recorded_with_every_attempt() {
    let (a, b) = (Provider::start([answer(500, "{}")]).await, Provider::start([answer(200, HI)]).await);
    let mut gateway = Gateway::start(&fallback(&a, &b, "")).await;
    let told = gateway.chat(&hello()).await;
    assert_eq!(told.headers["x-ferrogw-target"], "b");
    let record = gateway.record().await;
    let attempts: Vec<_> = record.attempts.iter().map(|attempt| (&*attempt.target, attempt.status, attempt.outcome)).collect();
    assert_eq!(attempts, [("a", 500, "server_error"), ("b", 200, "ok")]);
    assert_eq!((&*record.target, record.status, record.error.is_none()), ("b", 200, true));
}

#[tokio::test]
async fn too_long_a_prompt_goes_only_where_the_window_is_larger_or_unknown() {
    let too_long = r#"{"error":{"message":"too long","code":"context_length_exceeded"}}"#;
    let a = Provider::start([answer(400, too_long)]).await;
    let smaller = Provider::start([]).await;
    let unknown = Provider::start([answer(400, too_long)]).await;
    let larger = Provider::start([answer(200, HI)]).await;
    let config = format!(
        "strategy: {{mode: fallback}}\ntargets:\n{}{}{}{}",
        target("a", &a, "retry: {attempts: 3}, models: {m: gpt-3.5-turbo}"),
        target("smaller", &smaller, "models: {m: gpt-4}"),
        target("unknown", &unknown, "models: {m: my-own-model}"),
        target("larger", &larger, "models: {m: gpt-4o}"),
    );
    let told = Gateway::start(&config).await.chat(&hello()).await;
    let asked = [&a, &smaller, &unknown, &larger].map(|provider| provider.seen().len());
    assert_eq!((told.status, asked), (200, [1, 0, 1, 1]));
}

#[tokio::test]
async fn when_all_fail_the_client_is_told_what_helps_it_most() {
    let (a, b) =
        (Provider::start([answer_with(429, "retry-after: 7\r\n", "{}")]).await, Provider::start([answer(401, "{}")]).await);
    let told = Gateway::start(&fallback(&a, &b, "")).await.chat(&hello()).await;
    assert_eq!(told.refusal(), (429, "rate_limit_error".into(), "rate_limit_exceeded".into()));
    assert_eq!(told.headers["retry-after"], "7");
}

#[tokio::test]
async fn a_refused_credential_shows_in_the_targets_vitals() {
    let a = Provider::start([answer(401, r#"{"error":{"message":"bad key sk-provider-secret"}}"#)]).await;
    let gateway = Gateway::start(&single(&a, "")).await;
    let told = gateway.chat(&hello()).await;
    assert_eq!(told.refusal(), (502, "upstream_error".into(), "upstream_auth_error".into()));
    let snapshot = gateway.core.plane.live.load();
    let vitals = &snapshot.routes.targets[0].vitals;
    assert!(vitals.is_misconfigured());
    assert_eq!((vitals.attempts(), vitals.failures(), vitals.in_flight()), (1, 1, 0));
}

#[tokio::test]
async fn a_model_that_only_a_caller_believes_in_is_no_reason_to_call_its_target_down() {
    let a = Provider::start([answer(404, r#"{"error":{"message":"no such model"}}"#)]).await;
    let gateway = Gateway::start(&single(&a, "models: ['*']")).await;
    let told = gateway.chat(&json!({"model": "gpt-5o-mimi", "messages": []})).await;
    assert_eq!(told.status, 404);
    let snapshot = gateway.core.plane.live.load();
    let vitals = &snapshot.routes.targets[0].vitals;
    assert!(vitals.is_misconfigured() && !vitals.is_refused());
}

#[tokio::test]
async fn an_alias_is_replaced_before_anything_else() {
    let a = Provider::start([answer(200, HI)]).await;
    let config = format!("aliases: {{fast: m}}\n{}", single(&a, ""));
    let mut gateway = Gateway::start(&config).await;
    let told = gateway.chat(&json!({"model": "fast", "messages": []})).await;
    assert_eq!(told.status, 200);
    assert_eq!(a.only().body, r#"{"messages":[],"model":"m"}"#);
    let record = gateway.record().await;
    assert_eq!((record.requested_model.as_str(), &*record.model), ("fast", "m"));
}

#[tokio::test]
async fn a_public_name_becomes_each_vendors_own() {
    let (a, b) = (Provider::start([answer(500, "{}")]).await, Provider::start([answer(200, HI)]).await);
    let config = format!(
        "strategy: {{mode: fallback}}\ntargets:\n{}{}",
        target("a", &a, "models: {m: one}"),
        target("b", &b, "models: {m: two}")
    );
    Gateway::start(&config).await.chat(&hello()).await;
    assert!(a.only().body.contains(r#""model":"one""#) && b.only().body.contains(r#""model":"two""#));
}

#[tokio::test]
async fn an_unserved_model_is_told_with_its_neighbours_and_asks_nobody() {
    let a = Provider::start([]).await;
    let mut gateway = Gateway::start(&single(&a, "models: [gpt-4o, gpt-4o-mini, llama]")).await;
    let told = gateway.chat(&json!({"model": "gpt-4p", "messages": []})).await;
    assert_eq!(told.refusal(), (404, "invalid_request_error".into(), "model_not_found".into()));
    let message = told.json()["error"]["message"].to_string();
    assert!(message.contains("`gpt-4o`") && !message.contains("llama"), "{message}");
    assert_eq!(a.seen().len(), 0);
    assert_eq!(gateway.record().await.error.expect("an error").code, "model_not_found");
}

#[tokio::test]
async fn a_model_that_its_vendor_alone_knows_goes_only_there() {
    let (any, owner) = (Provider::start([]).await, Provider::start([answer(200, HI)]).await);
    let config = format!(
        "strategy: {{mode: fallback}}\ntargets:\n  - {{virtual_key: ollama, base_url: \"http://127.0.0.1:{}/v1\"}}\n{}",
        any.port,
        target("owner", &owner, "models: [gpt-4o]"),
    );
    let told = Gateway::start(&config).await.chat(&json!({"model": "gpt-4o", "messages": []})).await;
    assert_eq!((told.status, any.seen().len(), owner.seen().len()), (200, 0, 1));
}

#[tokio::test]
async fn nothing_is_configured_yet() {
    let gateway = Gateway::unconfigured().await;
    gateway.admit(crate::gateway::KEY, ferrogw_data_plane::snapshot::keys::Scopes::INFERENCE, None);
    let told = gateway.chat(&hello()).await;
    assert_eq!(told.refusal(), (503, "upstream_error".into(), "gateway_not_configured".into()));
}

#[tokio::test]
async fn a_target_without_its_credential_is_not_asked() {
    let gateway = Gateway::unconfigured().await;
    gateway.admit(crate::gateway::KEY, ferrogw_data_plane::snapshot::keys::Scopes::INFERENCE, None);
    let compiled = gateway.compile("targets: [{virtual_key: openai}]").expect("a warning is no error");
    assert!(compiled.warnings[0].message.contains("OPENAI_API_KEY"), "{:?}", compiled.warnings);
    gateway.configure(compiled);
    let told = gateway.chat(&json!({"model": "gpt-4o", "messages": []})).await;
    assert_eq!(told.refusal(), (503, "upstream_error".into(), "upstream_unavailable".into()));
}

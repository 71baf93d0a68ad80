//! When the same target is asked again.

use std::time::Duration;

use tokio::time::timeout;

use crate::gateway::{Gateway, HI, fallback, hello, post, single};
use crate::provider::{Provider, Script, answer, answer_with, reset, silence};
use ferrogw_llm::Operation;

const PATIENT: &str = "retry: {attempts: 3, initial_backoff_ms: 1}";

/// How often a target that always does the same is asked.
async fn asked(script: Script, more: &str) -> usize {
    let provider = Provider::start(vec![script; 5]).await;
    Gateway::start(&single(&provider, more)).await.chat(&hello()).await;
    provider.seen().len()
}

#[tokio::test]
async fn only_what_may_pass_is_repeated() {
    for status in [408, 429, 500, 502, 599] {
        assert_eq!(asked(answer(status, "{}"), PATIENT).await, 3, "{status}");
    }
    for status in [400, 401, 404, 409, 422] {
        assert_eq!(asked(answer(status, "{}"), PATIENT).await, 1, "{status}");
    }
    assert_eq!(asked(reset(), PATIENT).await, 3);
    assert_eq!(asked(answer(200, "not JSON"), PATIENT).await, 3);
}

#[tokio::test]
async fn without_a_policy_a_target_is_asked_once() {
    assert_eq!(asked(answer(500, "{}"), "").await, 1);
}

#[tokio::test]
async fn the_listed_statuses_replace_the_usual_ones() {
    let listed = "retry: {attempts: 3, initial_backoff_ms: 1, on_status_codes: [503]}";
    assert_eq!(asked(answer(503, "{}"), listed).await, 3);
    assert_eq!(asked(answer(500, "{}"), listed).await, 1);
    assert_eq!(asked(reset(), listed).await, 3);
}

#[tokio::test]
async fn a_refusal_is_not_repeated_even_where_it_is_listed() {
    let listed = "retry: {attempts: 3, initial_backoff_ms: 1, on_status_codes: [400, 401, 402, 403, 404, 409, 413, 422, 429]}";
    for status in [400, 401, 402, 403, 404, 409, 413, 422] {
        assert_eq!(asked(answer(status, "{}"), listed).await, 1, "{status}");
    }
    assert_eq!(asked(answer(429, "{}"), listed).await, 3);
}

#[tokio::test]
async fn an_attempt_that_ran_into_a_timer_is_not_repeated() {
    assert_eq!(asked(silence(), &format!("{PATIENT}, timeouts: {{head: 50ms}}")).await, 1);
}

#[tokio::test]
async fn a_retry_that_works_is_a_success() {
    let provider = Provider::start([answer(500, "{}"), reset(), answer(200, HI)]).await;
    let mut gateway = Gateway::start(&single(&provider, PATIENT)).await;
    assert_eq!(gateway.chat(&hello()).await.body, HI);
    let outcomes: Vec<_> = gateway.record().await.attempts.iter().map(|attempt| attempt.outcome).collect();
    assert_eq!(outcomes, ["server_error", "connection", "ok"]);
}

#[tokio::test]
async fn a_provider_that_asks_for_too_long_a_wait_is_left_at_once() {
    let (a, b) =
        (Provider::start([answer_with(429, "retry-after: 31\r\n", "{}")]).await, Provider::start([answer(200, HI)]).await);
    let told = Gateway::start(&fallback(&a, &b, PATIENT)).await.chat(&hello()).await;
    assert_eq!((told.status, a.seen().len()), (200, 1));
}

#[tokio::test]
async fn too_long_a_wait_is_passed_on_where_nobody_else_can_answer() {
    let a = Provider::start([answer_with(429, "retry-after: 31\r\n", "{}")]).await;
    let told = Gateway::start(&single(&a, PATIENT)).await.chat(&hello()).await;
    assert_eq!((told.status, a.seen().len()), (429, 1));
    assert_eq!(told.headers["retry-after"], "31");
}

#[tokio::test]
async fn a_client_that_leaves_during_the_wait_ends_the_request() {
    let provider = Provider::start([answer_with(429, "retry-after: 20\r\n", "{}")]).await;
    let mut gateway = Gateway::start(&single(&provider, PATIENT)).await;
    let serving = gateway.send(Operation::Chat, post(hello().to_string()));
    assert!(timeout(Duration::from_millis(200), serving).await.is_err());
    let record = gateway.record().await;
    assert!(record.client_gone);
    assert_eq!((record.status, provider.seen().len()), (499, 1));
}

#[tokio::test]
async fn the_request_timeout_bounds_all_attempts_together() {
    let (a, b) = (Provider::start([silence()]).await, Provider::start([answer(200, HI)]).await);
    let config = format!("request_timeout: 50ms\n{}", fallback(&a, &b, ""));
    let told = Gateway::start(&config).await.chat(&hello()).await;
    assert_eq!(told.refusal(), (504, "upstream_error".into(), "gateway_timeout".into()));
    assert_eq!(b.seen().len(), 0);
}

#[tokio::test]
async fn a_dead_pooled_connection_is_replaced_without_anybody_noticing() {
    let provider = Provider::start([answer(200, HI).then(crate::provider::Act::Close), answer(200, HI)]).await;
    let gateway = Gateway::start(&single(&provider, "")).await;
    assert_eq!(gateway.chat(&hello()).await.status, 200);
    tokio::task::yield_now().await;
    assert_eq!(gateway.chat(&hello()).await.status, 200);
}

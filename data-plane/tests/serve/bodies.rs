//! What clients send, good and bad, and what of it reaches the provider.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use axum::body::Body;
use bytes::Bytes;
use ferrogw_llm::Operation;
use futures::{StreamExt as _, stream};
use http::Request;
use serde_json::json;

use crate::gateway::{Gateway, HI, KEY, Told, hello, post, single};
use crate::provider::{Provider, answer};

async fn refused(body: impl Into<Bytes>) -> (u16, String) {
    let provider = Provider::start([]).await;
    let told = Gateway::start(&single(&provider, "")).await.post(Operation::Chat, body).await;
    assert_eq!(provider.seen().len(), 0);
    let (status, kind, code) = told.refusal();
    assert_eq!(kind, "invalid_request_error", "{}", told.body);
    (status, code)
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_refused_with_a_reason() {
    let deep = format!(r#"{{"model":"m","messages":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    let bad: [&[u8]; 10] = [
        b"",
        b"   ",
        b"{",
        br#"{"model":"m""#,
        br#"{"model":"m"} {"model":"m"}"#,
        br#"["model"]"#,
        br#"{"messages":[]}"#,
        br#"{"model":7}"#,
        br#"{"model":"m","model":"n"}"#,
        b"{\"model\":\"m\",\"user\":\"\xff\xfe\"}",
    ];
    for body in bad.into_iter().chain([deep.as_bytes()]) {
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        assert_eq!(refused(body.to_vec()).await, (400, "invalid_request".into()), "{shown}");
    }
}

#[tokio::test]
async fn who_is_refused_unread_may_send_the_request_to_its_end() {
    let gateway = Gateway::start(&single(&Provider::start([]).await, "")).await;
    for (expectation, read) in [(None, 4), (Some("100-continue"), 0)] {
        let taken = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&taken);
        let pieces = stream::iter(0..4).map(move |_| {
            count.fetch_add(1, SeqCst);
            Ok::<_, std::io::Error>(Bytes::from_static(b"12345678"))
        });
        let mut request = Request::post("/").header("authorization", "Bearer sk-ferro-nobody");
        if let Some(expectation) = expectation {
            request = request.header("expect", expectation);
        }
        let told =
            Told::of(gateway.send(Operation::Chat, request.body(Body::from_stream(pieces)).expect("a request")).await).await;
        assert_eq!((told.status, taken.load(SeqCst)), (401, read), "{expectation:?}");
    }
}

#[tokio::test]
async fn a_model_whose_name_no_record_could_keep_is_served_by_nobody() {
    let provider = Provider::start([]).await;
    let mut gateway = Gateway::start(&format!(
        "targets: [{{name: a, provider: openai, api_key: \"${{TEST_KEY}}\", base_url: \"http://127.0.0.1:{}/v1\"}}]",
        provider.port
    ))
    .await;
    let told = gateway.chat(&json!({"model": "m".repeat(257), "messages": []})).await;
    assert_eq!(told.refusal(), (404, "invalid_request_error".into(), "model_not_found".into()));
    assert_eq!(gateway.record().await.requested_model.len(), 256);
    assert_eq!(provider.seen().len(), 0);
}

#[tokio::test]
async fn what_was_served_at_another_tier_or_spoken_has_no_known_cost() {
    for (said, known) in [
        (HI.replace("\"created\"", "\"service_tier\":\"default\",\"created\""), true),
        (HI.replace("\"created\"", "\"service_tier\":\"flex\",\"created\""), false),
        (HI.replace("\"total_tokens\"", "\"completion_tokens_details\":{\"audio_tokens\":1},\"total_tokens\""), false),
    ] {
        let provider = Provider::start([answer(200, &said)]).await;
        let mut gateway = Gateway::start(&single(&provider, "models: {m: gpt-4o-mini}")).await;
        assert_eq!(gateway.chat(&hello()).await.status, 200);
        let record = gateway.record().await;
        assert_eq!((record.usage.is_some(), record.cost.is_some(), record.price_rule.is_some()), (true, known, known), "{said}");
    }
}

#[tokio::test]
async fn the_operators_version_of_an_api_wins() {
    let provider = Provider::start([answer(400, "{}")]).await;
    let config = format!(
        "targets: [{{name: a, provider: anthropic, models: [m], api_key: \"${{TEST_KEY}}\", base_url: \"http://127.0.0.1:{}/v1\", \
         headers: {{anthropic-version: \"2099-01-01\"}}}}]",
        provider.port
    );
    Gateway::start(&config).await.chat(&hello()).await;
    let head = provider.only().head.to_lowercase();
    assert_eq!(head.matches("anthropic-version: ").count(), 1, "{head}");
    assert!(head.contains("anthropic-version: 2099-01-01"), "{head}");
}

#[tokio::test]
async fn an_escaped_name_is_no_way_around() {
    assert_eq!(refused(&br#"{"model":"m","m\u006fdel":"n"}"#[..]).await, (400, "invalid_request".into()));
}

#[tokio::test]
async fn too_long_a_body_is_refused_whether_or_not_its_length_was_told() {
    let provider = Provider::start([]).await;
    let gateway = Gateway::start(&format!("max_request_bytes: 1000\n{}", single(&provider, ""))).await;
    let body = Bytes::from(vec![b' '; 1_001]);
    let told = gateway.post(Operation::Chat, body.clone()).await;
    assert_eq!(told.refusal(), (413, "invalid_request_error".into(), "request_too_large".into()));
    let pieces = stream::iter([Ok::<_, std::io::Error>(body.slice(..600)), Ok(body.slice(600..))]);
    let request = Request::post("/").header("authorization", format!("Bearer {KEY}"));
    let request = request.body(Body::from_stream(pieces)).expect("a request");
    assert_eq!(Told::of(gateway.send(Operation::Chat, request).await).await.status, 413);
    assert_eq!(gateway.post(Operation::Chat, body.slice(..1_000)).await.status, 400);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_refused() {
    let provider = Provider::start([]).await;
    let gateway = Gateway::start(&single(&provider, "")).await;
    let pieces = stream::iter([Ok(Bytes::from_static(b"{\"model\"")), Err(std::io::Error::other("gone"))]);
    let request = Request::post("/").header("authorization", format!("Bearer {KEY}"));
    let told = Told::of(gateway.send(Operation::Chat, request.body(Body::from_stream(pieces)).expect("a request")).await).await;
    assert_eq!(told.refusal(), (400, "invalid_request_error".into(), "invalid_request".into()));
}

#[tokio::test]
async fn an_untouched_request_reaches_the_provider_byte_for_byte() {
    let odd = "{ \"messages\" : [ ],\n \"temperature\": 1.0e0,\"model\"\t:\"m\", \"x_unknown\": {\"a\":[1,  2]}, \"n\":1 }";
    let provider = Provider::start([answer(200, HI), answer(200, HI)]).await;
    let gateway = Gateway::start(&single(&provider, "models: {m: m, public: \"vendor/m\"}")).await;
    gateway.post(Operation::Chat, odd).await;
    gateway.post(Operation::Chat, odd.replace("\"m\",", "\"public\",")).await;
    let seen = provider.seen();
    assert_eq!(seen[0].body, odd);
    assert_eq!(seen[1].body, odd.replace("\"m\",", "\"vendor/m\","));
    assert_eq!(seen[0].path(), "/v1/chat/completions");
    assert_eq!(seen[0].header("authorization"), Some("Bearer sk-provider-secret"));
    assert_eq!(seen[0].header("content-type"), Some("application/json"));
    assert!(!seen[0].head.contains(KEY));
}

#[tokio::test]
async fn a_whole_answer_comes_back_byte_for_byte_with_its_usage_on_record() {
    let provider = Provider::start([answer(200, HI)]).await;
    let mut gateway = Gateway::start(&single(&provider, "models: {m: gpt-4o}")).await;
    let told = gateway.post(Operation::Chat, json!({"model": "m", "messages": []}).to_string()).await;
    assert_eq!((told.status, told.body.as_str()), (200, HI));
    assert_eq!(told.headers["content-type"], "application/json");
    let record = gateway.record().await;
    let usage = record.usage.expect("told");
    assert_eq!((usage.input, usage.output), (5, 2));
    assert_eq!(record.cost.expect("a known price").to_string(), "$0.000032500");
    assert_eq!(record.price_rule.as_deref(), Some("catalog:openai/gpt-4o"));
    assert_eq!(record.finish_reason.as_deref(), Some("stop"));
    assert_eq!(told.headers["x-request-id"], record.request_id.as_str());
}

#[tokio::test]
async fn an_unknown_price_is_unknown_and_not_nothing() {
    let provider = Provider::start([answer(200, HI)]).await;
    let mut gateway = Gateway::start(&single(&provider, "")).await;
    gateway.post(Operation::Chat, r#"{"model":"m","messages":[]}"#).await;
    let record = gateway.record().await;
    assert!(record.usage.is_some() && record.cost.is_none() && record.price_rule.is_none());
}

#[tokio::test]
async fn a_large_body_is_served_all_the_same() {
    let provider = Provider::start([answer(200, HI)]).await;
    let gateway = Gateway::start(&single(&provider, "models: {m: other}")).await;
    let prose = "word ".repeat(200_000);
    let body = format!(r#"{{"messages":[{{"role":"user","content":"{prose}"}}],"model":"m"}}"#);
    assert_eq!(gateway.post(Operation::Chat, body.clone()).await.status, 200);
    assert_eq!(provider.only().body, body.replace(r#""model":"m""#, r#""model":"other""#));
}

#[tokio::test]
async fn a_clients_request_id_is_kept_and_any_other_replaced() {
    let provider = Provider::start([answer(200, HI), answer(200, HI)]).await;
    let gateway = Gateway::start(&single(&provider, "")).await;
    let id = "0123456789abcdef0123456789abcdef";
    let mut request = post(r#"{"model":"m","messages":[]}"#);
    request.headers_mut().insert("x-request-id", id.parse().expect("a header"));
    assert_eq!(Told::of(gateway.send(Operation::Chat, request).await).await.headers["x-request-id"], id);
    let other = gateway.post(Operation::Chat, r#"{"model":"m","messages":[]}"#).await;
    assert_eq!(other.headers["x-request-id"].len(), 32);
}

#[tokio::test]
async fn a_client_that_leaves_before_the_answer_cancels_it_and_is_recorded() {
    let mut provider = Provider::start([crate::provider::silence()]).await;
    let mut gateway = Gateway::start(&single(&provider, "")).await;
    let serving = gateway.send(Operation::Chat, post(r#"{"model":"m","messages":[]}"#));
    assert!(tokio::time::timeout(std::time::Duration::from_millis(200), serving).await.is_err());
    provider.hears_a_hangup().await;
    let record = gateway.record().await;
    assert!(record.client_gone);
    assert_eq!((record.status, record.attempts.len(), record.attempts[0].outcome), (499, 1, "client_gone"));
    assert!(gateway.has_no_other_record());
}

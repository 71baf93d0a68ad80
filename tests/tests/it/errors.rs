//! Bad input: a clear error each time, in the one envelope, and never a call to a provider.

use ferrogw_tests::{Reply, World, Worlds, over_both};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::setting::{hello, openai};

static WORLDS: Worlds = Worlds::of(|upstream| {
    let mut known = openai(upstream, "known", "${BETA_KEY}");
    known["models"] = json!(["gpt-4o-mini", "gpt-4o"]);
    let mut own = openai(upstream, "alpha", "${ALPHA_KEY}");
    own["models"] = json!(["patient-model", "limited-model"]);
    json!({ "strategy": { "mode": "fallback" }, "targets": [known, own], "max_request_bytes": 1_048_576 })
});

over_both!(WORLDS:
    a_body_that_is_no_json_is_refused,
    a_truncated_body_is_refused,
    an_empty_body_is_refused,
    a_body_that_is_not_utf8_is_refused,
    a_deeply_nested_body_is_refused,
    an_oversized_body_is_refused,
    a_body_without_a_model_is_refused,
    a_model_that_nobody_serves_is_refused_with_the_nearest_names,
    a_path_that_does_not_exist_is_a_404,
    a_verb_that_a_path_does_not_take_is_a_405,
    a_client_that_never_finishes_its_head_is_let_go,
    slow_clients_hold_up_nobody,
    a_providers_refusal_keeps_its_words,
    a_providers_refused_credential_is_not_the_callers_fault,
    a_rate_limit_keeps_its_retry_after,
);

async fn a_body_that_is_no_json_is_refused(world: &World) {
    assert_refused(world, b"model=gpt-4o", 400, "invalid").await;
}

async fn a_truncated_body_is_refused(world: &World) {
    assert_refused(world, b"{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"us", 400, "invalid").await;
}

async fn an_empty_body_is_refused(world: &World) {
    assert_refused(world, b"", 400, "invalid").await;
}

async fn a_body_that_is_not_utf8_is_refused(world: &World) {
    let body = b"{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"\xff\xfe\"}]}";
    assert_refused(world, body, 400, "invalid").await;
}

async fn a_deeply_nested_body_is_refused(world: &World) {
    let body = format!("{{\"model\":\"gpt-4o\",\"messages\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_refused(world, body.as_bytes(), 400, "invalid").await;
}

async fn an_oversized_body_is_refused(world: &World) {
    let body = format!("{{\"model\":\"gpt-4o\",\"padding\":\"{}\"}}", "x".repeat(2 << 20));
    assert_refused(world, body.as_bytes(), 413, "too_large").await;
}

async fn a_body_without_a_model_is_refused(world: &World) {
    assert_refused(world, b"{\"messages\":[]}", 400, "model").await;
}

/// Refused with this status and with this word in the error.
async fn assert_refused(world: &World, body: &[u8], status: u16, word: &str) {
    let answer = world.client().chat_bytes(body.to_vec()).await;
    let error = answer.error();
    assert!(answer.status == status && error.contains("invalid_request_error") && error.contains(word), "{error}");
    assert_eq!(answer.header("x-request-id").len(), 32);
}

async fn a_model_that_nobody_serves_is_refused_with_the_nearest_names(world: &World) {
    let answer = world.client().chat(&hello("gpt-4o-mimi")).await;

    let error = answer.error();
    assert!(error.starts_with("404 invalid_request_error model_not_found model: "), "{error}");
    assert!(error.contains("`gpt-4o-mini`"), "{error}");
    assert!(world.upstream.seen("gpt-4o-mimi").is_empty());
}

async fn a_path_that_does_not_exist_is_a_404(world: &World) {
    let answer = world.client().post("/v1/chat/compeltions", &json!({})).await;
    assert!(answer.error().starts_with("404 invalid_request_error "), "{}", answer.error());
}

async fn a_verb_that_a_path_does_not_take_is_a_405(world: &World) {
    let answer = world.client().get("/v1/chat/completions").await;
    assert!(answer.error().starts_with("405 invalid_request_error "), "{}", answer.error());
    assert_eq!(answer.header("allow"), "POST");
}

async fn a_client_that_never_finishes_its_head_is_let_go(world: &World) {
    let mut stream = TcpStream::connect(("127.0.0.1", world.gateway.port(0))).await.expect("the gateway listens");
    stream.write_all(b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-slow: ").await.expect("a head begun");

    // Whatever it says, it ends the connection; without that this test would not end.
    let mut said = Vec::new();
    let _ = stream.read_to_end(&mut said).await;
}

async fn slow_clients_hold_up_nobody(world: &World) {
    let mut slow = Vec::new();
    for _ in 0..64 {
        let mut stream = TcpStream::connect(("127.0.0.1", world.gateway.port(0))).await.expect("the gateway listens");
        let head = format!("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n", world.gateway.key());
        stream.write_all(head.as_bytes()).await.expect("a head");
        stream
            .write_all(b"content-type: application/json\r\ncontent-length: 1000\r\n\r\n{\"model\"")
            .await
            .expect("a body begun");
        slow.push(stream);
    }

    let model = world.upstream.script_of("patient-model").on("alpha", [Reply::completion("ok")]).model();
    world.client().chat(&hello(&model)).await.expect(200);
    drop(slow);
}

async fn a_providers_refusal_keeps_its_words(world: &World) {
    let said = Reply::error(422, "unprocessable", "messages[0] has no role");
    let model = world.upstream.script_of("gpt-4o").on("known", [said]).model();

    let answer = world.client().chat(&hello(&model)).await;

    assert_eq!(answer.error(), "422 upstream_type unprocessable upstream_param: messages[0] has no role");
}

async fn a_providers_refused_credential_is_not_the_callers_fault(world: &World) {
    let said = Reply::error(401, "invalid_api_key", "Incorrect API key provided: upstream-credential-beta-4Kd9");
    let model = world.upstream.script_of("gpt-4o-mini").on("known", [said]).model();

    let answer = world.client().chat(&hello(&model)).await;

    assert!(answer.error().starts_with("502 upstream_error upstream_auth_error "), "{}", answer.error());
    assert!(!answer.text().contains("4Kd9"), "{}", answer.text());
}

async fn a_rate_limit_keeps_its_retry_after(world: &World) {
    let said = Reply::error_with(429, "rate_limit_exceeded", "Slow down", &[("retry-after", "17")]);
    let model = world.upstream.script_of("limited-model").on("alpha", [said]).model();

    let answer = world.client().chat(&hello(&model)).await;

    assert_eq!(answer.error(), "429 upstream_type rate_limit_exceeded upstream_param: Slow down");
    assert_eq!(answer.header("retry-after"), "17");
}

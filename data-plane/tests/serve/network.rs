//! The way to a provider: proxies, connecting, other wires.

use serde_json::json;

use crate::gateway::{Gateway, HI, hello};
use crate::provider::{Provider, answer, silence};

async fn behind(proxy: &Provider, variable: &str, target: &str) -> Gateway {
    let proxy = format!("http://user:pass@127.0.0.1:{}", proxy.port);
    Gateway::with_environment(&[(variable, &proxy)]).await.serving(&format!("targets: [{target}]"))
}

#[tokio::test]
async fn a_proxy_that_never_connects_is_given_up_in_time_and_not_repeated() {
    let proxy = Provider::start([silence(), silence()]).await;
    let target = "{name: a, provider: openai, base_url: \"https://llm.example.com/v1\", models: [m], \
                  retry: {attempts: 3}, timeouts: {connect: 50ms}}";
    let mut gateway = behind(&proxy, "HTTPS_PROXY", target).await;
    assert_eq!(gateway.chat(&hello()).await.refusal(), (504, "upstream_error".into(), "gateway_timeout".into()));
    let record = gateway.record().await;
    assert_eq!((record.attempts.len(), record.attempts[0].message.as_str()), (1, "no connection within 50ms"));
    let tunnel = proxy.only();
    assert_eq!((tunnel.path(), tunnel.header("proxy-authorization")), ("llm.example.com:443", Some("Basic dXNlcjpwYXNz")));
}

#[tokio::test]
async fn a_plain_provider_is_asked_through_the_proxy_by_its_whole_address() {
    let proxy = Provider::start([answer(200, HI)]).await;
    let target = "{name: a, provider: openai, base_url: \"http://llm.example.com/v1\", models: [m]}";
    let gateway = behind(&proxy, "HTTP_PROXY", target).await;
    assert_eq!(gateway.chat(&hello()).await.body, HI);
    let seen = proxy.only();
    assert_eq!(seen.path(), "http://llm.example.com/v1/chat/completions");
    assert_eq!(seen.header("proxy-authorization"), Some("Basic dXNlcjpwYXNz"));
}

#[tokio::test]
async fn another_wire_is_spoken_and_answered_in_the_clients_own() {
    let said = json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x", "stop_reason": "end_turn",
        "content": [{"type": "text", "text": "Hi"}], "usage": {"input_tokens": 5, "output_tokens": 2},
    });
    let provider = Provider::start([answer(200, &said.to_string())]).await;
    let config = format!(
        "targets: [{{name: a, provider: anthropic, base_url: \"http://127.0.0.1:{}/v1\", api_key: \"${{TEST_KEY}}\", models: [m]}}]",
        provider.port
    );
    let mut gateway = Gateway::start(&config).await;
    let told = gateway.chat(&hello()).await;
    assert_eq!(told.json()["choices"][0]["message"]["content"], "Hi");
    let seen = provider.only();
    assert_eq!((seen.path(), seen.header("x-api-key")), ("/v1/messages", Some("sk-provider-secret")));
    assert!(seen.header("anthropic-version").is_some() && seen.header("authorization").is_none());
    assert_eq!(gateway.record().await.usage.expect("told").output, 2);
}

#[tokio::test]
async fn a_member_that_means_nothing_to_the_provider_is_left_out_and_named() {
    let provider = Provider::start([answer(200, HI)]).await;
    let config =
        format!("targets: [{{name: a, provider: mistral, base_url: \"http://127.0.0.1:{}/v1\", models: [m]}}]", provider.port);
    let told = Gateway::start(&config).await.chat(&json!({"model": "m", "messages": [], "user": "u1"})).await;
    assert_eq!(told.headers["x-ferrogw-dropped-params"], "user");
    assert!(!provider.only().body.contains("u1"));
}

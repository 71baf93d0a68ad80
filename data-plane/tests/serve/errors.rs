//! What a client is told about a provider's failure.

use crate::gateway::{Gateway, HI, Told, fallback, hello, single};
use crate::provider::{Provider, Script, answer, answer_with, reset};

async fn told(script: Script) -> Told {
    let provider = Provider::start([script]).await;
    Gateway::start(&single(&provider, "")).await.chat(&hello()).await
}

#[tokio::test]
async fn a_refusal_of_the_request_is_passed_on_as_the_provider_said_it() {
    let said =
        r#"{"error":{"message":"temperature too high","type":"invalid_request_error","param":"temperature","code":"bad_value"}}"#;
    for status in [400, 404, 413, 422, 429, 498] {
        let told = told(answer(status, said)).await;
        let error = told.json()["error"].clone();
        assert_eq!(told.status, status);
        assert_eq!(error["message"], "temperature too high");
        assert_eq!((error["param"].as_str(), error["code"].as_str()), (Some("temperature"), Some("bad_value")));
    }
}

#[tokio::test]
async fn every_other_status_is_told_by_class() {
    for (status, expected, code) in [
        (401, 502, "upstream_auth_error"),
        (402, 502, "upstream_auth_error"),
        (403, 502, "upstream_auth_error"),
        (408, 504, "upstream_timeout"),
        (424, 502, "upstream_error"),
        (504, 504, "upstream_timeout"),
        (503, 503, "upstream_unavailable"),
        (529, 503, "upstream_unavailable"),
        (500, 502, "upstream_error"),
        (302, 502, "upstream_error"),
    ] {
        let told = told(answer(status, r#"{"error":{"message":"database at 10.0.0.3 is down"}}"#)).await;
        assert_eq!(told.refusal(), (expected, "upstream_error".into(), code.into()), "{status}");
        assert!(!told.body.contains("10.0.0.3"), "{}", told.body);
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Provider::start([]).await;
    let location = format!("location: http://127.0.0.1:{}/\r\n", elsewhere.port);
    assert_eq!(told(answer_with(307, &location, "")).await.status, 502);
    assert_eq!(elsewhere.seen().len(), 0);
}

#[tokio::test]
async fn no_error_names_a_target_an_address_or_a_secret() {
    let echo = r#"{"error":{"message":"Incorrect API key provided: sk-proj-abcdefghijklmnopqrstuvwxyz0123456789"}}"#;
    for script in [answer(400, echo), answer(401, echo), answer(500, "<html>"), answer(200, "no"), reset()] {
        let told = told(script).await;
        for secret in ["sk-proj-abcdefghijkl", "127.0.0.1", "sk-provider-secret", "html"] {
            assert!(!told.body.contains(secret), "{}", told.body);
        }
    }
}

#[tokio::test]
async fn a_credential_that_looks_like_nothing_special_is_hidden_all_the_same() {
    let told = told(answer(400, r#"{"error":{"message":"no access for sk-provider-secret","code":"sk-provider-secret"}}"#)).await;
    assert_eq!(told.json()["error"]["message"], "no access for [redacted]");
    assert_eq!(told.json()["error"]["code"], "[redacted]");
}

#[tokio::test]
async fn a_refused_connection_is_a_bad_gateway_and_not_our_fault() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound").port();
    let config = format!("targets: [{{provider: openai, name: a, base_url: \"http://127.0.0.1:{port}/v1\", models: [m]}}]");
    let mut gateway = Gateway::start(&config).await;
    assert_eq!(gateway.chat(&hello()).await.refusal(), (502, "upstream_error".into(), "upstream_error".into()));
    let attempt = gateway.record().await.attempts[0].clone();
    assert_eq!((attempt.status, attempt.outcome), (0, "connection"));
    assert!(attempt.message.starts_with("cannot connect"), "{}", attempt.message);
}

#[tokio::test]
async fn an_answer_that_is_cut_or_empty_is_no_success() {
    use crate::provider::Act;
    let cut = answer_with(200, "x: ", "").then(Act::Close);
    assert_eq!(told(cut).await.status, 502);
    assert_eq!(told(answer(200, "")).await.status, 502);
    let reported = told(answer(200, r#"{"error":{"message":"no money","type":"insufficient_quota"}}"#)).await;
    assert_eq!(reported.refusal(), (429, "insufficient_quota".into(), "insufficient_quota".into()));
}

#[tokio::test]
async fn an_answer_that_is_longer_than_50_mib_is_given_up_and_the_next_target_asked() {
    let endless = Provider::start([answer(200, &" ".repeat((50 << 20) + 1))]).await;
    let sound = Provider::start([answer(200, HI)]).await;
    let mut gateway = Gateway::start(&fallback(&endless, &sound, "retry: {attempts: 1}, ")).await;
    assert_eq!(gateway.chat(&hello()).await.body, HI);
    let attempt = gateway.record().await.attempts[0].clone();
    assert_eq!((attempt.outcome, attempt.message.as_str()), ("malformed_answer", "the answer is longer than 52428800 bytes"));
}

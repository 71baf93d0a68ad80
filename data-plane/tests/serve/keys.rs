//! Who may ask.

use axum::body::Body;
use ferrogw_data_plane::snapshot::keys::Scopes;
use ferrogw_llm::Operation;
use http::Request;

use crate::gateway::{Gateway, HI, KEY, Told, hello, single};
use crate::provider::{Provider, answer};

async fn with_header(gateway: &Gateway, header: Option<&str>) -> Told {
    let mut request = Request::post("/");
    if let Some(header) = header {
        request = request.header("authorization", header);
    }
    Told::of(gateway.send(Operation::Chat, request.body(Body::from(hello().to_string())).expect("a request")).await).await
}

async fn gateway() -> (Gateway, Provider) {
    let provider = Provider::start([answer(200, HI)]).await;
    (Gateway::start(&single(&provider, "")).await, provider)
}

#[tokio::test]
async fn without_a_key_nothing_is_read_or_sent() {
    let (gateway, provider) = gateway().await;
    for header in [None, Some(""), Some("Bearer"), Some("Bearer "), Some("Bearer    "), Some("Basic c2stZmVycm8tdGVzdA==")] {
        let told = with_header(&gateway, header).await;
        assert_eq!(told.refusal(), (401, "authentication_error".into(), "missing_api_key".into()), "{header:?}");
    }
    assert_eq!(provider.seen().len(), 0);
}

#[tokio::test]
async fn a_key_that_is_none_of_ours_is_refused() {
    let (gateway, _provider) = gateway().await;
    for key in ["sk-ferro-tesT", "sk-ferro-test2", "sk-provider-secret", "x"] {
        let told = with_header(&gateway, Some(&format!("Bearer {key}"))).await;
        assert_eq!(told.refusal(), (401, "authentication_error".into(), "invalid_api_key".into()), "{key}");
    }
}

#[tokio::test]
async fn the_scheme_is_read_in_any_case() {
    let (gateway, _provider) = gateway().await;
    assert_eq!(with_header(&gateway, Some(&format!("bearer {KEY}"))).await.status, 200);
}

#[tokio::test]
async fn an_expired_and_a_revoked_key_are_refused() {
    let (gateway, provider) = gateway().await;
    gateway.admit("sk-ferro-old", Scopes::INFERENCE, Some(1_000_000_000));
    let told = with_header(&gateway, Some("Bearer sk-ferro-old")).await;
    assert_eq!(told.refusal(), (401, "authentication_error".into(), "invalid_api_key".into()));
    assert!(told.body.contains("expired"));
    gateway.revoke(KEY);
    assert_eq!(with_header(&gateway, Some(&format!("Bearer {KEY}"))).await.status, 401);
    assert_eq!(provider.seen().len(), 0);
}

#[tokio::test]
async fn looking_is_not_asking() {
    let (mut gateway, _provider) = gateway().await;
    gateway.admit("sk-ferro-looker", Scopes::READ_ONLY, None);
    let told = with_header(&gateway, Some("Bearer sk-ferro-looker")).await;
    assert_eq!(told.refusal(), (403, "permission_error".into(), "insufficient_scope".into()));
    assert!(gateway.record().await.key_id.is_some());
    gateway.admit("sk-ferro-admin", Scopes::ADMIN, Some(99_999_999_999));
    assert_eq!(with_header(&gateway, Some("Bearer sk-ferro-admin")).await.status, 200);
}

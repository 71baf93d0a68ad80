//! Completions and embeddings: the same life, other words.

use ferrogw_llm::Operation;
use serde_json::json;

use crate::gateway::{Gateway, HI, STOP, TEXT, single};
use crate::provider::{Provider, answer, whole_stream};

#[tokio::test]
async fn completions_go_natively_where_the_provider_has_them() {
    let said = r#"{"id":"x","object":"text_completion","choices":[{"index":0,"text":"Hi","finish_reason":"stop"}]}"#;
    let provider = Provider::start([answer(200, said)]).await;
    let gateway = Gateway::start(&single(&provider, "models: [davinci-002]")).await;
    let body = r#"{"model":"davinci-002","prompt":"Hello","echo":true}"#;
    let told = gateway.post(Operation::Completions, body).await;
    assert_eq!(told.body, said);
    assert_eq!((provider.only().path(), provider.only().body.as_str()), ("/v1/completions", body));
}

#[tokio::test]
async fn completions_go_through_chat_elsewhere() {
    let provider = Provider::start([answer(200, HI), whole_stream(&[TEXT, STOP])]).await;
    let mut gateway = Gateway::start(&single(&provider, "")).await;
    let told = gateway.post(Operation::Completions, r#"{"model":"m","prompt":"Hello"}"#).await;
    assert_eq!(
        (told.json()["object"].as_str(), told.json()["choices"][0]["text"].as_str()),
        (Some("text_completion"), Some("Hi"))
    );
    assert_eq!(provider.only().path(), "/v1/chat/completions");
    assert_eq!(gateway.record().await.operation, Operation::Completions);
    let told = gateway.post(Operation::Completions, r#"{"model":"m","prompt":"Hello","stream":true}"#).await;
    let frames = told.frames();
    assert!(frames[0].contains(r#""text":"Hi""#) && frames[0].contains("text_completion"), "{}", told.body);
    assert_eq!(frames.last(), Some(&"[DONE]"));
}

#[tokio::test]
async fn what_chat_cannot_say_is_refused_by_name() {
    let provider = Provider::start([]).await;
    let told = Gateway::start(&single(&provider, ""))
        .await
        .post(Operation::Completions, r#"{"model":"m","prompt":"a","suffix":"b"}"#)
        .await;
    assert_eq!(told.refusal(), (400, "invalid_request_error".into(), "unsupported_parameter".into()));
    assert_eq!(told.json()["error"]["param"], "suffix");
    assert_eq!(provider.seen().len(), 0);
}

#[tokio::test]
async fn embeddings_pass_as_they_are() {
    let said = r#"{"object":"list","data":[{"object":"embedding","index":0,"embedding":"AACAPw=="}],"model":"e","usage":{"prompt_tokens":3,"total_tokens":3}}"#;
    let provider = Provider::start([answer(200, said)]).await;
    let mut gateway = Gateway::start(&single(&provider, "models: [e]")).await;
    let body = r#"{"model":"e","input":["a"],"encoding_format":"base64"}"#;
    assert_eq!(gateway.post(Operation::Embeddings, body).await.body, said);
    assert_eq!((provider.only().path(), provider.only().body.as_str()), ("/v1/embeddings", body));
    assert_eq!(gateway.record().await.usage.expect("told").input, 3);
}

#[tokio::test]
async fn an_unserved_model_is_told_alike_on_every_surface() {
    let provider = Provider::start([]).await;
    let gateway = Gateway::start(&single(&provider, "")).await;
    for operation in [Operation::Chat, Operation::Completions, Operation::Embeddings] {
        let told = gateway.post(operation, json!({"model": "nobody-has-this"}).to_string()).await;
        assert_eq!(told.refusal(), (404, "invalid_request_error".into(), "model_not_found".into()));
    }
}

#[tokio::test]
async fn a_provider_without_embeddings_is_not_asked_for_them() {
    let config = "targets: [{virtual_key: groq, base_url: \"http://127.0.0.1:9/v1\", models: [m]}]";
    let told = Gateway::start(config).await.post(Operation::Embeddings, r#"{"model":"m","input":"a"}"#).await;
    assert_eq!(told.refusal(), (404, "invalid_request_error".into(), "model_not_found".into()));
}

//! What can be asked for.

use ferrogw_data_plane::snapshot::keys::{Key, Scopes};
use ferrogw_data_plane::surface::models::{entry, list};
use serde_json::Value;
use uuid::Uuid;

use crate::gateway::{Gateway, Told};

const CONFIG: &str = r#"
strategy: {mode: fallback}
targets:
  - {name: a, provider: openai, base_url: "http://127.0.0.1:9/v1", models: [gpt-4o, extra/model]}
  - {name: b, provider: groq, base_url: "http://127.0.0.1:9/v1", models: {gpt-4o: other}}
  - {virtual_key: anthropic}
aliases: {fast: gpt-4o}
"#;

fn key(scopes: Scopes) -> Key {
    Key { id: Uuid::nil(), expires_at: None, scopes }
}

async fn listed(config: &str) -> Value {
    let snapshot = Gateway::start(config).await.core.plane.live.load();
    Told::of(list(&snapshot, Some(&key(Scopes::READ_ONLY))).expect("may look")).await.json()
}

#[tokio::test]
async fn every_routable_model_is_listed_once_with_aliases_and_without_the_unroutable() {
    let listed = listed(CONFIG).await;
    let entries: Vec<_> = listed["data"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|entry| (entry["id"].as_str(), entry["owned_by"].as_str()))
        .collect();
    assert_eq!(listed["object"], "list");
    assert_eq!(
        entries,
        [(Some("extra/model"), Some("openai")), (Some("fast"), Some("openai")), (Some("gpt-4o"), Some("openai"))]
    );
    assert!(
        listed["data"].as_array().expect("a list").iter().all(|entry| entry["created"].is_i64() && entry["object"] == "model")
    );
    assert_eq!(listed["data"][2]["context_window"], 128_000);
}

#[tokio::test]
async fn one_model_is_shown_by_its_name_slashes_and_all() {
    let snapshot = Gateway::start(CONFIG).await.core.plane.live.load();
    for spelt in ["extra/model", "extra%2Fmodel"] {
        let told = Told::of(entry(&snapshot, Some(&key(Scopes::INFERENCE)), spelt).expect("listed")).await;
        assert_eq!(told.json()["id"], "extra/model");
    }
    assert_eq!(entry(&snapshot, Some(&key(Scopes::ADMIN)), "gpt-5p").expect_err("not listed").code, "model_not_found");
}

#[tokio::test]
async fn looking_takes_a_key_of_any_scope() {
    let snapshot = Gateway::start(CONFIG).await.core.plane.live.load();
    assert_eq!(list(&snapshot, None).expect_err("no key").code, "missing_api_key");
    assert_eq!(list(&snapshot, Some(&key(Scopes::NONE))).expect_err("no scope").code, "insufficient_scope");
}

#[tokio::test]
async fn a_target_without_a_list_shows_what_its_catalog_knows() {
    let listed = listed("targets: [{virtual_key: ollama, base_url: \"http://127.0.0.1:9/v1\"}]").await;
    let known = ferrogw_config::catalog::provider("ollama").expect("in the catalog").models.len();
    assert_eq!(listed["data"].as_array().expect("a list").len(), known);
}

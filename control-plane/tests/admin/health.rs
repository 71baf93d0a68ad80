//! How the gateway says that it is.

use axum::http::StatusCode;
use ferrogw_config::Document;
use ferrogw_control_plane::store::{Action, Actor, Draft};
use serde_json::{Value, json};

use crate::plane::{Home, Kind, Plane};

fn components(health: &Value) -> Vec<(&str, &str)> {
    let parts = health["components"].as_array().unwrap();
    parts.iter().map(|part| (part["name"].as_str().unwrap(), part["status"].as_str().unwrap())).collect()
}

/// Stores a document that an earlier release took and this one refuses.
async fn store_an_old_document(plane: &Plane) {
    let document = Document::from_parts(1, br#"{"strategy":{"mode":"round-robin"},"targets":[]}"#.to_vec());
    let draft = Draft { document: Some(document), action: Action::Update, note: String::new() };
    plane.store().activate(draft, None, &Actor::system()).await.unwrap();
}

on_every_database! {
    async fn health_shows_the_parts_and_the_callers_scopes(plane: &Plane) {
        let reader = plane.key("reader", &["read_only", "inference"]).await;
        let health = plane.get("/admin/health").by(&reader.secret).send().await.expect(StatusCode::OK).body;
        assert_eq!((&health["status"], &health["scopes"]), (&json!("no_providers"), &json!(["read_only", "inference"])));
        assert_eq!(
            components(&health),
            [
                ("API", "healthy"),
                ("Key store", "healthy"),
                ("Config store", "healthy"),
                ("Request logs", "healthy"),
                ("Audit log", "healthy"),
            ]
        );
        assert_eq!(health["configuration"], json!({ "status": "none", "version": 0 }));
    }

    async fn a_stored_configuration_that_is_refused_is_told_and_can_be_rolled_back(plane: &Plane) {
        plane.configure(&["openai"]).await;
        store_an_old_document(plane).await;
        let health = plane.get("/admin/health").send().await.body;
        assert_eq!((&health["status"], &health["configuration"]["status"]), (&json!("degraded"), &json!("invalid")));
        assert!(!health["configuration"]["issues"].as_array().unwrap().is_empty());
        let ready = plane.get("/readyz").anonymous().send().await.expect(StatusCode::OK).body;
        assert!(ready["status"] == "ready" && ready["detail"].as_str().unwrap().contains("version 2"), "{ready}");
        plane.get("/admin/config").send().await.expect(StatusCode::OK);
        assert_eq!(plane.post("/admin/config/rollback/2").send().await.refusal(), (400, "invalid_config"));
        plane.post("/admin/config/rollback/1").send().await.expect(StatusCode::OK);
        assert_eq!(plane.get("/admin/health").send().await.body["configuration"], json!({ "status": "valid", "version": 3 }));
    }

    async fn a_lost_database_ends_readiness_and_says_no_more_than_which(plane: &Plane) {
        plane.get("/livez").anonymous().send().await.expect(StatusCode::OK);
        plane.store().close().await;
        let ready = plane.get("/readyz").anonymous().send().await.expect(StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(ready.body, json!({ "status": "not_ready", "reason": "The config store is unreachable." }));
        plane.get("/livez").anonymous().send().await.expect(StatusCode::OK);
        let health = plane.get("/admin/health").send().await.expect(StatusCode::OK).body;
        assert_eq!((&health["status"], &health["configuration"]["status"]), (&json!("degraded"), &json!("unknown")));
    }
}

#[tokio::test]
async fn a_disabled_request_log_is_no_degradation() {
    let mut home = Home::new(Kind::Memory).await.unwrap();
    home.settings.stores.request_log_store_backend = Some("disabled".to_owned());
    let health = home.start().await.get("/admin/health").send().await.body;
    assert_eq!((&health["status"], components(&health)[3]), (&json!("no_providers"), ("Request logs", "disabled")));
}

#[tokio::test]
async fn a_control_plane_starts_with_a_stored_configuration_that_it_refuses() {
    let home = Home::new(Kind::Sqlite).await.unwrap();
    let plane = home.start().await;
    store_an_old_document(&plane).await;
    plane.store().close().await;
    let plane = home.start().await;
    assert_eq!(plane.get("/admin/health").send().await.body["configuration"]["status"], "invalid");
    plane.configure(&["openai"]).await;
}

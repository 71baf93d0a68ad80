//! The life of a key.

use axum::http::StatusCode;
use serde_json::json;

use crate::plane::{Home, Kind, Plane};

on_every_database! {
    async fn a_made_key_shows_its_secret_once(plane: &Plane) {
        let made = plane.post("/admin/keys").json(&json!({ "name": "ci" })).await.expect(StatusCode::CREATED);
        let secret = made.body["key"].as_str().unwrap();
        assert!(secret.starts_with("sk-ferro-") && secret.len() >= 52, "{secret}");
        assert_eq!(made.header("cache-control"), "no-store");
        assert_eq!(
            (&made.body["scopes"], &made.body["active"], &made.body["usage_count"]),
            (&json!(["read_only"]), &json!(true), &json!(0))
        );
        let path = format!("/admin/keys/{}", made.body["id"].as_str().unwrap());
        let shown = plane.get(&path).send().await.expect(StatusCode::OK).body;
        let masked = shown["key"].as_str().unwrap();
        assert!(masked.contains("...") && masked.ends_with(&secret[secret.len() - 4..]) && masked.len() < 24, "{masked}");
    }

    async fn a_key_needs_a_name_and_known_members(plane: &Plane) {
        for body in [json!({}), json!({ "name": "" }), json!({ "name": "  " }), json!({ "name": "x".repeat(201) })] {
            assert_eq!(plane.post("/admin/keys").json(&body).await.refusal(), (400, "invalid_request"), "{body}");
        }
        let misspelt = plane.post("/admin/keys").json(&json!({ "name": "ci", "scope": "admin" })).await;
        assert_eq!(misspelt.refusal(), (400, "invalid_request"));
        assert!(misspelt.body["error"]["message"].as_str().unwrap().contains("`scope`"));
        assert_eq!(plane.post("/admin/keys").text("{\"name\":").send().await.refusal(), (400, "invalid_request"));
        assert_eq!(plane.get("/admin/keys").send().await.body, json!([]));
    }

    async fn an_unknown_scope_is_refused_by_name(plane: &Plane) {
        let refused = plane.post("/admin/keys").json(&json!({ "name": "ci", "scopes": ["adminn"] })).await;
        assert_eq!(refused.refusal(), (400, "invalid_scope"));
        assert_eq!(refused.body["error"]["param"], "scopes");
    }

    async fn empty_members_of_an_update_leave_things_alone(plane: &Plane) {
        let key = plane.key("before", &["inference"]).await;
        let path = format!("/admin/keys/{}", key.id);
        let updated = plane.put(&path).json(&json!({ "name": "after", "scopes": [] })).await.expect(StatusCode::OK);
        assert_eq!((&updated.body["name"], &updated.body["scopes"]), (&json!("after"), &json!(["inference"])));
        let updated = plane.put(&path).json(&json!({ "scopes": ["admin", "inference"] })).await.expect(StatusCode::OK);
        assert_eq!((&updated.body["name"], &updated.body["scopes"]), (&json!("after"), &json!(["admin", "inference"])));
    }

    async fn clearing_the_expiry_wins_over_anything_said_about_it(plane: &Plane) {
        let key = plane.key("ci", &["read_only"]).await;
        let path = format!("/admin/keys/{}", key.id);
        plane.put(&path).json(&json!({ "expires_at": "2020-01-01T00:00:00Z" })).await.expect(StatusCode::OK);
        assert_eq!(plane.get("/admin/keys").by(&key.secret).send().await.refusal(), (401, "invalid_api_key"));
        assert_eq!(plane.put(&path).json(&json!({ "expires_at": "garbage" })).await.refusal(), (400, "invalid_request"));
        let cleared = plane.put(&path).json(&json!({ "clear_expiration": true, "expires_at": "garbage" })).await;
        assert!(cleared.expect(StatusCode::OK).body.get("expires_at").is_none());
        plane.get("/admin/keys").by(&key.secret).send().await.expect(StatusCode::OK);
    }

    async fn a_revoked_key_stays_listed_and_opens_nothing(plane: &Plane) {
        let key = plane.key("ci", &["read_only"]).await;
        let revoke = format!("/admin/keys/{}/revoke", key.id);
        let revoked = plane.post(&revoke).send().await.expect(StatusCode::OK);
        assert_eq!(revoked.body, json!({ "status": "revoked" }));
        let shown = plane.get(&format!("/admin/keys/{}", key.id)).send().await.body;
        assert!(shown["active"] == false && shown["revoked_at"].is_string(), "{shown}");
        assert_eq!(plane.get("/admin/keys").by(&key.secret).send().await.refusal(), (401, "invalid_api_key"));
        plane.post(&revoke).send().await.expect(StatusCode::OK);
    }

    async fn a_deleted_key_is_gone(plane: &Plane) {
        let key = plane.key("ci", &["read_only"]).await;
        let path = format!("/admin/keys/{}", key.id);
        plane.delete(&path).send().await.expect(StatusCode::NO_CONTENT);
        assert_eq!(plane.get(&path).send().await.refusal(), (404, "resource_not_found"));
        assert_eq!(plane.get("/admin/keys").by(&key.secret).send().await.refusal(), (401, "invalid_api_key"));
        assert_eq!(plane.delete(&path).send().await.refusal(), (404, "resource_not_found"));
    }

    async fn a_rotated_key_keeps_its_id_and_loses_its_secret(plane: &Plane) {
        let key = plane.key("ci", &["read_only"]).await;
        let rotated = plane.post(&format!("/admin/keys/{}/rotate", key.id)).send().await.expect(StatusCode::OK).body;
        assert!(rotated["id"] == key.id.as_str() && rotated["rotated_at"].is_string() && rotated["key"] != key.secret.as_str());
        assert_eq!(plane.get("/admin/keys").by(&key.secret).send().await.refusal(), (401, "invalid_api_key"));
        plane.get("/admin/keys").by(rotated["key"].as_str().unwrap()).send().await.expect(StatusCode::OK);
    }

    async fn a_dead_key_is_not_rotated(plane: &Plane) {
        let (revoked, expired) = (plane.key("a", &[]).await, plane.key("b", &[]).await);
        plane.post(&format!("/admin/keys/{}/revoke", revoked.id)).send().await.expect(StatusCode::OK);
        let past = json!({ "expires_at": "2020-01-01T00:00:00Z" });
        plane.put(&format!("/admin/keys/{}", expired.id)).json(&past).await.expect(StatusCode::OK);
        for key in [revoked, expired] {
            let refused = plane.post(&format!("/admin/keys/{}/rotate", key.id)).send().await;
            assert_eq!(refused.refusal(), (409, "key_not_usable"));
        }
    }

    async fn what_is_no_id_addresses_nothing(plane: &Plane) {
        for id in ["nobody", "%2e%2e", "a%2Fb", "%75sage", "00000000-0000-0000-0000-000000000000"] {
            assert_eq!(plane.get(&format!("/admin/keys/{id}")).send().await.refusal(), (404, "resource_not_found"), "{id}");
        }
    }
}

#[tokio::test]
async fn secrets_never_reach_the_disk() {
    let home = Home::new(Kind::Sqlite).await.unwrap();
    let plane = home.start().await;
    let key = plane.key("ci", &["read_only"]).await;
    plane.get("/admin/keys").by(&key.secret).send().await.expect(StatusCode::OK);
    let rotated = plane.post(&format!("/admin/keys/{}/rotate", key.id)).send().await.expect(StatusCode::OK).body;
    plane.store().close().await;
    let secrets = [key.secret.as_bytes(), rotated["key"].as_str().unwrap().as_bytes()];
    let files: Vec<_> = std::fs::read_dir(&home.settings.data_dir).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(!files.is_empty());
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        assert!(secrets.iter().all(|secret| !bytes.windows(secret.len()).any(|window| window == *secret)), "{}", file.display());
    }
}

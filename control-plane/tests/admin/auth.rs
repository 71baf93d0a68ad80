//! Who gets in, and what the others are told.

use axum::http::StatusCode;
use serde_json::json;

use crate::plane::{Home, Kind, MASTER_KEY, Plane};

on_every_database! {
    async fn only_a_bearer_of_exactly_this_form_is_a_credential(plane: &Plane) {
        let key = plane.key("ci", &["read_only"]).await;
        let forms = [format!("bearer {}", key.secret), format!("Basic {}", key.secret), key.secret.clone(), "Bearer ".to_owned()];
        for form in forms {
            let answer = plane.get("/admin/keys").header("authorization", &form).send().await;
            assert_eq!(answer.refusal(), (401, "missing_api_key"), "{form}");
        }
        assert_eq!(plane.get("/admin/keys").anonymous().send().await.refusal(), (401, "missing_api_key"));
        assert_eq!(plane.get("/admin/keys").by("sk-ferro-wrong").send().await.refusal(), (401, "invalid_api_key"));
        plane.get("/admin/keys").by(&key.secret).send().await.expect(StatusCode::OK);
    }

    async fn a_stored_digest_is_no_credential(plane: &Plane) {
        use sha2::Digest as _;
        let key = plane.key("ci", &["admin"]).await;
        let digest: String = sha2::Sha256::digest(&key.secret).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(plane.get("/admin/keys").by(&digest).send().await.refusal(), (401, "invalid_api_key"));
    }

    async fn the_master_key_is_an_admin_without_a_row(plane: &Plane) {
        let keys = plane.get("/admin/keys").send().await.expect(StatusCode::OK);
        assert_eq!(keys.body, json!([]));
        let health = plane.get("/admin/health").send().await.expect(StatusCode::OK);
        assert_eq!(health.body["scopes"], json!(["admin"]));
        plane.key("ci", &[]).await;
        let trail = plane.get("/admin/audit").send().await.body;
        let actor = trail["data"][0]["actor_id"].as_str().unwrap();
        assert!(actor.starts_with("master-key:") && actor.len() == 27 && !actor.contains(MASTER_KEY), "{actor}");
    }

    async fn scopes_decide_what_is_read_and_what_is_written(plane: &Plane) {
        let (reader, user) = (plane.key("reader", &["read_only"]).await, plane.key("user", &["inference"]).await);
        plane.get("/admin/keys").by(&reader.secret).send().await.expect(StatusCode::OK);
        let refused = plane.post("/admin/keys").by(&reader.secret).json(&json!({ "name": "x" })).await;
        assert_eq!(refused.refusal(), (403, "insufficient_scope"));
        assert_eq!(plane.get("/admin/keys").by(&user.secret).send().await.refusal(), (403, "insufficient_scope"));
    }

    async fn an_outage_is_neither_a_wrong_key_nor_an_empty_list(plane: &Plane) {
        let key = plane.key("ci", &["admin"]).await;
        plane.store().close().await;
        for path in ["/admin/keys", &format!("/admin/keys/{}", key.id), "/admin/config", "/admin/logs", "/admin/audit"] {
            for secret in [MASTER_KEY, &key.secret] {
                let answer = plane.get(path).by(secret).send().await;
                assert_eq!(answer.refusal(), (503, "store_unavailable"), "{path}");
            }
        }
    }
}

#[tokio::test]
async fn without_a_master_key_its_value_opens_nothing() {
    let mut home = Home::new(Kind::Memory).await.unwrap();
    home.settings.access.master_key = None;
    assert_eq!(home.start().await.get("/admin/keys").send().await.refusal(), (401, "invalid_api_key"));
}

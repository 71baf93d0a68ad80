//! Nobody locks themselves out, or everybody.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::plane::{Answer, Made, Plane};

const PAST: &str = "2020-01-01T00:00:00Z";

/// Every way to take `key`'s access away.
async fn attacks(plane: &Plane, key: &Made, by: &str) -> Vec<Answer> {
    let path = format!("/admin/keys/{}", key.id);
    vec![
        plane.delete(&path).by(by).send().await,
        plane.post(&format!("{path}/revoke")).by(by).send().await,
        plane.put(&path).by(by).json(&json!({ "scopes": ["read_only"] })).await,
        plane.put(&path).by(by).json(&json!({ "expires_at": PAST })).await,
    ]
}

async fn put(plane: &Plane, key: &Made, by: &str, body: Value) -> StatusCode {
    plane.put(&format!("/admin/keys/{}", key.id)).by(by).json(&body).await.status
}

on_every_database! {
    async fn a_key_does_not_take_its_own_access_away(plane: &Plane) {
        let (own, _other) = (plane.key("own", &["admin"]).await, plane.key("other", &["admin"]).await);
        for answer in attacks(plane, &own, &own.secret).await {
            assert_eq!(answer.refusal(), (409, "self_mutation_forbidden"));
        }
        assert_eq!(put(plane, &own, &own.secret, json!({ "name": "renamed" })).await, StatusCode::OK);
        assert_eq!(put(plane, &own, &own.secret, json!({ "expires_at": "2999-01-01T00:00:00Z" })).await, StatusCode::OK);
        plane.post(&format!("/admin/keys/{}/rotate", own.id)).by(&own.secret).send().await.expect(StatusCode::OK);
    }

    async fn the_last_usable_admin_stays(plane: &Plane) {
        let last = plane.key("last", &["admin"]).await;
        let (expired, revoked, reader) =
            (plane.key("expired", &["admin"]).await, plane.key("revoked", &["admin"]).await, plane.key("reader", &[]).await);
        assert_eq!(put(plane, &expired, crate::plane::MASTER_KEY, json!({ "expires_at": PAST })).await, StatusCode::OK);
        plane.post(&format!("/admin/keys/{}/revoke", revoked.id)).send().await.expect(StatusCode::OK);
        for answer in attacks(plane, &last, crate::plane::MASTER_KEY).await {
            assert_eq!(answer.refusal(), (409, "last_admin_key"));
        }
        for dead in [expired, revoked, reader] {
            plane.delete(&format!("/admin/keys/{}", dead.id)).send().await.expect(StatusCode::NO_CONTENT);
        }
        plane.key("second", &["admin"]).await;
        plane.delete(&format!("/admin/keys/{}", last.id)).send().await.expect(StatusCode::NO_CONTENT);
    }

    async fn an_unknown_scope_is_told_before_any_guard(plane: &Plane) {
        let sole = plane.key("sole", &["admin"]).await;
        let misspelt = json!({ "name": "x", "scopes": ["adminn"] });
        let refused = plane.put(&format!("/admin/keys/{}", sole.id)).by(&sole.secret).json(&misspelt).await;
        assert_eq!(refused.refusal(), (400, "invalid_scope"));
        assert_eq!(plane.get(&format!("/admin/keys/{}", sole.id)).send().await.body["name"], "sole");
    }

    async fn refusals_are_written_down_with_their_reason(plane: &Plane) {
        let sole = plane.key("sole", &["admin"]).await;
        plane.delete(&format!("/admin/keys/{}", sole.id)).send().await.expect(StatusCode::CONFLICT);
        let trail = plane.get("/admin/audit?outcome=denied").send().await.body;
        assert_eq!(trail["summary"]["total_entries"], 1, "{trail}");
        let entry = &trail["data"][0];
        assert_eq!((&entry["action"], &entry["target_id"]), (&json!("key.delete"), &json!(sole.id)));
        assert_eq!(serde_json::from_str::<Value>(entry["detail"].as_str().unwrap()).unwrap(), json!({ "reason": "last_admin_key" }));
    }
}

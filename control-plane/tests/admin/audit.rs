//! The audit trail.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::plane::{Plane, config};

/// The particulars of the newest entries, newest first.
async fn details(plane: &Plane) -> Vec<Value> {
    let trail = plane.get("/admin/audit").send().await.expect(StatusCode::OK).body;
    let detail = |entry: &Value| serde_json::from_str(entry["detail"].as_str().unwrap_or("null")).unwrap();
    trail["data"].as_array().unwrap().iter().map(detail).collect()
}

on_every_database! {
    async fn every_change_is_written_down(plane: &Plane) {
        let key = plane.key("ci", &["inference"]).await;
        let path = format!("/admin/keys/{}", key.id);
        plane.put(&path).json(&json!({ "name": "new" })).await.expect(StatusCode::OK);
        plane.post(&format!("{path}/rotate")).send().await.expect(StatusCode::OK);
        plane.post(&format!("{path}/revoke")).send().await.expect(StatusCode::OK);
        plane.delete(&path).send().await.expect(StatusCode::NO_CONTENT);
        plane.post("/admin/config").json(&config(&["openai"])).await.expect(StatusCode::CREATED);
        plane.configure(&["groq"]).await;
        plane.post("/admin/config/rollback/1").send().await.expect(StatusCode::OK);
        plane.delete("/admin/config").send().await.expect(StatusCode::OK);
        plane.delete("/admin/logs?before=2020-01-01T00:00:00Z").send().await.expect(StatusCode::OK);
        let done: Vec<String> = plane.audited().await.into_iter().rev().map(|(action, outcome)| format!("{action} {outcome}")).collect();
        assert_eq!(
            done,
            [
                "key.create ok",
                "key.update ok",
                "key.rotate ok",
                "key.revoke ok",
                "key.delete ok",
                "config.create ok",
                "config.update ok",
                "config.rollback ok",
                "config.delete ok",
                "logs.purge ok",
            ]
        );
    }

    async fn an_entry_says_who_from_where_and_in_which_request(plane: &Plane) {
        let id = "0123456789abcdef0123456789abcdef";
        let made = plane.post("/admin/keys").header("x-request-id", id).json(&json!({ "name": "ci" })).await.expect(StatusCode::CREATED);
        let entry = plane.get("/admin/audit").send().await.body["data"][0].clone();
        assert_eq!(
            (&entry["target_id"], &entry["source_ip"], &entry["trace_id"]),
            (&made.body["id"], &json!("192.0.2.7"), &json!(id))
        );
        assert!(entry["actor"].as_str().unwrap().starts_with("master-key"), "{entry}");
    }

    async fn a_change_of_the_configuration_names_the_version_before_and_the_one_after(plane: &Plane) {
        plane.configure(&["openai"]).await;
        plane.configure(&["groq"]).await;
        plane.post("/admin/config/rollback/1").send().await.expect(StatusCode::OK);
        plane.delete("/admin/config?note=a+fresh+start").send().await.expect(StatusCode::OK);
        let details = details(plane).await;
        let pairs: Vec<_> = details.iter().map(|detail| (detail["previous"].as_u64(), detail["generation"].as_u64())).collect();
        assert_eq!(pairs, [(Some(3), Some(4)), (Some(2), Some(3)), (Some(1), Some(2)), (Some(0), Some(1))]);
        assert_eq!(details[0]["note"], "a fresh start");
    }

    async fn a_change_of_a_key_tells_what_was_and_what_is(plane: &Plane) {
        let key = plane.key("ci", &["inference"]).await;
        let path = format!("/admin/keys/{}", key.id);
        let end = "2999-01-01T00:00:00Z";
        let first = json!({ "name": "build", "scopes": ["inference"], "expires_at": end });
        plane.put(&path).json(&first).await.expect(StatusCode::OK);
        let second = json!({ "scopes": ["read_only", "inference"], "clear_expiration": true });
        plane.put(&path).json(&second).await.expect(StatusCode::OK);
        plane.post(&format!("{path}/revoke")).send().await.expect(StatusCode::OK);
        let expected = [
            json!({ "name": "build" }),
            json!({ "changed": {
                "scopes": { "before": ["inference"], "after": ["read_only", "inference"] },
                "expires_at": { "before": end, "after": null }
            } }),
            json!({ "changed": {
                "name": { "before": "ci", "after": "build" },
                "expires_at": { "before": null, "after": end }
            } }),
        ];
        assert_eq!(details(plane).await[..3], expected);
    }

    async fn filters_combine_and_only_those_sent_are_echoed(plane: &Plane) {
        let ann = plane.key("ann", &["admin"]).await;
        plane.post("/admin/keys").by(&ann.secret).json(&json!({ "name": "x" })).await.expect(StatusCode::CREATED);
        let query = format!("/admin/audit?action=key.create&actor_id={}&limit=1", ann.id);
        let page = plane.get(&query).send().await.expect(StatusCode::OK).body;
        assert_eq!(page["summary"], json!({ "total_entries": 1, "returned_entries": 1 }));
        assert_eq!(page["filters"], json!({ "limit": 1, "offset": 0, "action": "key.create", "actor_id": ann.id }));
        let beyond = plane.get("/admin/audit?offset=2").send().await.body;
        assert_eq!(beyond["summary"], json!({ "total_entries": 2, "returned_entries": 0 }));
    }

    async fn cursors_lead_through_the_trail_while_it_grows(plane: &Plane) {
        for name in ["a", "b", "c", "d", "e"] {
            plane.key(name, &[]).await;
        }
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = plane.get(&format!("/admin/audit?limit=2{cursor}")).send().await.expect(StatusCode::OK).body;
            seen.extend(page["data"].as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap().to_owned()));
            plane.key("new", &[]).await;
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!((seen.len(), seen.is_sorted_by(|a, b| a > b)), (5, true));
    }

    async fn parameters_without_sense_are_refused(plane: &Plane) {
        for query in ["outcome=maybe", "limit=0", "offset=x", "offset=10001", "since=now", "cursor=x"] {
            assert_eq!(plane.get(&format!("/admin/audit?{query}")).send().await.refusal(), (400, "invalid_request"), "{query}");
        }
    }

    async fn an_actor_stays_named_after_its_key_is_gone(plane: &Plane) {
        let ann = plane.key("ann", &["admin"]).await;
        plane.post("/admin/keys").by(&ann.secret).json(&json!({ "name": "x", "scopes": ["admin"] })).await.expect(StatusCode::CREATED);
        plane.delete(&format!("/admin/keys/{}", ann.id)).send().await.expect(StatusCode::NO_CONTENT);
        let page = plane.get(&format!("/admin/audit?actor_id={}", ann.id)).send().await.body;
        assert_eq!(page["data"][0]["actor"], Value::String(format!("ann ({})", ann.id)));
    }
}

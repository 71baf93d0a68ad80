//! Keys by how much they are used.

use axum::http::StatusCode;
use ferrogw_control_plane::store::{LogEntry, LogItem};
use uuid::Uuid;

use crate::log::record;
use crate::plane::{Made, Plane};

/// Uses `key` so often.
async fn used(plane: &Plane, key: &Made, times: u64) {
    let items: Vec<LogItem> = (1..=times)
        .map(|sequence| {
            let mut record = record("gpt-4o");
            record.key_id = Some(key.id.parse().unwrap());
            LogItem { sequence, entry: LogEntry::Record(Box::new(record)) }
        })
        .collect();
    plane.store().record(Uuid::now_v7(), 1, &items).await.unwrap();
}

async fn names(plane: &Plane, query: &str) -> Vec<String> {
    let page = plane.get(&format!("/admin/keys/usage{query}")).send().await.expect(StatusCode::OK).body;
    page["data"].as_array().unwrap().iter().map(|key| key["name"].as_str().unwrap().to_owned()).collect()
}

on_every_database! {
    async fn the_most_used_key_comes_first_and_never_used_ones_last(plane: &Plane) {
        let (few, many) = (plane.key("few", &["inference"]).await, plane.key("many", &["inference"]).await);
        plane.key("never", &["inference"]).await;
        used(plane, &few, 1).await;
        used(plane, &many, 3).await;
        assert_eq!(names(plane, "").await, ["many", "few", "never"]);
        assert_eq!(names(plane, "?limit=1&offset=1").await, ["few"]);
        assert_eq!(names(plane, "?since=2020-01-01T00:00:00Z&sort=last_used").await.len(), 2);
        let page = plane.get("/admin/keys/usage?limit=1").send().await.body;
        assert_eq!(
            page["summary"],
            serde_json::json!({ "total_keys": 3, "active_keys": 3, "total_usage": 4, "returned_keys": 1 })
        );
    }

    async fn revoked_keys_can_be_left_out(plane: &Plane) {
        let (gone, _) = (plane.key("gone", &[]).await, plane.key("here", &[]).await);
        plane.post(&format!("/admin/keys/{}/revoke", gone.id)).send().await.expect(StatusCode::OK);
        assert_eq!(names(plane, "?active=true").await, ["here"]);
        assert_eq!(names(plane, "?active=F").await, ["gone"]);
    }

    async fn parameters_without_sense_are_refused_by_name(plane: &Plane) {
        let wrong = ["limit=0", "limit=-1", "limit=x", "offset=-1", "sort=name", "active=maybe", "since=yesterday"];
        for query in wrong {
            let answer = plane.get(&format!("/admin/keys/usage?{query}")).send().await;
            assert_eq!(answer.refusal(), (400, "invalid_request"), "{query}");
            assert_eq!(answer.body["error"]["param"].as_str(), query.split('=').next(), "{query}");
        }
        let clamped = plane.get("/admin/keys/usage?limit=9999&unknown=1").send().await.expect(StatusCode::OK);
        assert_eq!(clamped.body["filters"]["limit"], 100);
    }
}

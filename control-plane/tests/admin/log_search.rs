//! Looking for requests, and at one of them.

use axum::http::StatusCode;
use ferrogw_control_plane::store::{LogAttempt, LogRecord, WorkerRow};
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::log::{failed, record, store};
use crate::plane::Plane;

async fn found(plane: &Plane, query: &str) -> Vec<String> {
    let page = plane.get(&format!("/admin/logs?{query}")).send().await.expect(StatusCode::OK).body;
    let models = page["data"].as_array().unwrap().iter().map(|entry| entry["model"].as_str().unwrap().to_owned());
    let mut models: Vec<String> = models.collect();
    models.sort_unstable();
    models
}

on_every_database! {
    async fn cursors_lead_through_the_log_while_it_grows(plane: &Plane) {
        store(plane, (0..25).map(|number| record(&number.to_string())).collect()).await;
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = plane.get(&format!("/admin/logs?limit=10{cursor}")).send().await.expect(StatusCode::OK).body;
            seen.extend(page["data"].as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap().to_owned()));
            store(plane, vec![record("new")]).await;
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 25);
        for cursor in ["x", "1.2", "1"] {
            let refused = plane.get(&format!("/admin/logs?cursor={cursor}")).send().await;
            assert_eq!((refused.refusal(), &refused.body["error"]["param"]), ((400, "invalid_request"), &json!("cursor")));
        }
    }

    async fn requests_are_found_by_how_they_ended(plane: &Plane) {
        store(plane, vec![
            record("good"),
            failed("slow"),
            LogRecord { status: 429, ..failed("limited") },
            LogRecord { status: 200, ..failed("broken") },
        ]).await;
        assert_eq!(found(plane, "status=ok").await, ["good"]);
        assert_eq!(found(plane, "status=error").await, ["broken", "limited", "slow"]);
        assert_eq!(found(plane, "status=4xx").await, ["limited"]);
        assert_eq!(found(plane, "status=5xx").await, ["slow"]);
        assert_eq!(found(plane, "status=2xx").await, ["broken", "good"]);
        assert_eq!(found(plane, "status=504").await, ["slow"]);
        for status in ["bad", "6xx", "99", "600", "xx", "5XX"] {
            let refused = plane.get(&format!("/admin/logs?status={status}")).send().await;
            assert_eq!((refused.refusal(), &refused.body["error"]["param"]), ((400, "invalid_request"), &json!("status")), "{status}");
        }
        let both = plane.get("/admin/logs?status=ok&stage=on_error").send().await;
        assert_eq!((both.refusal(), &both.body["error"]["param"]), ((400, "invalid_request"), &json!("stage")));
    }

    async fn a_filter_with_a_nul_is_refused_by_name(plane: &Plane) {
        for path in ["/admin/logs?model=a%00", "/admin/logs/stats?model=%00", "/admin/logs/export?model=%00b", "/admin/usage?model=%00"] {
            let refused = plane.get(path).send().await;
            assert_eq!((refused.refusal(), &refused.body["error"]["param"]), ((400, "invalid_request"), &json!("model")), "{path}");
        }
        assert_eq!(plane.get("/admin/audit?action=%00").send().await.refusal(), (400, "invalid_request"));
        assert_eq!(plane.delete("/admin/logs?before=2999-01-01T00:00:00Z&model=%00").send().await.refusal(), (400, "invalid_request"));
    }

    async fn requests_are_found_by_stream_target_and_the_beginning_of_an_id(plane: &Plane) {
        let key = plane.key("ci", &["inference"]).await;
        let whole = LogRecord { stream: false, key_id: Some(key.id.parse().unwrap()), ..record("whole") };
        let spare = LogRecord { target: "spare".to_owned(), request_id: "feed0123456789abcdef0123456789ab".to_owned(), ..record("spare") };
        let id = spare.id.to_string();
        store(plane, vec![whole, spare]).await;
        assert_eq!(found(plane, "stream=false").await, ["whole"]);
        assert_eq!(found(plane, "stream=true").await, ["spare"]);
        assert_eq!(found(plane, "target=spare").await, ["spare"]);
        assert_eq!(found(plane, "q=FEED01").await, ["spare"]);
        assert_eq!(found(plane, &format!("q={id}")).await, ["spare"]);
        assert_eq!(found(plane, &format!("q={}", key.id)).await, ["whole"]);
        assert_eq!(found(plane, "q=feed01&stream=false").await, [""; 0]);
        let short = plane.get("/admin/logs?q=fee").send().await;
        assert_eq!((short.refusal(), &short.body["error"]["param"]), ((400, "invalid_request"), &json!("q")));
        let echo = plane.get("/admin/logs?q=feed01&stream=T&target=spare&status=ok").send().await.body["filters"].clone();
        assert_eq!((&echo["q"], &echo["stream"], &echo["target"], &echo["status"]), (&json!("feed01"), &json!("true"), &json!("spare"), &json!("ok")));
    }

    async fn one_request_is_told_whole(plane: &Plane) {
        let attempt = LogAttempt {
            target: "primary".to_owned(),
            provider: "openai".to_owned(),
            model: "gpt-4o".to_owned(),
            status: 503,
            outcome: "overloaded".to_owned(),
            message: "try later".to_owned(),
            started_us: 120,
            duration_us: 3_400,
        };
        let told = LogRecord { price_rule: Some("catalog:openai/gpt-4o".to_owned()), attempts: vec![attempt], repairs: 2, ..record("gpt-4o") };
        let (id, worker) = (told.id, Uuid::now_v7());
        let item = ferrogw_control_plane::store::LogItem {
            sequence: 1, entry: ferrogw_control_plane::store::LogEntry::Record(Box::new(told)),
        };
        plane.store().record(worker, 1, &[item]).await.unwrap();
        let path = format!("/admin/logs/{id}");
        let unknown = plane.get(&path).send().await.expect(StatusCode::OK).body;
        assert_eq!((&unknown["worker_id"], &unknown["worker_name"]), (&json!(worker.to_string()), &json!(null)));
        let row = WorkerRow {
            id: worker,
            name: "host-1".to_owned(),
            build: "0".to_owned(),
            last_seen_at: OffsetDateTime::now_utc(),
            generation: 0,
            key_revision: 0,
            issues: json!(null),
            report: json!({}),
        };
        plane.store().touch_worker(&row).await.unwrap();
        let whole = plane.get(&path).send().await.expect(StatusCode::OK).body;
        assert_eq!((&whole["worker_name"], &whole["id"], &whole["repairs"]), (&json!("host-1"), &json!(id.to_string()), &json!(2)));
        assert_eq!((&whole["usage"]["input"], &whole["usage"]["cache_read"], &whole["usage"]["output"]), (&json!(10), &json!(5), &json!(7)));
        assert_eq!((&whole["price_rule"], &whole["price"]["input"]), (&json!("catalog:openai/gpt-4o"), &json!(2.5)));
        assert_eq!((&whole["attempts"][0]["status"], &whole["attempts"][0]["duration_ms"]), (&json!(503), &json!(3.4)));
        for nobody in [Uuid::now_v7().to_string(), "x".to_owned()] {
            assert_eq!(plane.get(&format!("/admin/logs/{nobody}")).send().await.refusal(), (404, "resource_not_found"));
        }
    }

    async fn what_is_not_known_is_null(plane: &Plane) {
        let failure = failed("gpt-4o");
        let path = format!("/admin/logs/{}", failure.id);
        store(plane, vec![failure]).await;
        let whole = plane.get(&path).send().await.expect(StatusCode::OK).body;
        assert_eq!((&whole["usage"], &whole["price_rule"], &whole["price"]), (&json!(null), &json!(null), &json!(null)));
    }
}

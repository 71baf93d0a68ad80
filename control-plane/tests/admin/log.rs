//! The request log.

use std::time::Duration;

use axum::http::StatusCode;
use ferrogw_control_plane::store::{LogEntry, LogError, LogItem, LogRecord, Tokens};
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::plane::{Home, Kind, Plane};

/// A successful request of which everything is known.
pub(crate) fn record(model: &str) -> LogRecord {
    LogRecord {
        id: Uuid::now_v7(),
        request_id: "0123456789abcdef0123456789abcdef".to_owned(),
        started_at: OffsetDateTime::now_utc(),
        duration: Duration::from_millis(250),
        first_content: Some(Duration::from_micros(1_500)),
        surface: "chat_completions".to_owned(),
        requested_model: "fast".to_owned(),
        model: model.to_owned(),
        provider: "openai".to_owned(),
        target: "openai".to_owned(),
        key_id: None,
        status: 200,
        stream: true,
        client_gone: false,
        finish_reason: Some("stop".to_owned()),
        error: None,
        tokens: Some(Tokens { input: 10, cache_read: 5, output: 7, ..Tokens::default() }),
        cost_nanos: Some(1_500_000),
        price_rule: None,
        attempts: Vec::new(),
        generation: 3,
        repairs: 0,
    }
}

pub(crate) fn failed(model: &str) -> LogRecord {
    let error = LogError { class: "timeout".to_owned(), code: "upstream_timeout".to_owned(), message: "too slow".to_owned() };
    LogRecord { status: 504, error: Some(error), tokens: None, cost_nanos: None, first_content: None, ..record(model) }
}

pub(crate) async fn store(plane: &Plane, records: Vec<LogRecord>) {
    let item = |(at, record): (usize, LogRecord)| LogItem { sequence: at as u64 + 1, entry: LogEntry::Record(Box::new(record)) };
    let items: Vec<LogItem> = records.into_iter().enumerate().map(item).collect();
    plane.store().record(Uuid::now_v7(), 1, &items).await.unwrap();
}

on_every_database! {
    async fn a_request_is_told_as_it_was_and_unknown_is_null(plane: &Plane) {
        store(plane, vec![record("gpt-4o")]).await;
        store(plane, vec![failed("claude")]).await;
        let page = plane.get("/admin/logs").send().await.expect(StatusCode::OK).body;
        assert_eq!(page["summary"], json!({ "total_entries": 2, "returned_entries": 2 }));
        let (failure, success) = (&page["data"][0], &page["data"][1]);
        assert_eq!((&failure["stage"], &failure["cost_usd"], &failure["ttft_ms"]), (&json!("on_error"), &json!(null), &json!(null)));
        assert_eq!((&failure["error_message"], &failure["error_class"]), (&json!("too slow"), &json!("timeout")));
        assert_eq!((&success["stage"], &success["cost_usd"], &success["ttft_ms"]), (&json!("after_request"), &json!(0.0015), &json!(1.5)));
        assert_eq!(
            (&success["prompt_tokens"], &success["completion_tokens"], &success["total_tokens"], &success["cached_tokens"]),
            (&json!(15), &json!(7), &json!(22), &json!(5))
        );
    }

    async fn filters_choose_rows_and_are_echoed(plane: &Plane) {
        let key = plane.key("ci", &["inference"]).await;
        let mut with_key = record("gpt-4o");
        with_key.key_id = Some(key.id.parse().unwrap());
        store(plane, vec![with_key, record("gpt-4o"), failed("claude")]).await;
        let total = async |query: &str| {
            let page = plane.get(&format!("/admin/logs?{query}")).send().await.expect(StatusCode::OK).body;
            page["summary"]["total_entries"].as_u64().unwrap()
        };
        assert_eq!(total("stage=on_error").await, 1);
        assert_eq!(total("stage=all").await, 3);
        assert_eq!(total("stage=before_request").await, 0);
        assert_eq!(total("model=gpt-4o").await, 2);
        assert_eq!(total("api_key_id=none").await, 2);
        assert_eq!(total(&format!("api_key_id={}", key.id)).await, 1);
        assert_eq!(total("api_key_id=nonsense").await, 0);
        assert_eq!(total("since=2999-01-01T00:00:00Z").await, 0);
        let echo = plane.get("/admin/logs?since=2020-01-01T02:00:00%2B02:00&limit=999").send().await.body["filters"].clone();
        assert_eq!(
            (&echo["since"], &echo["limit"], &echo["stages"]),
            (&json!("2020-01-01T02:00:00+02:00"), &json!(200), &json!(["after_request", "on_error"]))
        );
    }

    async fn figures_count_unknown_cost_apart(plane: &Plane) {
        store(plane, vec![record("gpt-4o"), record("gpt-4o"), failed("claude")]).await;
        let stats = plane.get("/admin/logs/stats").send().await.expect(StatusCode::OK).body;
        assert_eq!(
            stats["summary"],
            json!({
                "total_entries": 3, "error_entries": 1, "total_tokens": 44, "prompt_tokens": 30, "completion_tokens": 14,
                "cost_usd": 0.003, "unpriced_requests": 1
            })
        );
        assert_eq!((&stats["by_stage"]["on_error"]["count"], &stats["by_model"]["gpt-4o"]["count"]), (&json!(1), &json!(2)));
        assert_eq!(stats["top_errors"], json!([{ "message": "too slow", "count": 1 }]));
        assert_eq!((&stats["latency_ms"], &stats["series"]["points"]), (&json!(null), &json!([])));
        let charted = plane.get("/admin/logs/stats?buckets=4&since=2026-01-01T00:00:00Z").send().await.body;
        assert_eq!((&charted["latency_ms"]["count"], charted["series"]["points"].as_array().unwrap().len()), (&json!(3), 4));
    }

    async fn a_purge_needs_a_time_and_says_how_much_went(plane: &Plane) {
        store(plane, vec![record("gpt-4o"), record("claude")]).await;
        assert_eq!(plane.delete("/admin/logs").send().await.refusal(), (400, "invalid_request"));
        let misspelt = plane.delete("/admin/logs?before=2999-01-01T00:00:00Z&stage=onerror").send().await;
        assert_eq!((misspelt.refusal(), &misspelt.body["error"]["param"]), ((400, "invalid_request"), &json!("stage")));
        let failures = plane.delete("/admin/logs?before=2999-01-01T00:00:00Z&stage=on_error").send().await.expect(StatusCode::OK);
        assert_eq!(failures.body["deleted"], 0);
        let purged = plane.delete("/admin/logs?before=2999-01-01T00:00:00Z&model=claude").send().await.expect(StatusCode::OK);
        assert_eq!(purged.body["deleted"], 1);
        let dashboard = plane.get("/admin/dashboard").send().await.body;
        assert_eq!(dashboard["request_logs"], json!({ "enabled": true, "total": 1 }));
    }
}

#[tokio::test]
async fn without_a_log_store_the_log_is_not_implemented_and_the_overview_says_so() {
    let mut home = Home::new(Kind::Memory).await.unwrap();
    home.settings.stores.request_log_store_backend = Some("disabled".to_owned());
    let plane = home.start().await;
    for path in ["/admin/logs", "/admin/logs/stats", "/admin/logs?stage=before_request"] {
        assert_eq!(plane.get(path).send().await.refusal(), (501, "not_implemented"), "{path}");
    }
    let purge = plane.delete("/admin/logs?before=2020-01-01T00:00:00Z").send().await;
    assert_eq!(purge.refusal(), (501, "not_implemented"));
    let dashboard = plane.get("/admin/dashboard").send().await.expect(StatusCode::OK).body;
    assert_eq!(dashboard["request_logs"], json!({ "enabled": false, "total": 0 }));
    let key = plane.key("ci", &[]).await;
    assert_eq!(plane.get(&format!("/admin/keys/{}", key.id)).send().await.body["usage_count"], json!(null));
}

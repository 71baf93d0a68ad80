//! What was used, spent and waited for.

use axum::http::StatusCode;
use ferrogw_control_plane::store::LogRecord;
use serde_json::json;

use crate::log::{failed, record, store};
use crate::plane::Plane;

on_every_database! {
    async fn figures_are_told_in_all_over_time_and_by_group(plane: &Plane) {
        let key = plane.key("ci", &["inference"]).await;
        let keyed = LogRecord { key_id: Some(key.id.parse().unwrap()), ..record("gpt-4o") };
        store(plane, vec![keyed.clone(), LogRecord { id: uuid::Uuid::now_v7(), ..keyed }, failed("claude")]).await;
        let told = plane.get("/admin/usage?group_by=key").send().await.expect(StatusCode::OK).body;
        let summary = &told["summary"];
        assert_eq!(
            (&summary["requests"], &summary["errors"], &summary["prompt_tokens"], &summary["cached_tokens"], &summary["cost_usd"]),
            (&json!(3), &json!(1), &json!(30), &json!(10), &json!(0.003))
        );
        assert_eq!((&summary["unpriced"], &summary["latency_ms"]["count"], &summary["ttft_ms"]["max"]), (&json!(1), &json!(3), &json!(1.5)));
        let series = told["series"].as_array().unwrap();
        // A day in steps of half an hour, which begin at whole and half hours.
        assert_eq!((&told["step_seconds"], series.len() == 49 || series.len() == 48), (&json!(1800), true));
        let requests: u64 = series.iter().map(|step| step["requests"].as_u64().unwrap()).sum();
        assert_eq!((requests, &series[0]["latency_ms"]), (3, &json!(null)));
        let groups = told["groups"].as_array().unwrap();
        assert_eq!((&groups[0]["name"], &groups[0]["label"], &groups[0]["requests"]), (&json!(key.id), &json!("ci"), &json!(2)));
        assert_eq!((&groups[1]["name"], groups[1].get("label"), &groups[1]["requests"]), (&json!("none"), None, &json!(1)));
    }

    async fn filters_and_groups_combine(plane: &Plane) {
        let nowhere = LogRecord { provider: String::new(), model: String::new(), ..failed("") };
        store(plane, vec![record("gpt-4o"), record("gpt-4o-mini"), nowhere]).await;
        let groups = async |query: &str| {
            let told = plane.get(&format!("/admin/usage?{query}")).send().await.expect(StatusCode::OK).body;
            let groups = told["groups"].as_array().unwrap();
            groups.iter().map(|group| format!("{} {}", group["name"].as_str().unwrap(), group["requests"])).collect::<Vec<_>>()
        };
        assert_eq!(groups("group_by=provider").await, ["openai 2", "unknown 1"]);
        assert_eq!(groups("group_by=model&provider=openai").await, ["gpt-4o 1", "gpt-4o-mini 1"]);
        assert_eq!(groups("group_by=provider&model=gpt-4o&api_key_id=none").await, ["openai 1"]);
        assert_eq!(groups("group_by=provider&api_key_id=nonsense").await, [""; 0]);
        assert_eq!(groups("").await, [""; 0]);
    }

    async fn ids_that_figures_use_for_themselves_are_no_keys(plane: &Plane) {
        store(plane, vec![record("gpt-4o")]).await;
        for id in ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-fffffffffffe", "ffffffff-ffff-ffff-ffff-ffffffffffff"] {
            let told = plane.get(&format!("/admin/usage?api_key_id={id}")).send().await.expect(StatusCode::OK).body;
            assert_eq!(told["summary"]["requests"], 0, "{id}");
        }
    }

    async fn parameters_without_sense_are_refused(plane: &Plane) {
        let wrong = ["since=now", "until=now", "points=-1", "group_by=day", "since=2999-01-01T00:00:00Z", "since=2026-01-01T00:00:00Z&until=2026-01-01T00:00:00Z"];
        for query in wrong {
            assert_eq!(plane.get(&format!("/admin/usage?{query}")).send().await.refusal(), (400, "invalid_request"), "{query}");
        }
        let many = plane.get("/admin/usage?points=9999&since=2020-01-01T00:00:00Z").send().await.expect(StatusCode::OK).body;
        assert!(many["series"].as_array().unwrap().len() <= 241, "{}", many["step_seconds"]);
        let early = plane.get("/admin/usage?since=0001-01-01T00:00:00Z").send().await.expect(StatusCode::OK).body;
        assert!(early["series"].as_array().unwrap().len() <= 61);
    }

    async fn a_key_says_what_it_spent(plane: &Plane) {
        let key = plane.key("ci", &["inference"]).await;
        store(plane, vec![LogRecord { key_id: Some(key.id.parse().unwrap()), ..record("gpt-4o") }]).await;
        let told = plane.get(&format!("/admin/keys/{}", key.id)).send().await.expect(StatusCode::OK).body;
        assert_eq!((&told["usage_count"], &told["cost_usd"]), (&json!(1), &json!(0.0015)));
    }
}

//! Workers, and what is known of providers through them.

use axum::http::StatusCode;
use ferrogw_api::worker::{Report, Target};
use ferrogw_config::{Issue, Severity};
use ferrogw_control_plane::store::WorkerRow;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::plane::{Home, Kind, Plane, config};

/// A worker that said just now that it serves `generation` with a target of `provider`.
fn worker(generation: u64, provider: &str) -> WorkerRow {
    let target = Target {
        name: provider.to_owned(),
        provider: provider.to_owned(),
        credential_found: true,
        models: vec!["gpt-4o".to_owned(), "mine".to_owned()],
        requests: 3,
        failures: 1,
        latency_ms: Some(20.0),
        ..Target::default()
    };
    let report = Report { providers_found: vec![provider.to_owned()], targets: vec![target], ..Report::default() };
    WorkerRow {
        id: Uuid::now_v7(),
        name: "host".to_owned(),
        build: "0.1.0".to_owned(),
        last_seen_at: OffsetDateTime::now_utc(),
        generation,
        key_revision: 0,
        issues: Value::Null,
        report: serde_json::to_value(report).unwrap(),
    }
}

#[tokio::test]
async fn where_clients_reach_the_workers_is_told_if_somebody_said() {
    let mut home = Home::new(Kind::Memory).await.unwrap();
    assert_eq!(home.start().await.get("/admin/workers").send().await.body, json!({ "data": [] }));
    home.settings.public_url = "https://ai.example.com".to_owned();
    let told = home.start().await.get("/admin/workers").send().await.body;
    assert_eq!(told, json!({ "public_url": "https://ai.example.com", "data": [] }));
}

on_every_database! {
    async fn a_worker_is_current_pending_refusing_or_gone(plane: &Plane) {
        plane.configure(&["openai"]).await;
        let issue = Issue {
            severity: Severity::Error,
            path: "targets[0].api_key".to_owned(),
            line: None,
            column: None,
            message: "OPENAI_KEY is not set".to_owned(),
            hint: String::new(),
        };
        let refusing = WorkerRow { issues: serde_json::to_value([issue]).unwrap(), ..worker(0, "openai") };
        let gone = WorkerRow { last_seen_at: OffsetDateTime::now_utc() - Duration::minutes(5), ..worker(1, "openai") };
        for row in [worker(1, "openai"), worker(0, "openai"), refusing, gone] {
            plane.store().touch_worker(&row).await.unwrap();
        }
        let workers = plane.get("/admin/workers").send().await.expect(StatusCode::OK).body;
        let mut statuses: Vec<&str> = workers["data"].as_array().unwrap().iter().map(|worker| worker["status"].as_str().unwrap()).collect();
        assert_eq!(statuses.pop(), Some("offline"), "the one that is gone comes last");
        statuses.sort_unstable();
        assert_eq!(statuses, ["current", "pending", "refused"]);
        let health = plane.get("/admin/health").send().await.body;
        assert_eq!((&health["status"], &health["workers"]), (&json!("degraded"), &json!({ "connected": 3, "current": 1, "refused": 1 })));
    }

    async fn providers_are_those_whose_credentials_a_connected_worker_sees(plane: &Plane) {
        assert_eq!(plane.get("/admin/providers").send().await.body, json!([]));
        plane.store().touch_worker(&worker(0, "openai")).await.unwrap();
        plane.store().touch_worker(&worker(0, "openai")).await.unwrap();
        let providers = plane.get("/admin/providers").send().await.expect(StatusCode::OK).body;
        let openai = &providers[0];
        assert_eq!((&openai["name"], &openai["models"][0]["id"], &openai["models"][1]["id"]), (&json!("openai"), &json!("gpt-4o"), &json!("mine")));
        assert!(openai["models"][0]["context_window"].is_u64() && openai["models"][1].get("context_window").is_none(), "{openai}");
        assert_eq!(
            openai["targets"],
            json!([{
                "name": "openai", "workers": 2, "misconfigured": 0, "failing": 0, "in_flight": 0, "requests": 6, "failures": 2, "latency_ms": 20.0
            }])
        );
        let catalog = plane.get("/admin/providers/catalog").send().await.body;
        let known = catalog["providers"].as_array().unwrap();
        let find = |id: &str| known.iter().find(|provider| provider["id"] == id).unwrap();
        assert!(known.len() >= 30 && find("openai")["registered"] == true && find("groq")["registered"] == false);
        assert_eq!((&find("gemini")["served"], &find("openai")["served"]), (&json!(false), &json!(true)));
    }

    async fn a_target_fails_on_the_workers_where_it_failed_again_and_again_lately(plane: &Plane) {
        let cases = [(5, Duration::MINUTE), (4, Duration::MINUTE), (90, Duration::hours(2))];
        for (failures_in_row, ago) in cases {
            let last_error_at = Some(OffsetDateTime::now_utc() - ago);
            let target = Target { name: "eu".to_owned(), provider: "openai".to_owned(), failures_in_row, last_error_at, ..Target::default() };
            let report = Report { providers_found: vec!["openai".to_owned()], targets: vec![target], ..Report::default() };
            let row = WorkerRow { report: serde_json::to_value(report).unwrap(), ..worker(0, "openai") };
            plane.store().touch_worker(&row).await.unwrap();
        }
        let providers = plane.get("/admin/providers").send().await.expect(StatusCode::OK).body;
        assert_eq!(providers[0]["targets"][0]["failing"], 1, "{providers}");
    }

    async fn the_overview_counts_providers_by_credential(plane: &Plane) {
        plane.put("/admin/config").json(&config(&["openai", "groq"])).await.expect(StatusCode::OK);
        plane.store().touch_worker(&worker(1, "openai")).await.unwrap();
        let dashboard = plane.get("/admin/dashboard").send().await.expect(StatusCode::OK).body;
        assert_eq!(dashboard["providers"], json!({ "total": 2, "available": 1 }));
        let health = plane.get("/admin/health").send().await.body;
        let groq = health["providers"].as_array().unwrap().iter().find(|provider| provider["name"] == "groq").unwrap();
        assert_eq!((&groq["status"], &groq["message"]), (&json!("unavailable"), &json!("No connected worker has a credential for it.")));
        assert_eq!(health["status"], "healthy");
    }

    async fn plugins_are_those_of_the_configuration_and_those_known(plane: &Plane) {
        let mut document = config(&["openai"]);
        document["plugins"] = json!([{ "name": "request-logger", "stage": "before_request", "enabled": true }]);
        plane.put("/admin/config").json(&document).await.expect(StatusCode::OK);
        assert_eq!(
            plane.get("/admin/plugins").send().await.body,
            json!([{ "name": "request-logger", "type": "logging", "stage": "before_request", "enabled": true }])
        );
        let known = plane.get("/admin/plugins/catalog").send().await.body;
        assert_eq!(known["data"].as_array().unwrap().len(), 6);
    }
}

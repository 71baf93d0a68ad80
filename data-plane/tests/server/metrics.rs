use std::time::Duration;

use serde_json::json;

use crate::worker::{Door, INFERENCE, READ_ONLY, Start, Worker, bearer, keys, nothing};

#[tokio::test]
async fn metrics_on_the_port_take_a_key_that_may_look() {
    let worker = Worker::hearing(vec![nothing(), keys()]).await;
    worker.stands((200, "")).await;
    assert_eq!(worker.get("/metrics").await.refusal(), (401, "missing_api_key".into()));
    assert_eq!(worker.ask("GET", "/metrics", &[&bearer(INFERENCE)], "").await.refusal(), (403, "insufficient_scope".into()));
    let scrape = worker.ask("GET", "/metrics", &[&bearer(READ_ONLY)], "").await;
    assert_eq!(scrape.status, 200);
    assert!(scrape.body.ends_with("# EOF\n") && scrape.body.contains("ferrogw_keys 2"), "{}", scrape.body);
}

#[tokio::test]
async fn metrics_are_open_where_the_operator_opened_a_door_for_them() {
    let worker = Worker::start(vec![], Start { metrics: true, ..Start::default() }).await;
    let scrape = Door::at(worker.metrics.unwrap()).get("/metrics").await;
    assert_eq!(
        (scrape.status, scrape.header("content-type")),
        (200, "application/openmetrics-text; version=1.0.0; charset=utf-8")
    );
    assert_eq!(Door::at(worker.metrics.unwrap()).get("/v1/models").await.status, 404);
}

#[tokio::test]
async fn requests_are_counted_and_nothing_of_them_is_told() {
    let worker = Worker::hearing(vec![nothing(), keys()]).await;
    worker.stands((200, "")).await;
    let messages = json!([{"role": "user", "content": "canary-of-the-body"}]);
    assert_eq!(worker.post("/v1/chat/completions", json!({"model": "demo", "messages": messages})).await.status, 200);
    assert_eq!(worker.post("/v1/chat/completions", json!({"model": "canary-model", "messages": messages})).await.status, 200);
    let counted = async {
        loop {
            let scrape = worker.ask("GET", "/metrics", &[&bearer(READ_ONLY)], "").await.body;
            assert!(!scrape.contains("canary") && !scrape.contains("sk-ferro"), "{scrape}");
            let line = |model: &str| format!(r#"gateway_requests_total{{provider="demo",model="{model}",status="success"}} 1"#);
            if scrape.contains(&line("demo")) && scrape.contains(&line("unknown")) {
                return;
            }
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(10), counted).await.is_ok(), "the requests are not counted");
}

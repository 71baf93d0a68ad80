use crate::worker::{INFERENCE, Start, Worker, bearer, configuration, deleted, keys, nothing};

const OPENAI: &str = "targets: [{virtual_key: openai}]";

#[tokio::test]
async fn a_worker_that_was_told_nothing_lives_and_is_not_ready() {
    let worker = Worker::hearing(vec![]).await;
    worker.stands((503, "no snapshot yet")).await;
    assert_eq!(worker.get("/livez").await.json()["status"], "ok");
    assert_eq!(worker.get("/health").await.status, 503);
}

#[tokio::test]
async fn a_worker_without_a_configuration_says_that_it_has_none() {
    let worker = Worker::hearing(vec![deleted(), keys()]).await;
    worker.stands((503, "no configuration")).await;
    assert_eq!(worker.get("/health").await.json()["configuration"], "none");
}

#[tokio::test]
async fn a_worker_waits_for_the_key_table() {
    let worker = Worker::hearing(vec![nothing()]).await;
    worker.stands((503, "waiting for the key table")).await;
}

#[tokio::test]
async fn a_worker_that_lacks_every_credential_has_no_routable_target() {
    let worker = Worker::hearing(vec![configuration(OPENAI), keys()]).await;
    worker.stands((503, "no routable target")).await;
    let summary = worker.get("/health").await;
    assert_eq!((summary.status, &summary.json()["providers"][0]["status"]), (503, &"unroutable".into()));
}

#[tokio::test]
async fn a_worker_with_a_configuration_and_keys_is_ready_and_tells_of_its_targets() {
    let environment = [("OPENAI_API_KEY", "sk-canary-of-the-provider")].into_iter().collect();
    let start = Start { environment, ..Start::default() };
    let worker = Worker::start(vec![configuration(OPENAI), keys()], start).await;
    worker.stands((200, "")).await;
    let summary = worker.get("/health").await;
    assert_eq!(summary.status, 200);
    let target = &summary.json()["providers"][0];
    assert_eq!((&target["name"], &target["status"], &target["in_flight"]), (&"openai".into(), &"available".into(), &0.into()));
    assert!(!summary.body.contains("canary"), "{}", summary.body);
}

#[tokio::test]
async fn a_worker_that_answers_demo_is_ready() {
    let worker = Worker::hearing(vec![nothing(), keys()]).await;
    worker.stands((200, "")).await;
    assert_eq!(worker.get("/health").await.json()["configuration"], "demo");
}

#[tokio::test]
async fn a_worker_that_starts_without_its_control_plane_serves_what_it_last_knew() {
    let start = || Start { environment: [("OPENAI_API_KEY", "sk-provider")].into_iter().collect(), ..Start::default() };
    let worker = Worker::start(vec![configuration(OPENAI), keys()], start()).await;
    worker.stands((200, "")).await;
    // The update is written to disk after it was answered.
    let worker = worker.restart(vec![], start()).await;
    worker.stands((200, "")).await;
    assert_eq!(worker.get("/health").await.json()["generation"], 1);
    assert_eq!(worker.ask("GET", "/v1/models/gpt-4o", &[&bearer(INFERENCE)], "").await.status, 200);
}

#[tokio::test]
async fn a_worker_that_was_told_to_end_says_so_and_takes_requests_until_its_delay_is_over() {
    let worker = Worker::start(vec![nothing(), keys()], Start { arguments: &["--drain-delay=3"], ..Start::default() }).await;
    worker.stands((200, "")).await;
    let (door, ended) = worker.end();
    door.stands((503, "shutting down")).await;
    assert_eq!(door.afresh().ask("GET", "/v1/models/demo", &[&bearer(INFERENCE)], "").await.status, 200);
    ended.await;
}

#[tokio::test]
async fn requests_to_a_worker_that_was_told_nothing_wait_and_are_refused_as_worth_another_try() {
    let worker = Worker::hearing(vec![]).await;
    let refused = worker.ask("GET", "/v1/models", &[&bearer(INFERENCE)], "").await;
    assert_eq!(refused.refusal(), (503, "worker_starting".to_owned()));
    assert_eq!(refused.header("retry-after"), "1");
}

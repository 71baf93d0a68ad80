//! A database that is away, slow or dead: the admin side says so, traffic goes on, records wait and arrive once.

use ferrogw_tests::{Cluster, Database, Gateway, Plan, Reply, Upstream, eventually};
use serde_json::Value;

use crate::setting::{alone, hello, many};

async fn over_a_cluster_of_its_own(plan: Plan) -> (Cluster, Gateway, Upstream) {
    let (cluster, upstream) = (Cluster::start(), Upstream::start());
    let gateway = plan.in_database(cluster.database()).start().await;
    gateway.apply(&alone(&upstream)).await;
    for worker in 0..gateway.workers() {
        gateway.await_ready(worker).await;
    }
    (cluster, gateway, upstream)
}

#[tokio::test]
async fn while_the_database_is_away_one_process_answers_503_to_operators_and_200_to_callers() {
    away(Gateway::all_in_one(Database::Postgres)).await;
}

#[tokio::test]
async fn while_the_database_is_away_a_control_plane_answers_503_and_its_workers_200() {
    away(Gateway::split(Database::Postgres)).await;
}

async fn away(plan: Plan) {
    let (mut cluster, gateway, upstream) = over_a_cluster_of_its_own(plan).await;
    let model = upstream.answers(Reply::completion("ok"));
    let admin = gateway.admin();
    gateway.client().chat(&hello(&model)).await.expect(200);

    cluster.down();

    let one_key = "/admin/keys/00000000-0000-0000-0000-000000000000";
    for path in ["/admin/keys", one_key, "/admin/config/history", "/admin/logs", "/admin/audit"] {
        let answer = admin.get(path).await;
        assert!(answer.error().starts_with("503 "), "{path}: {}", answer.error());
    }
    let stranger = admin.with_key("sk-ferro-0000000000000000000000000000000000000000000").get("/admin/keys").await;
    assert_eq!(stranger.status, 503, "a key that cannot be looked up is not a wrong key: {}", stranger.error());
    for _ in 0..20 {
        gateway.client().chat(&hello(&model)).await.expect(200);
    }

    cluster.up();

    arrived(&gateway, &model, 21).await;
}

#[tokio::test]
async fn a_log_store_that_stalls_holds_up_no_request_and_gets_every_record_once() {
    let (cluster, mut gateway, upstream) = over_a_cluster_of_its_own(Gateway::split(Database::Postgres)).await;
    let model = upstream.answers(Reply::completion("ok"));
    gateway.client().chat(&hello(&model)).await.expect(200);
    arrived(&gateway, &model, 1).await;

    let stalled = cluster.lock("request_log");
    many(&gateway.client(), &model, 2_000).await;
    let resident = gateway.worker(0).resident();
    assert!(resident < 64 << 20, "the backlog is on disk, yet the worker holds {resident} bytes");
    drop(stalled);

    arrived(&gateway, &model, 2_001).await;
}

#[tokio::test]
async fn a_log_store_that_is_dead_leaves_everything_else_alive() {
    let mut logs = Cluster::start();
    let upstream = Upstream::start();
    let plan = Gateway::split(Database::Sqlite).with("REQUEST_LOG_STORE_BACKEND", "postgres");
    let mut gateway = plan.with("REQUEST_LOG_STORE_DSN", &logs.database()).start().await;
    gateway.apply(&alone(&upstream)).await;
    gateway.await_ready(0).await;
    let model = upstream.answers(Reply::completion("ok"));

    logs.down();

    many(&gateway.client(), &model, 504).await;
    let resident = gateway.worker(0).resident();
    assert!(resident < 64 << 20, "the backlog is on disk, yet the worker holds {resident} bytes");
    eventually("the backlog stands in the spool", async || {
        let workers: Value = gateway.admin().get("/admin/workers").await.expect(200).json();
        let reports = workers["data"].as_array().into_iter().flatten().map(|worker| &worker["report"]["spool_records"]);
        (reports.filter_map(Value::as_u64).sum::<u64>() == 504).then_some(())
    })
    .await;
    gateway.apply(&alone(&upstream)).await;
    let answer = gateway.admin().get("/admin/logs").await;
    assert!(answer.error().starts_with("503 "), "{}", answer.error());

    logs.up();

    arrived(&gateway, &model, 504).await;
}

async fn arrived(gateway: &Gateway, model: &str, count: u64) {
    let admin = gateway.admin();
    let page = eventually(&format!("{count} records are stored\n{}", gateway.tails()), async || {
        let answer = admin.try_get(&format!("/admin/logs?model={model}")).await.ok().filter(|answer| answer.status == 200)?;
        let page: Value = answer.json();
        (page["summary"]["total_entries"].as_u64() >= Some(count)).then_some(page)
    })
    .await;
    assert_eq!(page["summary"]["total_entries"], count, "records were doubled");
}

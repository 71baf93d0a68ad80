//! Processes that die under load: no request fails that need not, and no record is lost or doubled.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ferrogw_tests::{Client, Database, Deployment, Reply, World, eventually};
use serde_json::Value;
use tokio::task::JoinSet;

use crate::setting::{alone, hello};

#[tokio::test]
async fn a_control_plane_that_is_killed_costs_no_request_and_no_record_on_sqlite() {
    kill_the_control_plane_under_load(Database::Sqlite).await;
}

#[tokio::test]
async fn a_control_plane_that_is_killed_costs_no_request_and_no_record_on_postgres() {
    kill_the_control_plane_under_load(Database::Postgres).await;
}

async fn kill_the_control_plane_under_load(database: Database) {
    let mut world = World::start(Deployment::Split(database), alone).await;
    let model = world.upstream.answers(Reply::completion("ok"));
    let load = Load::start((0..world.gateway.workers()).map(|worker| world.gateway.client_of(worker)).collect(), &model);

    for _ in 0..2 {
        load.at_least_more(200).await;
        world.gateway.control().kill();
        load.at_least_more(200).await;
        world.gateway.control().start();
        world.gateway.await_admin().await;
    }
    load.at_least_more(200).await;
    let answered = load.stop().await;

    let ids = recorded(&world, &model, answered.len()).await;
    assert_eq!(ids, answered, "the records are those of the requests that were answered, each once");
}

#[tokio::test]
async fn a_worker_boots_from_its_snapshot_while_the_control_plane_is_away() {
    let mut world = World::start(Deployment::Split(Database::Sqlite), alone).await;
    let model = world.upstream.answers(Reply::completion("ok"));
    world.client().chat(&hello(&model)).await.expect(200);
    world.gateway.control().kill();
    world.gateway.worker(0).kill();

    world.gateway.worker(0).start();

    world.gateway.await_ready(0).await;
    let answer = world.client().chat(&hello(&model)).await.expect(200);
    world.gateway.control().start();
    world.gateway.await_admin().await;
    let ids = recorded(&world, &model, 2).await;
    assert!(ids.contains(answer.header("x-request-id")), "what was served without a control plane is delivered to the next");
}

#[tokio::test]
async fn requests_that_were_kept_long_enough_go_and_what_was_used_stays() {
    let mut world = World::start(Deployment::AllInOne(Database::Sqlite), alone).await;
    let model = world.upstream.answers(Reply::completion("ok"));
    world.client().chat(&hello(&model)).await.expect(200);
    let record = world.record(&model).await;
    world.gateway.control().stop();
    world.gateway.control().set("REQUEST_LOG_RETENTION", "1ms");

    world.gateway.control().start();
    world.gateway.await_admin().await;

    let row = format!("/admin/logs/{}", record["id"].as_str().expect("an id"));
    eventually("the request is gone", async || {
        Some(world.gateway.admin().get(&row).await.status).filter(|status| *status == 404)
    })
    .await;
    let used = world.gateway.admin().get(&format!("/admin/usage?model={model}")).await.expect(200).json();
    assert_eq!(used["summary"]["requests"], 1);
    let logged = "1 of the request log's oldest are gone";
    eventually("it is logged", async || world.gateway.control().logged().contains(logged).then_some(())).await;
}

#[tokio::test]
async fn one_process_that_restarts_keeps_everything() {
    let mut world = World::start(Deployment::AllInOne(Database::Sqlite), alone).await;
    let model = world.upstream.answers(Reply::completion("ok"));
    world.client().chat(&hello(&model)).await.expect(200);
    world.record(&model).await;

    let (code, _) = world.gateway.control().stop();
    assert_eq!(code, Some(0), "{}", world.gateway.tails());
    world.gateway.control().start();

    world.gateway.await_ready(0).await;
    world.client().chat(&hello(&model)).await.expect(200);
    recorded(&world, &model, 2).await;
}

#[tokio::test]
async fn sigterm_lets_a_stream_finish() {
    let mut world = World::start(Deployment::Split(Database::Sqlite), alone).await;
    let pause = std::time::Duration::from_millis(300);
    let model = world.upstream.answers(Reply::stream(&["one", " two", " three"]).pausing(3, pause).pausing(2, pause));
    let mut stream = world.client().stream(&crate::setting::hello_streamed(&model)).await;
    assert_eq!(stream.next_content().await.as_deref(), Some("one"));

    world.gateway.worker(0).signal("TERM");

    assert_eq!(stream.next_content().await.as_deref(), Some(" two"));
    assert_eq!(stream.next_content().await.as_deref(), Some(" three"));
    eventually("the worker ends", async || world.gateway.worker(0).has_ended().then_some(())).await;
}

/// Requests one after the other on several connections until it is stopped; a single failure fails the test.
struct Load {
    running: Arc<AtomicBool>,
    count: Arc<std::sync::atomic::AtomicUsize>,
    tasks: JoinSet<Vec<String>>,
}

impl Load {
    fn start(clients: Vec<Client>, model: &str) -> Self {
        let mut load = Self { running: Arc::new(AtomicBool::new(true)), count: Arc::default(), tasks: JoinSet::new() };
        for client in clients.iter().flat_map(|client| [client, client]) {
            let (client, body) = (client.clone(), hello(model));
            let (running, count) = (Arc::clone(&load.running), Arc::clone(&load.count));
            load.tasks.spawn(async move {
                let mut ids = Vec::new();
                while running.load(Ordering::Relaxed) {
                    let answer = client.chat(&body).await.expect(200);
                    ids.push(answer.header("x-request-id").to_owned());
                    count.fetch_add(1, Ordering::Relaxed);
                }
                ids
            });
        }
        load
    }

    async fn at_least_more(&self, requests: usize) {
        let goal = self.count.load(Ordering::Relaxed) + requests;
        eventually("the load goes on", async || (self.count.load(Ordering::Relaxed) >= goal).then_some(())).await;
    }

    async fn stop(self) -> HashSet<String> {
        self.running.store(false, Ordering::Relaxed);
        self.tasks.join_all().await.concat().into_iter().collect()
    }
}

/// The request ids of all records of a model, once there are `count`; one more, or one twice, fails.
async fn recorded(world: &World, model: &str, count: usize) -> HashSet<String> {
    let admin = world.admin();
    let page = |offset: usize| format!("/admin/logs?model={model}&limit=200&offset={offset}");
    let total = |page: &Value| page["summary"]["total_entries"].as_u64().and_then(|total| usize::try_from(total).ok());
    eventually(&format!("{count} records are stored"), async || {
        let answer = admin.try_get(&page(0)).await.ok().filter(|answer| answer.status == 200)?;
        (total(&answer.json()) >= Some(count)).then_some(())
    })
    .await;
    let mut ids = Vec::new();
    while ids.len() < count {
        let page = admin.get(&page(ids.len())).await.expect(200).json();
        assert_eq!(total(&page), Some(count), "records were doubled");
        let entries = page["data"].as_array().expect("a page");
        assert!(!entries.is_empty(), "the log ends after {} of {count} records", ids.len());
        ids.extend(entries.iter().filter_map(|entry| entry["trace_id"].as_str().map(str::to_owned)));
    }
    let set: HashSet<String> = ids.iter().cloned().collect();
    assert_eq!(set.len(), ids.len(), "a record is stored twice");
    set
}

//! The playground: models asked through the control plane, in one process and across two planes.

use std::time::Duration;

use ferrogw_tests::reply::{End, text};
use ferrogw_tests::{
    Database, Deployment, Gateway, Reply, Upstream, World, Worlds, eventually, eventually_within, free_port, over_both,
};
use serde_json::{Value, json};

use crate::setting::{alone, hello, hello_streamed};

static WORLDS: Worlds = Worlds::of(alone);

const CHAT: &str = "/admin/playground/v1/chat/completions";

over_both!(WORLDS:
    a_worker_answers_in_the_control_planes_place,
    a_stream_comes_as_the_provider_sends_it,
    a_caller_who_leaves_ends_the_stream_everywhere,
    a_caller_who_leaves_before_any_answer_ends_it_everywhere,
    what_a_worker_refuses_is_told_in_its_words,
    it_is_for_administrators,
    its_key_is_nobodys_and_is_seen_nowhere,
);

async fn a_worker_answers_in_the_control_planes_place(world: &World) {
    let model = world.upstream.answers(Reply::completion("Hello"));
    let admin = world.admin();
    let request = admin.request(http::Method::POST, CHAT).header("x-request-id", "0123456789abcdef0123456789abcdef");
    let request = request.header("cookie", "theme=dark").json(&hello(&model));

    let answer = admin.send(request).await.expect(200);

    assert_eq!(answer.json()["choices"][0]["message"]["content"], "Hello");
    assert_eq!(answer.header("x-ferrogw-target"), "alpha");
    let workers = admin.get("/admin/workers").await.expect(200).json();
    let known =
        workers["data"].as_array().expect("a list").iter().any(|worker| worker["id"] == answer.header("x-ferrogw-worker"));
    assert!(known, "{}", answer.header("x-ferrogw-worker"));
    assert_eq!(world.record(&model).await["trace_id"], "0123456789abcdef0123456789abcdef");

    let models = admin.get("/admin/playground/v1/models").await.expect(200).json();
    assert_eq!(models["object"], "list");
}

async fn a_stream_comes_as_the_provider_sends_it(world: &World) {
    let model = world.upstream.answers(Reply::events(&[text("One"), text("Two")], End::Silence));

    let mut stream = world.admin().stream_at(CHAT, &hello_streamed(&model)).await;

    assert_eq!(stream.status, 200);
    assert_eq!(stream.next_content().await.as_deref(), Some("One"));
    assert_eq!(stream.next_content().await.as_deref(), Some("Two"));
}

async fn a_caller_who_leaves_ends_the_stream_everywhere(world: &World) {
    let model = world.upstream.answers(Reply::events(&[text("One")], End::Silence));
    let mut stream = world.admin().stream_at(CHAT, &hello_streamed(&model)).await;
    stream.next_content().await;

    drop(stream);

    eventually("the gateway hangs up on the provider", async || (world.upstream.hung_up(&model) == 1).then_some(())).await;
    assert_eq!(world.record(&model).await["client_gone"], true);
}

async fn a_caller_who_leaves_before_any_answer_ends_it_everywhere(world: &World) {
    let model = world.upstream.answers(Reply::silence());
    let asking = {
        let (admin, body) = (world.admin(), hello(&model));
        tokio::spawn(async move { admin.post(CHAT, &body).await })
    };
    eventually("the provider is asked", async || (!world.upstream.seen(&model).is_empty()).then_some(())).await;

    asking.abort();

    eventually("the gateway hangs up on the provider", async || (world.upstream.hung_up(&model) == 1).then_some(())).await;
}

async fn what_a_worker_refuses_is_told_in_its_words(world: &World) {
    let model = world.upstream.answers(Reply::error_with(429, "slow_down", "Not so fast", &[("retry-after", "7")]));

    let answer = world.admin().post(CHAT, &hello(&model)).await;

    assert_eq!(answer.error(), "429 upstream_type slow_down upstream_param: Not so fast");
    assert_eq!(answer.header("retry-after"), "7");
    let nonsense = world.admin().post(CHAT, &json!({ "messages": 7 })).await;
    assert!(nonsense.error().starts_with("400 invalid_request_error "), "{}", nonsense.error());
}

async fn it_is_for_administrators(world: &World) {
    let model = world.upstream.answers(Reply::completion("Hello"));
    let reader = world.gateway.create_key(json!({ "name": "reader", "scopes": ["read_only"] })).await;

    let answer = world.admin().with_key(&reader.secret).post(CHAT, &hello(&model)).await;

    assert!(answer.error().starts_with("403 permission_error insufficient_scope "), "{}", answer.error());
    assert_eq!(world.admin().post("/admin/playground/v1/files", &json!({})).await.status, 404);
    assert!(world.upstream.seen(&model).is_empty());
}

async fn its_key_is_nobodys_and_is_seen_nowhere(world: &World) {
    let model = world.upstream.answers(Reply::completion("Hello"));
    let admin = world.admin();
    admin.post(CHAT, &hello(&model)).await.expect(200);

    let record = world.record(&model).await;
    let id = record["api_key_id"].as_str().expect("an id");
    let (keys, trail) =
        (admin.get("/admin/keys").await.expect(200).text(), admin.get("/admin/audit?limit=200").await.expect(200).text());

    assert!(!id.is_empty() && !keys.contains(id) && !trail.contains(id), "{id}");
    for path in [format!("/admin/keys/{id}"), format!("/admin/keys/{id}/rotate"), format!("/admin/keys/{id}/revoke")] {
        let method = if path.ends_with(id) { http::Method::GET } else { http::Method::POST };
        assert_eq!(admin.send(admin.request(method, &path)).await.status, 404, "{path}");
    }
    admin.post(CHAT, &hello(&model)).await.expect(200);
    let again = eventually("both requests are in the log", async || {
        let logs = admin.get(&format!("/admin/logs?model={model}")).await.expect(200).json();
        (logs["data"].as_array()?.len() == 2).then_some(logs)
    })
    .await;
    let ids: Vec<&Value> = again["data"].as_array().expect("a list").iter().map(|entry| &entry["api_key_id"]).collect();
    assert_eq!(ids, [&json!(id), &json!(id)]);
    assert_eq!(id, "66657272-6f67-8777-8000-000000000000", "whichever key it was");
    let usage = admin.get(&format!("/admin/usage?group_by=key&model={model}")).await.expect(200).json();
    assert_eq!((&usage["groups"][0]["label"], &usage["groups"][0]["requests"]), (&json!("Playground"), &json!(2)));
}

#[tokio::test]
async fn where_a_worker_says_it_is_decides_where_it_is_asked() {
    let nobody = free_port();
    let plan = Gateway::split(Database::Sqlite);
    let gateway = plan.with("FERROGW_ADVERTISE_URL", &format!("http://127.0.0.1:{nobody}")).start().await;
    let upstream = Upstream::start();
    gateway.apply(&alone(&upstream)).await;

    let answer = gateway.admin().get("/admin/playground/v1/models").await;

    assert!(answer.error().starts_with("502 server_error worker_unreachable "), "{}", answer.error());
    assert!(answer.error().contains(&format!("http://127.0.0.1:{nobody}")), "{}", answer.error());
}

#[tokio::test]
async fn when_the_workers_are_gone_it_says_so() {
    let mut world = World::start(Deployment::Split(Database::Sqlite), alone).await;
    for worker in 0..world.gateway.workers() {
        world.gateway.worker(worker).kill();
    }
    let admin = world.admin();
    let refused = eventually_within(Duration::from_secs(30), "nobody can be asked", async || {
        let answer = admin.get("/admin/playground/v1/models").await;
        Some(answer).filter(|answer| answer.error().contains(" no_worker "))
    })
    .await;
    assert_eq!(refused.status, 503);
}

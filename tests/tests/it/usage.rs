//! Accounts of requests: every request one record, its cost known or unknown, its sums right.

use ferrogw_tests::{Reply, World, Worlds, eventually, over_all, reply};
use serde_json::{Value, json};

use crate::setting::{hello, openai};

static WORLDS: Worlds = Worlds::of(|upstream| {
    json!({
        "targets": [openai(upstream, "alpha", "${ALPHA_KEY}")],
    })
});

over_all!(WORLDS:
    a_known_price_makes_a_cost,
    an_answer_without_usage_has_no_cost,
    a_failed_request_is_recorded_as_one,
    every_request_is_recorded_once_whichever_worker_served_it,
    statistics_add_up,
);

async fn a_known_price_makes_a_cost(world: &World) {
    let model = world.upstream.script_of("gpt-4o-mini").on("alpha", [Reply::completion("ok")]).model();

    world.client().chat(&hello(&model)).await.expect(200);

    // 11 tokens in at $0.15 and 7 out at $0.60 per million.
    let cost = world.record(&model).await["cost_usd"].as_f64().expect("a cost");
    assert!((cost - (11.0 * 0.15 + 7.0 * 0.60) / 1e6).abs() < 1e-12, "{cost}");
}

async fn an_answer_without_usage_has_no_cost(world: &World) {
    let mut said = reply::completion("ok");
    said.as_object_mut().expect("an object").remove("usage");
    let model = world.upstream.script_of("gpt-4o").on("alpha", [Reply::json(200, &said)]).model();

    world.client().chat(&hello(&model)).await.expect(200);

    assert_eq!(world.record(&model).await["cost_usd"], Value::Null);
}

async fn a_failed_request_is_recorded_as_one(world: &World) {
    let model = world.upstream.answers(Reply::error(400, "bad_thing", "That will not do"));

    let answer = world.client().chat(&hello(&model)).await;

    assert_eq!(answer.status, 400);
    let record = world.record(&model).await;
    assert_eq!((&record["stage"], &record["status"]), (&json!("on_error"), &json!(400)), "{record}");
    assert!(record["error_message"].as_str().is_some_and(|message| message.contains("That will not do")), "{record}");
}

async fn every_request_is_recorded_once_whichever_worker_served_it(world: &World) {
    let model = world.upstream.answers(Reply::completion("ok"));
    for number in 0..20 {
        world.gateway.client_of(number % world.gateway.workers()).chat(&hello(&model)).await.expect(200);
    }

    let page = stored(world, &model, 20).await;

    let ids: std::collections::HashSet<&str> =
        page["data"].as_array().into_iter().flatten().filter_map(|entry| entry["id"].as_str()).collect();
    assert_eq!(ids.len(), 20);
}

async fn statistics_add_up(world: &World) {
    let model = world.upstream.answers(Reply::completion("ok"));
    for _ in 0..5 {
        world.client().chat(&hello(&model)).await.expect(200);
    }
    stored(world, &model, 5).await;

    let stats = world.admin().get(&format!("/admin/logs/stats?model={model}")).await.expect(200).json();

    assert_eq!((&stats["summary"]["total_entries"], &stats["summary"]["error_entries"]), (&json!(5), &json!(0)), "{stats}");
    assert_eq!((&stats["summary"]["prompt_tokens"], &stats["summary"]["completion_tokens"]), (&json!(55), &json!(35)), "{stats}");
    assert_eq!(stats["summary"]["unpriced_requests"], 5, "{stats}");
}

/// The log's page for a model once it holds this many records, and not one more.
async fn stored(world: &World, model: &str, count: u64) -> Value {
    let admin = world.admin();
    let page = eventually(&format!("{count} records of {model} are stored"), async || {
        let page = admin.get(&format!("/admin/logs?model={model}&limit=200")).await.expect(200).json();
        (page["summary"]["total_entries"].as_u64() >= Some(count)).then_some(page)
    })
    .await;
    assert_eq!(page["summary"]["total_entries"], count);
    page
}

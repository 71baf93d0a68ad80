//! The admin side: versions, lost races, guards, the audit trail, and a database that is not there.

use ferrogw_tests::{Deployment, World, Worlds, over_all};
use serde_json::{Value, json};

use crate::setting::alone;

static WORLDS: Worlds = Worlds::of(alone);

over_all!(WORLDS:
    every_mistake_of_a_configuration_is_told_at_once,
    what_is_not_served_yet_is_refused_and_not_ignored,
    a_literal_secret_is_refused,
    an_oversized_document_is_a_413,
    a_lost_race_is_a_412,
    a_rollback_is_a_new_version_with_older_content,
    the_admin_side_needs_a_key,
    a_read_only_key_may_look_and_not_touch,
    nobody_revokes_the_key_in_their_hand,
    what_was_done_is_in_the_audit_trail,
    the_api_describes_itself,
    every_answer_forbids_caching_and_names_its_request,
    logs_are_purged_up_to_a_time,
);

async fn every_mistake_of_a_configuration_is_told_at_once(world: &World) {
    let before = history(world).await;
    let wrong = json!({
        "stategy": { "mode": "fallback" },
        "targets": [{ "virtual_key": "openai", "retry": { "atempts": 3 } }, { "virtual_key": "opanai" }],
    });

    let answer = world.admin().put("/admin/config", &wrong).await;

    assert!(answer.error().starts_with("400 invalid_request_error invalid_config "), "{}", answer.error());
    let body = answer.json();
    let issues = body["error"]["issues"].as_array().expect("a list of issues");
    let paths: Vec<&str> = issues.iter().filter_map(|issue| issue["path"].as_str()).collect();
    assert_eq!(paths, ["stategy", "targets[0].retry.atempts", "targets[1].virtual_key"], "{body}");
    for (word, issue) in ["strategy", "attempts", "openai"].iter().zip(issues) {
        assert!(issue.to_string().contains(word), "no hint at `{word}` in {issue}");
    }
    assert_eq!(history(world).await, before);
}

async fn what_is_not_served_yet_is_refused_and_not_ignored(world: &World) {
    let mut config = alone(&world.upstream);
    config["strategy"] = json!({ "mode": "loadbalance" });

    let answer = world.admin().put("/admin/config", &config).await;

    assert!(answer.error().contains("not yet served"), "{}", answer.error());
}

async fn a_literal_secret_is_refused(world: &World) {
    let config = json!({ "targets": [{ "name": "a", "provider": "openai", "base_url": "http://127.0.0.1:9/v1",
                                        "api_key": "sk-literal-secret-1234567890" }] });

    let answer = world.admin().put("/admin/config", &config).await;

    assert!(answer.error().starts_with("400 invalid_request_error invalid_config "), "{}", answer.error());
    assert!(!answer.text().contains("literal-secret"), "{}", answer.text());
}

async fn an_oversized_document_is_a_413(world: &World) {
    let mut config = alone(&world.upstream);
    config["aliases"] = json!({ "long": "x".repeat(4 << 20) });

    let answer = world.admin().put("/admin/config", &config).await;

    assert_eq!(answer.status, 413, "{}", answer.error());
}

async fn a_lost_race_is_a_412(world: &World) {
    let (admin, config) = (world.admin(), alone(&world.upstream));
    let tag = admin.get("/admin/config").await.expect(200).header("etag").to_owned();
    let with_tag = || admin.request(http::Method::PUT, "/admin/config").header("if-match", &tag).json(&config);

    let (first, second) = tokio::join!(admin.send(with_tag()), admin.send(with_tag()));

    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    // Another test's write in between makes both lose; both winning is what must not be.
    assert!(statuses == [200, 412] || statuses == [412, 412], "{} {}", first.text(), second.text());
}

async fn a_rollback_is_a_new_version_with_older_content(world: &World) {
    let (admin, mut config) = (world.admin(), alone(&world.upstream));
    config["aliases"] = json!({ "before": "the-first" });
    let first = admin.put("/admin/config", &config).await.expect(200).json()["version"].clone();
    config["aliases"] = json!({ "after": "the-second" });
    admin.put("/admin/config", &config).await.expect(200);

    let rolled = admin.post(&format!("/admin/config/rollback/{first}"), &json!({})).await.expect(200).json();

    let history = admin.get("/admin/config/history").await.expect(200).json();
    let entry =
        |version: &Value| history["data"].as_array().into_iter().flatten().find(|entry| entry["version"] == *version).cloned();
    let (old, new) = (entry(&first).expect("the first"), entry(&rolled["version"]).expect("the newest"));
    assert_eq!((&new["config"], &new["digest"]), (&old["config"], &old["digest"]));
    assert!(new["rolled_back_from"].as_u64() > first.as_u64(), "{new}");
    assert!(rolled["version"].as_u64() > new["rolled_back_from"].as_u64(), "{rolled}");
}

async fn the_admin_side_needs_a_key(world: &World) {
    for path in ["/admin/keys", "/admin/config", "/admin/logs", "/admin/workers", "/admin/audit"] {
        let answer = world.admin().with_key("sk-ferro-wrong").get(path).await;
        assert!(answer.error().starts_with("401 authentication_error invalid_api_key "), "{path}: {}", answer.error());
    }
}

async fn a_read_only_key_may_look_and_not_touch(world: &World) {
    let key = world.gateway.create_key(json!({ "name": "auditor", "scopes": ["read_only"] })).await;
    let reader = world.admin().with_key(&key.secret);

    assert_eq!(reader.get("/admin/keys").await.status, 200);
    let answer = reader.post("/admin/keys", &json!({ "name": "mine" })).await;

    assert!(answer.error().starts_with("403 permission_error insufficient_scope "), "{}", answer.error());
}

async fn nobody_revokes_the_key_in_their_hand(world: &World) {
    let key = world.gateway.create_key(json!({ "name": "operator", "scopes": ["admin"] })).await;
    let operator = world.admin().with_key(&key.secret);

    let answer = operator.post(&format!("/admin/keys/{}/revoke", key.id), &json!({})).await;

    assert!(answer.error().starts_with("409 invalid_request_error self_mutation_forbidden "), "{}", answer.error());
}

async fn what_was_done_is_in_the_audit_trail(world: &World) {
    let key = world.gateway.create_key(json!({ "name": "audited" })).await;

    let trail = world.admin().get("/admin/audit?action=key.create&limit=200").await.expect(200).json();

    let entries = trail["data"].as_array().expect("a list");
    let entry = entries.iter().find(|entry| entry["target_id"] == key.id.as_str()).expect("the creation is in the trail");
    assert_eq!((&entry["outcome"], &entry["action"]), (&json!("ok"), &json!("key.create")));
    assert!(!trail.to_string().contains(&key.secret));
}

async fn the_api_describes_itself(world: &World) {
    let document = world.admin().get("/admin/openapi.json").await.expect(200).json();

    for path in ["/admin/keys", "/admin/config", "/admin/config/rollback/{version}", "/admin/logs/stats", "/admin/workers"] {
        assert!(document["paths"][path].is_object(), "{path} is not described");
    }
}

async fn every_answer_forbids_caching_and_names_its_request(world: &World) {
    for path in ["/admin/keys", "/admin/nothing-here", "/admin/logs/stats"] {
        let answer = world.admin().get(path).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("x-request-id").len(), 32, "{path}");
    }
}

async fn logs_are_purged_up_to_a_time(world: &World) {
    let missing = world.admin().delete("/admin/logs").await;
    assert!(missing.error().starts_with("400 invalid_request_error "), "{}", missing.error());

    let purged = world.admin().delete("/admin/logs?before=2020-01-01T00:00:00Z").await.expect(200).json();

    assert_eq!(purged["deleted"], 0);
}

async fn history(world: &World) -> Value {
    world.admin().get("/admin/config/history").await.expect(200).json()["summary"]["total_versions"].clone()
}

#[tokio::test]
async fn racing_operators_never_lose_an_update() {
    let deployment = Deployment::AllInOne(ferrogw_tests::Database::Postgres);
    let world = World::start(deployment, alone).await;
    let (admin, config) = (world.admin(), alone(&world.upstream));
    let before = history(&world).await.as_u64().expect("a number");

    let writes = (0..8).map(|number| {
        let (admin, mut config) = (admin.clone(), config.clone());
        config["aliases"] = json!({ format!("alias-{number}"): "a-model" });
        tokio::spawn(async move { admin.put("/admin/config", &config).await.expect(200).json()["version"].as_u64() })
    });
    let mut versions = Vec::new();
    for write in writes.collect::<Vec<_>>() {
        versions.push(write.await.expect("no write panics").expect("a version"));
    }

    versions.sort_unstable();
    assert_eq!(versions, (before + 1..=before + 8).collect::<Vec<_>>());
}

//! Keys: who is let in, who is not, and how fast that changes.

use std::time::{Duration, Instant};

use ferrogw_tests::{MASTER_KEY, Reply, World, Worlds, eventually, eventually_within, over_all};
use http::Method;
use serde_json::json;

use crate::setting::{alone, hello};

static WORLDS: Worlds = Worlds::of(alone);

over_all!(WORLDS:
    without_a_key_nothing_is_served,
    a_wrong_key_is_refused,
    the_master_key_is_no_key_for_models,
    a_key_without_the_scope_is_refused,
    a_read_only_key_may_list_models,
    an_expired_key_is_refused,
    a_revoked_key_is_refused_within_a_second_by_every_worker,
    a_rotated_key_changes_its_secret_and_keeps_its_id,
    a_key_counts_its_uses,
    a_secret_is_shown_once,
);

async fn without_a_key_nothing_is_served(world: &World) {
    let (client, body) = (world.client(), hello("any"));
    for value in ["", "Bearer ", "Bearer", "Basic c2VjcmV0"] {
        let request = client.bare(Method::POST, "/v1/chat/completions").header("authorization", value).json(&body);
        let answer = client.send(request).await;
        assert!(answer.error().starts_with("401 authentication_error missing_api_key "), "{value:?}: {}", answer.error());
    }
}

async fn a_wrong_key_is_refused(world: &World) {
    let wrong = "sk-ferro-0000000000000000000000000000000000000000000";

    let answer = world.client().with_key(wrong).chat(&hello("any")).await;

    assert!(answer.error().starts_with("401 authentication_error invalid_api_key "), "{}", answer.error());
    assert!(!answer.text().contains(wrong), "{}", answer.text());
}

async fn the_master_key_is_no_key_for_models(world: &World) {
    let answer = world.client().with_key(MASTER_KEY).chat(&hello("any")).await;
    assert_eq!(answer.status, 401, "{}", answer.error());
}

async fn a_key_without_the_scope_is_refused(world: &World) {
    let key = world.gateway.create_key(json!({ "name": "reader" })).await;

    let answer = world.client().with_key(&key.secret).chat(&hello("any")).await;

    assert!(answer.error().starts_with("403 permission_error insufficient_scope "), "{}", answer.error());
}

async fn a_read_only_key_may_list_models(world: &World) {
    let key = world.gateway.create_key(json!({ "name": "reader", "scopes": ["read_only"] })).await;

    let models = world.client().with_key(&key.secret).get("/v1/models").await.expect(200).json();

    assert_eq!(models["object"], "list");
}

async fn an_expired_key_is_refused(world: &World) {
    for time in ["2020-01-01T00:00:00Z", "1970-01-01T00:00:00Z"] {
        let expired = json!({ "name": "old", "scopes": ["inference"], "expires_at": time });
        let created = world.admin().post("/admin/keys", &expired).await.expect(201).json();
        let client = world.client().with_key(created["key"].as_str().expect("a secret"));

        // As long as a worker does not know it, it is unknown there.
        let answer = eventually("the key is known", async || {
            let answer = client.chat(&hello("any")).await;
            (!answer.error().contains("not valid here")).then_some(answer)
        });
        let answer = answer.await;

        assert!(answer.status == 401 && answer.error().contains("has expired"), "{time}: {}", answer.error());
    }
}

async fn a_revoked_key_is_refused_within_a_second_by_every_worker(world: &World) {
    let key = world.gateway.create_key(json!({ "name": "leaked", "scopes": ["inference"] })).await;
    let model = world.upstream.answers(Reply::completion("ok"));
    world.client().with_key(&key.secret).chat(&hello(&model)).await.expect(200);

    world.admin().post(&format!("/admin/keys/{}/revoke", key.id), &json!({})).await.expect(200);

    let revoked = Instant::now();
    for worker in 0..world.gateway.workers() {
        let client = world.gateway.client_of(worker).with_key(&key.secret);
        let left = Duration::from_secs(1).saturating_sub(revoked.elapsed());
        eventually_within(left, "the key is refused", async || (client.chat(&hello(&model)).await.status == 401).then_some(()))
            .await;
    }
}

async fn a_rotated_key_changes_its_secret_and_keeps_its_id(world: &World) {
    let key = world.gateway.create_key(json!({ "name": "rotating", "scopes": ["inference"] })).await;
    let model = world.upstream.answers(Reply::completion("ok"));

    let rotated = world.admin().post(&format!("/admin/keys/{}/rotate", key.id), &json!({})).await.expect(200).json();

    assert_eq!(rotated["id"], key.id.as_str());
    let fresh = world.client().with_key(rotated["key"].as_str().expect("a secret"));
    eventually("the new secret works", async || (fresh.chat(&hello(&model)).await.status == 200).then_some(())).await;
    assert_eq!(world.client().with_key(&key.secret).chat(&hello(&model)).await.status, 401);
}

async fn a_key_counts_its_uses(world: &World) {
    let key = world.gateway.create_key(json!({ "name": "counted", "scopes": ["inference"] })).await;
    let model = world.upstream.answers(Reply::completion("ok"));
    let client = world.client().with_key(&key.secret);
    for _ in 0..3 {
        client.chat(&hello(&model)).await.expect(200);
    }

    let admin = world.admin();
    eventually("three uses are counted", async || {
        let key = admin.get(&format!("/admin/keys/{}", key.id)).await.expect(200).json();
        (key["usage_count"] == 3 && key["last_used_at"].is_string()).then_some(())
    })
    .await;
}

async fn a_secret_is_shown_once(world: &World) {
    let key = world.gateway.create_key(json!({ "name": "hidden" })).await;
    assert!(key.secret.starts_with("sk-ferro-"), "{}", key.secret);

    let listed = world.admin().get("/admin/keys").await.expect(200);

    assert!(listed.text().contains(&key.id) && !listed.text().contains(&key.secret));
    assert_eq!(listed.header("cache-control"), "no-store");
}

//! Secrets that an operator chose for the first run: taken in once, and never again.

use axum::http::StatusCode;
use ferrogw_config::Secret;
use serde_json::json;

use crate::plane::{Home, Kind};

const ADMIN: &str = "change-me-admin-change-me";
const READER: &str = "change-me-reader-change-me";

async fn home(kind: Kind) -> Home {
    let mut home = Home::new(kind).await.unwrap();
    let access = &mut home.settings.access;
    access.admin_bootstrap_enabled = true;
    access.admin_bootstrap_key = Some(Secret::new(ADMIN.to_owned()));
    access.admin_bootstrap_read_only_key = Some(Secret::new(READER.to_owned()));
    home
}

#[tokio::test]
async fn bootstrap_keys_open_the_admin_api_with_their_scopes() {
    let plane = home(Kind::Memory).await.start().await;
    plane.post("/admin/keys").by(ADMIN).json(&json!({ "name": "ann" })).await.expect(StatusCode::CREATED);
    plane.get("/admin/keys").by(READER).send().await.expect(StatusCode::OK);
    let refused = plane.post("/admin/keys").by(READER).json(&json!({ "name": "ann" })).await;
    assert_eq!(refused.refusal(), (403, "insufficient_scope"));
    assert_eq!(plane.get("/admin/keys").by("change-me-admin-change-mf").send().await.refusal(), (401, "invalid_api_key"));
}

#[tokio::test]
async fn where_a_bootstrap_key_administers_the_first_start_makes_a_key_for_inference_alone() {
    let home = home(Kind::Sqlite).await;
    let plane = home.start().await;
    let first = plane.control.first_start().await.unwrap().unwrap();
    assert!(first.admin_key.is_none());
    let refused = plane.get("/admin/keys").by(first.inference_key.expose()).send().await;
    assert_eq!(refused.refusal(), (403, "insufficient_scope"));
    plane.post("/admin/keys/bootstrap:admin/revoke").send().await.expect(StatusCode::OK);
    plane.store().close().await;
    assert!(home.start().await.control.first_start().await.unwrap().is_none(), "no start after the first makes an admin key");
}

#[tokio::test]
async fn a_bootstrap_key_that_may_only_read_leaves_nobody_without_an_admin_key() {
    let mut home = home(Kind::Memory).await;
    home.settings.access.admin_bootstrap_key = None;
    let plane = home.start().await;
    let first = plane.control.first_start().await.unwrap().unwrap();
    let admin = first.admin_key.unwrap();
    plane.post("/admin/keys").by(admin.expose()).json(&json!({ "name": "ann" })).await.expect(StatusCode::CREATED);
}

#[tokio::test]
async fn without_the_switch_the_variables_mean_nothing() {
    let mut home = home(Kind::Memory).await;
    home.settings.access.admin_bootstrap_enabled = false;
    assert_eq!(home.start().await.get("/admin/keys").by(ADMIN).send().await.refusal(), (401, "invalid_api_key"));
}

#[tokio::test]
async fn a_second_start_with_another_value_changes_nothing() {
    let mut home = home(Kind::Sqlite).await;
    home.start().await.control.app().store.close().await;
    home.settings.access.admin_bootstrap_key = Some(Secret::new("another-admin-another-admin".to_owned()));
    let plane = home.start().await;
    plane.get("/admin/keys").by(ADMIN).send().await.expect(StatusCode::OK);
    let refused = plane.get("/admin/keys").by("another-admin-another-admin").send().await;
    assert_eq!(refused.refusal(), (401, "invalid_api_key"));
}

#[tokio::test]
async fn a_revoked_bootstrap_key_never_comes_back() {
    let home = home(Kind::Sqlite).await;
    let plane = home.start().await;
    plane.get("/admin/keys").by(ADMIN).send().await.expect(StatusCode::OK);
    plane.post("/admin/keys/bootstrap:admin/revoke").send().await.expect(StatusCode::OK);
    assert_eq!(plane.get("/admin/keys").by(ADMIN).send().await.refusal(), (401, "invalid_api_key"));
    plane.store().close().await;
    assert_eq!(home.start().await.get("/admin/keys").by(ADMIN).send().await.refusal(), (401, "invalid_api_key"));
}

#[tokio::test]
async fn bootstrap_keys_are_listed_without_a_trace_of_their_secret() {
    let plane = home(Kind::Memory).await.start().await;
    let keys = plane.get("/admin/keys").send().await.body;
    let shown: Vec<_> =
        keys.as_array().unwrap().iter().map(|key| (key["id"].as_str().unwrap(), &key["name"], &key["key"])).collect();
    assert_eq!(
        shown,
        [("bootstrap:admin", &json!("bootstrap"), &json!("...")), ("bootstrap:read_only", &json!("bootstrap"), &json!("..."))]
    );
}

#[tokio::test]
async fn a_bootstrap_key_cannot_be_changed_and_does_not_lock_itself_out() {
    let mut home = home(Kind::Memory).await;
    home.settings.access.master_key = None;
    let plane = home.start().await;
    let by_itself = plane.delete("/admin/keys/bootstrap:admin").by(ADMIN).send().await;
    assert_eq!(by_itself.refusal(), (409, "self_mutation_forbidden"));
    let rotated = plane.post("/admin/keys/bootstrap:admin/rotate").by(ADMIN).send().await;
    assert_eq!(rotated.refusal(), (409, "bootstrap_credential"));
    plane.delete("/admin/keys/bootstrap:read_only").by(ADMIN).send().await.expect(StatusCode::NO_CONTENT);
    plane.delete("/admin/keys/bootstrap:read_only").by(ADMIN).send().await.expect(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn many_wrong_secrets_at_once_are_bounded_and_right_keys_still_get_in() {
    let plane = home(Kind::Memory).await.start().await;
    let wrong = futures::future::join_all((0..64).map(|n| plane.get("/admin/keys").by(&format!("wrong-{n}")).send())).await;
    assert!(wrong.iter().all(|answer| matches!(answer.refusal(), (401, "invalid_api_key") | (429, "rate_limit_exceeded"))));
    assert!(wrong.iter().any(|answer| answer.refusal().0 == 429 && answer.header("retry-after") == "1"));
    plane.get("/admin/keys").send().await.expect(StatusCode::OK);
}

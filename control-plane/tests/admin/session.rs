//! Sessions: a token in the place of a key, in a header or in a browser's cookie.

use axum::http::{Method, StatusCode};
use ferrogw_config::Secret;
use serde_json::{Value, json};

use crate::plane::{Answer, Home, Kind, MASTER_KEY, Plane};

const PAGE: (&str, &str) = ("x-ferrogw-request", "dashboard");

/// Signs in and gives the token.
async fn token(plane: &Plane, key: &str) -> String {
    let answer = plane.post("/admin/session").by(key).send().await.expect(StatusCode::CREATED);
    answer.body["token"].as_str().unwrap().to_owned()
}

/// Signs in as a browser does and gives what it will send from then on.
async fn cookie(plane: &Plane, key: &str) -> String {
    let answer = plane.post("/admin/session").by(key).json(&json!({ "cookie": true })).await.expect(StatusCode::CREATED);
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

async fn by_cookie(plane: &Plane, method: Method, path: &str, cookie: &str) -> Answer {
    plane.call(method, path).anonymous().header("cookie", cookie).header(PAGE.0, PAGE.1).send().await
}

on_every_database! {
    async fn a_key_is_exchanged_for_a_session_that_ends_with_its_sign_out(plane: &Plane) {
        let key = plane.key("alice", &["admin"]).await;
        let answer = plane.post("/admin/session").by(&key.secret).send().await.expect(StatusCode::CREATED);
        assert_eq!((&answer.body["subject"], &answer.body["scopes"]), (&json!("alice"), &json!(["admin"])));
        assert_eq!((answer.header("cache-control"), answer.header("set-cookie")), ("no-store", ""));
        let token = answer.body["token"].as_str().unwrap();
        assert!(token.starts_with("fgws_") && token.len() == 48);

        let caller = plane.get("/admin/session").by(token).send().await.expect(StatusCode::OK).body;
        assert_eq!((&caller["subject"], &caller["credential_id"]), (&json!("alice"), &json!(key.id)));
        assert_eq!(caller["expires_at"], answer.body["expires_at"]);
        plane.post("/admin/keys").by(token).json(&json!({ "name": "made in a session" })).await.expect(StatusCode::CREATED);
        let entry = plane.get("/admin/audit").send().await.body["data"][0].clone();
        assert_eq!((&entry["actor"], &entry["actor_id"]), (&json!(format!("alice ({})", key.id)), &json!(key.id)));

        plane.delete("/admin/session").by(token).send().await.expect(StatusCode::NO_CONTENT);
        assert_eq!(plane.get("/admin/keys").by(token).send().await.refusal(), (401, "invalid_session"));
        assert_eq!(plane.delete("/admin/session").by(token).send().await.refusal(), (401, "invalid_session"));
    }

    async fn a_browser_gets_its_token_where_scripts_cannot_read_it(plane: &Plane) {
        let answer = plane.post("/admin/session").json(&json!({ "cookie": true })).await.expect(StatusCode::CREATED);
        assert_eq!(answer.body.get("token"), None);
        let (pair, attributes) = answer.header("set-cookie").split_once("; ").unwrap();
        assert!(pair.starts_with("ferrogw_session=fgws_"), "{pair}");
        assert_eq!(attributes, "Path=/admin; Max-Age=86400; HttpOnly; SameSite=Strict");
        by_cookie(plane, Method::GET, "/admin/keys", pair).await.expect(StatusCode::OK);
        by_cookie(plane, Method::GET, "/admin/keys", &format!("theme=dark; {pair}; x=y")).await.expect(StatusCode::OK);

        let ended = by_cookie(plane, Method::DELETE, "/admin/session", pair).await.expect(StatusCode::NO_CONTENT);
        assert_eq!(ended.header("set-cookie"), "ferrogw_session=; Path=/admin; Max-Age=0; HttpOnly; SameSite=Strict");
        assert_eq!(by_cookie(plane, Method::GET, "/admin/keys", pair).await.refusal(), (401, "invalid_session"));
    }

    async fn over_tls_the_cookie_never_leaves_it(plane: &Plane) {
        let call = plane.post("/admin/session").header("origin", "https://gateway.example");
        let answer = call.json(&json!({ "cookie": true })).await.expect(StatusCode::CREATED);
        assert!(answer.header("set-cookie").ends_with("; Secure"), "{}", answer.header("set-cookie"));
    }

    async fn a_cookie_alone_changes_nothing(plane: &Plane) {
        let cookie = cookie(plane, MASTER_KEY).await;
        let host = ("host", "gateway.example:8080");
        let attempt = |headers: &[(&'static str, &str)]| {
            let call = plane.post("/admin/keys").anonymous().header("cookie", &cookie).header(host.0, host.1);
            headers.iter().fold(call, |call, (name, value)| call.header(name, value))
        };
        let forged: [&[(&'static str, &str)]; 6] = [
            &[],
            &[("x-ferrogw-request", "something else")],
            &[("origin", "http://gateway.example:8080")],
            &[PAGE, ("origin", "http://evil.example")],
            &[PAGE, ("origin", "http://gateway.example")],
            &[PAGE, ("origin", "null")],
        ];
        for headers in forged {
            let answer = attempt(headers).json(&json!({ "name": "forged" })).await;
            assert_eq!(answer.refusal(), (403, "csrf_rejected"), "{headers:?}");
        }
        assert_eq!(plane.get("/admin/keys").send().await.body, json!([]));
        attempt(&[PAGE]).json(&json!({ "name": "ours" })).await.expect(StatusCode::CREATED);
        attempt(&[PAGE, ("origin", "https://Gateway.example:8080")]).json(&json!({ "name": "ours" })).await.expect(StatusCode::CREATED);
        attempt(&[]).by(MASTER_KEY).json(&json!({ "name": "a bearer wins" })).await.expect(StatusCode::CREATED);
        let reading = plane.get("/admin/keys").anonymous().header("cookie", &cookie).header("origin", "http://evil.example");
        reading.send().await.expect(StatusCode::OK);
    }

    async fn only_a_key_opens_a_session(plane: &Plane) {
        let token = token(plane, MASTER_KEY).await;
        assert_eq!(plane.post("/admin/session").by(&token).send().await.refusal(), (400, "not_a_key"));
        let cookie = cookie(plane, MASTER_KEY).await;
        assert_eq!(by_cookie(plane, Method::POST, "/admin/session", &cookie).await.refusal(), (401, "missing_api_key"));
        let user = plane.key("user", &["inference"]).await;
        assert_eq!(plane.post("/admin/session").by(&user.secret).send().await.refusal(), (403, "insufficient_scope"));
        assert_eq!(plane.post("/admin/session").by("sk-ferro-wrong").send().await.refusal(), (401, "invalid_api_key"));
        assert_eq!(plane.post("/admin/session").json(&json!({ "cooky": true })).await.refusal(), (400, "invalid_request"));
    }

    async fn a_key_is_told_who_it_is_and_has_nothing_to_sign_out_of(plane: &Plane) {
        let key = plane.key("reader", &["read_only"]).await;
        let caller = plane.get("/admin/session").by(&key.secret).send().await.expect(StatusCode::OK).body;
        assert_eq!(caller, json!({ "credential_id": key.id, "subject": "reader", "scopes": ["read_only"] }));
        assert_eq!(plane.delete("/admin/session").by(&key.secret).send().await.refusal(), (400, "not_a_session"));
    }

    async fn a_session_may_what_its_key_may_at_that_moment(plane: &Plane) {
        let key = plane.key("alice", &["admin"]).await;
        let token = token(plane, &key.secret).await;
        plane.put(&format!("/admin/keys/{}", key.id)).json(&json!({ "name": "alice, demoted", "scopes": ["read_only"] })).await.expect(StatusCode::CONFLICT);
        plane.key("another", &["admin"]).await;
        plane.put(&format!("/admin/keys/{}", key.id)).json(&json!({ "name": "alice, demoted", "scopes": ["read_only"] })).await.expect(StatusCode::OK);
        let caller = plane.get("/admin/session").by(&token).send().await.expect(StatusCode::OK).body;
        assert_eq!((&caller["subject"], &caller["scopes"]), (&json!("alice, demoted"), &json!(["read_only"])));
        let refused = plane.post("/admin/keys").by(&token).json(&json!({ "name": "x" })).await;
        assert_eq!(refused.refusal(), (403, "insufficient_scope"));
        plane.delete("/admin/session").by(&token).send().await.expect(StatusCode::NO_CONTENT);
    }

    async fn a_session_dies_with_its_key(plane: &Plane) {
        let keys = [plane.key("revoked", &[]).await, plane.key("deleted", &[]).await, plane.key("expired", &[]).await];
        let mut tokens = Vec::new();
        for key in &keys {
            tokens.push(token(plane, &key.secret).await);
        }
        let [revoked, deleted, expired] = keys.map(|key| format!("/admin/keys/{}", key.id));
        plane.post(&format!("{revoked}/revoke")).send().await.expect(StatusCode::OK);
        plane.delete(&deleted).send().await.expect(StatusCode::NO_CONTENT);
        plane.put(&expired).json(&json!({ "expires_at": "2020-01-01T00:00:00Z" })).await.expect(StatusCode::OK);
        for token in &tokens {
            assert_eq!(plane.get("/admin/session").by(token).send().await.refusal(), (401, "invalid_session"));
        }
        assert_eq!(plane.get("/admin/sessions").send().await.expect(StatusCode::OK).body, json!({ "data": [] }));
    }

    async fn in_a_session_too_nobody_takes_their_own_access_away(plane: &Plane) {
        let (own, _other) = (plane.key("own", &["admin"]).await, plane.key("other", &["admin"]).await);
        let token = token(plane, &own.secret).await;
        let path = format!("/admin/keys/{}", own.id);
        for answer in [
            plane.delete(&path).by(&token).send().await,
            plane.post(&format!("{path}/revoke")).by(&token).send().await,
            plane.put(&path).by(&token).json(&json!({ "scopes": ["read_only"] })).await,
        ] {
            assert_eq!(answer.refusal(), (409, "self_mutation_forbidden"));
        }
        plane.post(&format!("{path}/rotate")).by(&token).send().await.expect(StatusCode::OK);
        plane.get("/admin/session").by(&token).send().await.expect(StatusCode::OK);
    }

    async fn administrators_see_and_end_the_sessions_of_everybody(plane: &Plane) {
        let (admin, reader) = (plane.key("admin", &["admin"]).await, plane.key("reader", &["read_only"]).await);
        let (one, two, three) =
            (token(plane, &admin.secret).await, token(plane, &reader.secret).await, token(plane, &admin.secret).await);
        let listed = plane.get("/admin/sessions").by(&two).header("user-agent", "ignored").send().await.expect(StatusCode::OK).body;
        let member = |name: &str| listed["data"].as_array().unwrap().iter().map(|session| session[name].clone()).collect::<Vec<_>>();
        assert_eq!(member("subject"), ["admin", "reader", "admin"]);
        assert_eq!(member("current"), [false, true, false]);
        assert!(member("source_ip").iter().all(|address| address == "192.0.2.7") && !listed.to_string().contains("fgws_"));

        let path = format!("/admin/sessions/{}", listed["data"][1]["id"].as_str().unwrap());
        assert_eq!(plane.delete(&path).by(&two).send().await.refusal(), (403, "insufficient_scope"));
        for path in [&path, &path, "/admin/sessions/00000000-0000-0000-0000-000000000000", "/admin/sessions/none"] {
            plane.delete(path).by(&one).send().await.expect(StatusCode::NO_CONTENT);
        }
        assert_eq!(plane.get("/admin/keys").by(&two).send().await.refusal(), (401, "invalid_session"));
        let ended = plane.delete("/admin/sessions").by(&one).send().await.expect(StatusCode::OK);
        assert_eq!(ended.body, json!({ "revoked": 2 }));
        for token in [&one, &three] {
            assert_eq!(plane.get("/admin/keys").by(token).send().await.refusal(), (401, "invalid_session"));
        }
    }

    async fn what_happens_to_sessions_is_written_down(plane: &Plane) {
        let key = plane.key("alice", &["admin"]).await;
        let (one, two) = (token(plane, &key.secret).await, token(plane, &key.secret).await);
        let id = plane.get("/admin/session").by(&one).send().await.body["id"].as_str().unwrap().to_owned();
        plane.delete("/admin/session").by(&one).send().await.expect(StatusCode::NO_CONTENT);
        let other = plane.get("/admin/session").by(&two).send().await.body["id"].as_str().unwrap().to_owned();
        plane.delete(&format!("/admin/sessions/{other}")).send().await.expect(StatusCode::NO_CONTENT);
        plane.delete("/admin/sessions").send().await.expect(StatusCode::OK);
        plane.post("/admin/session").by("sk-ferro-wrong").send().await.expect(StatusCode::UNAUTHORIZED);

        let trail = plane.get("/admin/audit").send().await.body;
        let entries = trail["data"].as_array().unwrap();
        let told: Vec<_> = entries[..6].iter().rev().map(|entry| {
            let text = |name: &str| entry[name].as_str().unwrap_or_default();
            format!("{} {} {} {}", text("action"), text("target_id"), text("outcome"), text("detail"))
        }).collect();
        assert_eq!(told, [
            format!("session.create {} ok {{\"subject\":\"alice\"}}", key.id),
            format!("session.create {} ok {{\"subject\":\"alice\"}}", key.id),
            format!("session.logout {id} ok "),
            format!("session.revoke {other} ok "),
            "session.revoke_all * ok {\"count\":0}".to_owned(),
            "session.create * denied {\"reason\":\"invalid_api_key\"}".to_owned(),
        ]);
        assert_eq!((&entries[0]["actor"], &entries[0]["source_ip"]), (&json!("unattributed"), &json!("192.0.2.7")));
        assert!(!trail.to_string().contains("fgws_"));
    }

    async fn an_address_that_tries_too_often_has_to_wait_and_others_do_not(plane: &Plane) {
        let attempt = async |key: &'static str, address: &str| plane.post("/admin/session").by(key).from(address).send().await;
        for number in 0..20 {
            let key = if number % 2 == 0 { "sk-ferro-guess" } else { MASTER_KEY };
            assert_ne!(attempt(key, "198.51.100.1").await.status, StatusCode::TOO_MANY_REQUESTS);
        }
        let refused = attempt(MASTER_KEY, "198.51.100.1").await;
        assert_eq!(refused.refusal(), (429, "rate_limit_exceeded"));
        let wait: u64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=6).contains(&wait), "{wait}");
        attempt(MASTER_KEY, "198.51.100.2").await.expect(StatusCode::CREATED);
        plane.get("/admin/keys").from("198.51.100.1").send().await.expect(StatusCode::OK);
    }

    async fn an_outage_does_not_look_like_the_end_of_a_session(plane: &Plane) {
        let token = token(plane, MASTER_KEY).await;
        plane.store().close().await;
        assert_eq!(plane.get("/admin/session").by(&token).send().await.refusal(), (503, "store_unavailable"));
        assert_eq!(plane.post("/admin/session").send().await.refusal(), (503, "store_unavailable"));
    }

    async fn who_is_refused_is_written_down_within_bounds(plane: &Plane) {
        let reader = plane.key("reader", &["read_only"]).await;
        plane.delete("/admin/keys/00000000-0000-0000-0000-000000000000").by(&reader.secret).send().await.expect(StatusCode::FORBIDDEN);
        let entry = plane.get("/admin/audit?action=access.denied").send().await.body["data"][0].clone();
        assert_eq!(entry["target_id"], "DELETE /admin/keys/{id}");
        assert_eq!((&entry["actor_id"], &entry["outcome"]), (&json!(reader.id), &json!("denied")));
        assert_eq!(entry["detail"], r#"{"reason":"insufficient_scope"}"#);

        plane.get("/admin/session").anonymous().send().await.expect(StatusCode::UNAUTHORIZED);
        for _ in 0..50 {
            plane.get("/admin/keys").by("sk-ferro-wrong").from("198.51.100.9").send().await.expect(StatusCode::UNAUTHORIZED);
        }
        plane.get("/admin/keys").by("sk-ferro-wrong").from("198.51.100.10").send().await.expect(StatusCode::UNAUTHORIZED);
        let trail = plane.get("/admin/audit?action=access.denied").send().await.body;
        assert_eq!(trail["summary"]["total_entries"], 12);
        let newest: Value = serde_json::from_str(trail["data"][0]["detail"].as_str().unwrap()).unwrap();
        assert_eq!(newest, json!({ "reason": "invalid_api_key", "left_out_before": 40 }));
        assert!(!trail.to_string().contains("sk-ferro-wrong"));
    }
}

/// Every kind of home that outlives a process.
async fn lasting() -> Vec<Home> {
    let mut homes = Vec::new();
    for kind in [Kind::Sqlite, Kind::Postgres] {
        homes.extend(Home::new(kind).await);
    }
    homes
}

#[tokio::test]
async fn a_session_of_the_master_key_lives_as_long_as_its_value() {
    for mut home in lasting().await {
        let plane = home.start().await;
        let token = token(&plane, MASTER_KEY).await;
        plane.store().close().await;
        let plane = home.start().await;
        plane.get("/admin/session").by(&token).send().await.expect(StatusCode::OK);
        plane.key("ci", &["admin"]).await;
        plane.store().close().await;
        home.settings.access.master_key = Some(Secret::new("another break-glass key, long enough".to_owned()));
        let plane = home.start().await;
        assert_eq!(plane.get("/admin/session").by(&token).send().await.refusal(), (401, "invalid_session"));
    }
}

#[tokio::test]
async fn a_session_of_a_bootstrap_key_ends_when_that_is_retired() {
    let mut home = Home::new(Kind::Memory).await.unwrap();
    home.settings.access.admin_bootstrap_enabled = true;
    home.settings.access.admin_bootstrap_read_only_key = Some(Secret::new("a read-only key of the first run".to_owned()));
    let plane = home.start().await;
    let token = token(&plane, "a read-only key of the first run").await;
    let caller = plane.get("/admin/session").by(&token).send().await.expect(StatusCode::OK).body;
    assert_eq!((&caller["credential_id"], &caller["scopes"]), (&json!("bootstrap:read_only"), &json!(["read_only"])));
    plane.delete("/admin/keys/bootstrap:read_only").send().await.expect(StatusCode::NO_CONTENT);
    assert_eq!(plane.get("/admin/session").by(&token).send().await.refusal(), (401, "invalid_session"));
}

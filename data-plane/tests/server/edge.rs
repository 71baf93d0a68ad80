use axum::Router;
use axum::extract::ConnectInfo;
use axum::routing::{get, post};

use crate::worker::{INFERENCE, Start, Worker, bearer, keys, nothing};

async fn demo() -> Worker {
    let worker = Worker::hearing(vec![nothing(), keys()]).await;
    worker.stands((200, "")).await;
    worker
}

#[tokio::test]
async fn whoever_has_no_key_learns_nothing_of_the_api() {
    let worker = demo().await;
    for (method, path) in
        [("GET", "/v1/chat/completions"), ("GET", "/v1/nothing"), ("DELETE", "/v1/models"), ("OPTIONS", "/v1/models")]
    {
        assert_eq!(worker.ask(method, path, &[], "").await.refusal(), (401, "missing_api_key".into()), "{method} {path}");
    }
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let worker = demo().await;
    for (method, path, allowed) in [
        ("GET", "/v1/chat/completions", "POST"),
        ("PUT", "/v1/embeddings", "POST"),
        ("POST", "/v1/models", "GET, HEAD"),
        ("DELETE", "/v1/models/demo", "GET, HEAD"),
        ("POST", "/health", "GET, HEAD"),
    ] {
        let answer = worker.ask(method, path, &[&bearer(INFERENCE)], "").await;
        assert_eq!(answer.refusal(), (405, "method_not_supported".into()), "{method} {path}");
        assert_eq!(answer.header("allow"), allowed);
    }
}

#[tokio::test]
async fn an_unknown_address_and_a_made_up_method_are_refused_in_the_envelope() {
    let worker = demo().await;
    assert_eq!(worker.get("/").await.refusal(), (404, "not_found".into()));
    assert_eq!(worker.ask("GET", "/v1/images", &[&bearer(INFERENCE)], "").await.refusal(), (404, "not_found".into()));
    assert_eq!(worker.ask("BREW", "/v1/models", &[], "").await.refusal(), (501, "method_not_supported".into()));
    assert_eq!(worker.get("/admin/keys").await.refusal(), (404, "not_found".into()));
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let worker = demo().await;
    for path in ["/livez", "/v1/models", "/v1/models/demo"] {
        let got = worker.ask("GET", path, &[&bearer(INFERENCE)], "").await;
        let head = worker.ask("HEAD", path, &[&bearer(INFERENCE)], "").await;
        assert_eq!((head.status, head.body.as_str()), (200, ""));
        assert_eq!(head.header("content-length"), got.body.len().to_string(), "{path}");
    }
}

#[tokio::test]
async fn every_answer_has_a_request_id_and_no_sniffing() {
    let worker = demo().await;
    let own = "0123456789abcdef0123456789ABCDEF";
    for (method, path) in
        [("GET", "/livez"), ("GET", "/nothing"), ("BREW", "/livez"), ("POST", "/v1/chat/completions"), ("GET", "/v1/models")]
    {
        let answer = worker.ask(method, path, &[], "").await;
        assert_eq!(answer.header("x-request-id").len(), 32, "{method} {path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{method} {path}");
        let named = worker.ask(method, path, &[&format!("x-request-id: {own}")], "").await;
        assert_eq!(named.header("x-request-id"), own.to_lowercase(), "{method} {path}");
    }
}

#[tokio::test]
async fn any_page_may_call_the_api_and_nothing_else_unless_origins_are_listed() {
    let worker = demo().await;
    let asked = ["origin: https://page.example", "access-control-request-headers: authorization, x-stainless-os"];
    let preflight = worker.ask("OPTIONS", "/v1/chat/completions", &asked, "").await;
    assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (204, "*"));
    assert_eq!(preflight.header("access-control-allow-headers"), "authorization, x-stainless-os");
    let answer = worker.ask("GET", "/v1/models", &["origin: https://page.example", &bearer(INFERENCE)], "").await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, "*"));
    assert_eq!(
        worker.ask("GET", "/health", &["origin: https://page.example"], "").await.header("access-control-allow-origin"),
        ""
    );
}

#[tokio::test]
async fn listed_origins_are_told_apart() {
    let start = Start { arguments: &["--cors-origins= https://a.example ,https://b.example/"], ..Start::default() };
    let worker = Worker::start(vec![nothing(), keys()], start).await;
    for (origin, allowed) in
        [("https://a.example", "https://a.example"), ("https://b.example", "https://b.example"), ("https://c.example", "")]
    {
        let preflight = worker.ask("OPTIONS", "/v1/models", &[&format!("origin: {origin}")], "").await;
        assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (204, allowed));
        assert_eq!(preflight.header("access-control-allow-methods").is_empty(), allowed.is_empty());
        let refused = worker.ask("GET", "/v1/models", &[&format!("origin: {origin}")], "").await;
        assert_eq!(
            (refused.status, refused.header("access-control-allow-origin"), refused.header("vary")),
            (401, allowed, "Origin")
        );
    }
}

#[tokio::test]
async fn administration_is_answered_off_the_cores_and_knows_its_caller() {
    let where_am_i = || async { std::thread::current().name().unwrap_or_default().to_owned() };
    let peer = |ConnectInfo(peer): ConnectInfo<std::net::SocketAddr>| async move { peer.ip().to_string() };
    async fn broken() {
        panic!("as asked")
    }
    let admin = Router::new()
        .route("/admin/thread", get(where_am_i))
        .route("/admin/peer", get(peer))
        .route("/admin/echo", post(|body: String| async move { body }))
        .route("/admin/broken", get(broken));
    let worker = Worker::start(vec![nothing(), keys()], Start { admin: Some(admin), ..Start::default() }).await;
    let thread = worker.get("/admin/thread").await.body;
    assert!(!thread.starts_with("core-"), "{thread}");
    assert_eq!(worker.get("/admin/peer").await.body, "127.0.0.1");
    assert_eq!(worker.ask("POST", "/admin/echo", &[], "as sent").await.body, "as sent");
    assert_eq!(worker.get("/admin/broken").await.refusal(), (500, "internal_error".into()));
}

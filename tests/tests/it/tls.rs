//! TLS on the way to providers and to the control plane: private authorities, and HTTP/2 where it is offered.

use ferrogw_tests::reply::completion;
use ferrogw_tests::{Authority, Database, Gateway, Protocol, Reply, Upstream, free_port};
use http::Version;
use serde_json::{Value, json};

use crate::setting::{hello, openai};

/// A target that is reached by TLS.
fn behind(port: u16, root: &str) -> Value {
    let mut target = openai(&Upstream::start(), "alpha", "${ALPHA_KEY}");
    target["base_url"] = json!(format!("https://localhost:{port}/{root}"));
    json!({ "targets": [target] })
}

async fn trusting(authority: &Authority) -> Gateway {
    Gateway::all_in_one(Database::Sqlite).with("FERROGW_CA_FILE", &authority.file().to_string_lossy()).start().await
}

#[tokio::test]
async fn a_provider_of_a_private_authority_is_asked_once_its_file_is_named() {
    let (authority, upstream) = (Authority::new(), Upstream::start());
    let model = upstream.answers(Reply::completion("Hello"));
    let door = authority.door_to(upstream.port(), Protocol::Http1).await;
    let gateway = trusting(&authority).await;
    gateway.apply(&behind(door, "alpha/v1")).await;

    let answer = gateway.client().chat(&hello(&model)).await.expect(200);

    assert_eq!(answer.json()["choices"][0]["message"]["content"], "Hello");
}

#[tokio::test]
async fn a_provider_of_an_authority_that_nobody_named_is_not_asked() {
    let authority = Authority::new();
    let (port, versions) = authority.server(Protocol::Http1, "{}".to_owned()).await;
    let gateway = Gateway::all_in_one(Database::Sqlite).start().await;
    gateway.apply(&behind(port, "v1")).await;

    let answer = gateway.client().chat(&hello("m")).await;

    assert!(answer.error().starts_with("502 upstream_error "), "{}", answer.error());
    assert_eq!(*versions.lock().expect("not poisoned"), []);
}

#[tokio::test]
async fn a_provider_that_offers_http_2_is_asked_in_it() {
    let authority = Authority::new();
    let said = completion("Hello");
    let (port, versions) = authority.server(Protocol::Http2, said.to_string()).await;
    let gateway = trusting(&authority).await;
    gateway.apply(&behind(port, "v1")).await;
    let client = gateway.client();
    let body = hello("m");

    let answers = tokio::join!(client.chat(&body), client.chat(&body), client.chat(&body));

    for answer in [answers.0, answers.1, answers.2] {
        assert_eq!(answer.expect(200).json(), said);
    }
    assert_eq!(*versions.lock().expect("not poisoned"), [Version::HTTP_2; 3]);
}

#[tokio::test]
async fn a_worker_reaches_a_control_plane_behind_tls() {
    let (authority, upstream) = (Authority::new(), Upstream::start());
    let grpc = free_port();
    let door = authority.door_to(grpc, Protocol::Http2).await;
    let plan = Gateway::split(Database::Sqlite)
        .with("FERROGW_GRPC_ADDR", &format!("127.0.0.1:{grpc}"))
        .with("FERROGW_CONTROL_PLANE", &format!("https://localhost:{door}"))
        .with("FERROGW_CA_FILE", &authority.file().to_string_lossy());
    let gateway = plan.start().await;
    gateway.apply(&json!({ "targets": [openai(&upstream, "alpha", "${ALPHA_KEY}")] })).await;
    let model = upstream.answers(Reply::completion("Hello"));

    let answer = gateway.client().chat(&hello(&model)).await.expect(200);

    assert_eq!(answer.json()["choices"][0]["message"]["content"], "Hello");
}

//! What a newcomer sees: one start, and a line to paste that answers without any account.

use std::process::Command;

use ferrogw_tests::{Client, Database, Gateway, Reply, Upstream, eventually};
use serde_json::Value;

use crate::setting::{alone, hello, hello_streamed};

#[tokio::test]
async fn the_first_start_prints_keys_and_a_line_that_works() {
    let mut gateway = Gateway::all_in_one(Database::Sqlite).without("MASTER_KEY").spawn();
    let printed = eventually("the first start prints its greeting", async || {
        let printed = gateway.control().printed();
        printed.lines().any(|line| line.trim_start().starts_with("curl ") && line.ends_with('\'')).then_some(printed)
    })
    .await;
    gateway.await_ready(0).await;

    let line = printed.lines().find(|line| line.trim_start().starts_with("curl ")).expect("a line to paste");
    let output = Command::new("bash").args(["-c", line]).output().expect("bash runs the line");

    let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error} in what `{line}` printed"));
    assert!(answer["choices"][0]["message"]["content"].as_str().is_some_and(|text| !text.is_empty()), "{answer}");
    let model = answer["model"].as_str().expect("a model");
    assert!(model.contains("demo"), "the answer does not say that it is the demo's: {model}");

    let keys: Vec<&str> =
        printed.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').filter(|word| word.starts_with("sk-ferro-")).collect();
    let admin = Client::new(gateway.port(0), keys[0]);
    assert_eq!(admin.get("/admin/keys").await.status, 200, "the first key printed is the admin's");
    let inference = keys.iter().find(|key| **key != keys[0]).expect("an inference key");
    let again = admin.with_key(inference).chat(&hello(model)).await.expect(200);
    assert_eq!(again.json()["model"], model, "the model's name can be asked for again");
    let streamed = admin.with_key(inference).chat(&hello_streamed(model)).await.expect(200);
    assert!(!streamed.streamed_content().is_empty());
}

#[tokio::test]
async fn the_second_start_shows_no_key() {
    let mut gateway = Gateway::all_in_one(Database::Sqlite).without("MASTER_KEY").spawn();
    eventually("the first start prints its keys", async || gateway.control().printed().contains("sk-ferro-").then_some(())).await;
    gateway.await_ready(0).await;
    let first = gateway.control().printed();
    gateway.control().stop();

    gateway.control().start();

    gateway.await_ready(0).await;
    assert!(!gateway.control().printed()[first.len()..].contains("sk-ferro-"), "{}", gateway.control().printed());
    assert!(!gateway.control().logged().contains("sk-ferro-"), "a key is in the log");
}

#[tokio::test]
async fn a_configuration_file_is_imported_and_never_overrides_an_edit() {
    let upstream = Upstream::start();
    let folder = tempfile::tempdir().expect("a temporary directory");
    let file = folder.path().join("config.yaml");
    let text = |alias: &str| {
        let mut config = alone(&upstream);
        config["aliases"] = serde_json::json!({ alias: "a-model" });
        config.to_string()
    };
    std::fs::write(&file, text("from-the-file")).expect("a file");
    let mut gateway = Gateway::all_in_one(Database::Sqlite).with("GATEWAY_CONFIG", &file.to_string_lossy()).start().await;
    assert!(gateway.admin().get("/admin/config").await.expect(200).text().contains("from-the-file"));

    let mut edited = alone(&upstream);
    edited["aliases"] = serde_json::json!({ "from-an-edit": "a-model" });
    gateway.apply(&edited).await;
    std::fs::write(&file, text("from-the-changed-file")).expect("a file");
    gateway.control().stop();
    gateway.control().start();
    gateway.await_admin().await;

    assert!(gateway.admin().get("/admin/config").await.expect(200).text().contains("from-an-edit"));
}

#[tokio::test]
async fn probes_and_metrics_answer() {
    let upstream = Upstream::start();
    let gateway = Gateway::all_in_one(Database::Sqlite).start().await;
    gateway.apply(&alone(&upstream)).await;
    let model = upstream.answers(Reply::completion("ok"));
    gateway.client().chat(&hello(&model)).await.expect(200);

    for path in ["/livez", "/readyz", "/health"] {
        assert_eq!(gateway.client().with_key("").get(path).await.status, 200, "{path}");
    }
    assert_eq!(gateway.client().with_key("").get("/metrics").await.status, 401, "on the shared port metrics need a key");
    let key = gateway.create_key(serde_json::json!({ "name": "scraper", "scopes": ["read_only"] })).await;
    let scraper = gateway.client().with_key(&key.secret);
    let metrics = eventually("the request is in the metrics", async || {
        let text = scraper.get("/metrics").await.expect(200).text();
        text.contains("alpha").then_some(text)
    })
    .await;
    assert!(!metrics.contains(gateway.key()) && !metrics.contains("upstream-credential"), "{metrics}");
}

//! The dashboard in a real browser: Chromium, driven by playwright-core from the outside, with axe-core as judge of who can read it.

use std::path::{Path, PathBuf};
use std::process::Output;

use ferrogw_tests::{Cluster, Database, Gateway, MASTER_KEY, repository};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::process::Command;

mod switch;

const CHROMIUM: &str = "/usr/bin/chromium";

/// A gateway that answers with the demo, with a little of everything in it.
async fn gateway() -> (Gateway, String) {
    let gateway = Gateway::all_in_one(Database::Sqlite).with("FERROGW_DEMO", "1").start().await;
    let config = json!({ "strategy": { "mode": "fallback" }, "targets": [{ "virtual_key": "openai" }] });
    gateway.apply(&config).await;
    let reader = gateway.create_key(json!({ "name": "suite, reading", "scopes": ["read_only"] })).await;
    (gateway, reader.secret)
}

#[expect(clippy::print_stderr, reason = "a test that skips has to say so")]
fn is_there() -> bool {
    let there = Path::new(CHROMIUM).exists()
        && repository().join("tests/browser/node_modules").is_dir()
        && repository().join("dashboard/dist/index.html").is_file();
    if !there {
        eprintln!("skipped: no browser, or no dashboard in this build; run `make test-browser`");
    }
    there
}

fn suite(name: &str, gateway: &Gateway) -> Command {
    let folder = repository().join("tests/browser");
    let mut node = Command::new(tool("node"));
    node.args(["--test", "--test-reporter=spec"])
        .arg(folder.join(name))
        .current_dir(&folder)
        .env("FERROGW_TEST_URL", gateway.admin().origin())
        .env("FERROGW_TEST_ADMIN_KEY", MASTER_KEY)
        .env("FERROGW_TEST_INFERENCE_KEY", gateway.key())
        .kill_on_drop(true);
    node
}

fn passed(name: &str, output: std::io::Result<Output>) {
    let output = output.unwrap_or_else(|error| panic!("node: {error}"));
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{name} failed\n{told}\n{}", String::from_utf8_lossy(&output.stderr));
}

async fn run(name: &str) {
    if !is_there() {
        return;
    }
    let (gateway, reader) = gateway().await;
    passed(name, suite(name, &gateway).env("FERROGW_TEST_READER_KEY", reader).output().await);
}

fn tool(name: &str) -> PathBuf {
    let path = repository().join(".tools").join(name);
    assert!(path.exists(), "{} is not installed; run `make deps`", path.display());
    path
}

#[tokio::test]
async fn every_page_can_be_read_by_everybody() {
    run("pages.test.mjs").await;
}

#[tokio::test]
async fn people_sign_in_and_out() {
    run("signing-in.test.mjs").await;
}

#[tokio::test]
async fn what_operators_change_is_changed() {
    run("steering.test.mjs").await;
}

#[tokio::test]
async fn what_operators_watch_is_shown() {
    run("watching.test.mjs").await;
}

#[tokio::test]
async fn what_is_wrong_is_told() {
    run("faults.test.mjs").await;
}

#[tokio::test]
async fn where_nothing_is_pages_say_so() {
    if !is_there() {
        return;
    }
    let gateway = Gateway::split(Database::Sqlite).workers(0).spawn();
    gateway.await_admin().await;
    passed("empty", suite("empty.test.mjs", &gateway).output().await);
}

#[tokio::test]
async fn what_is_really_gone_is_told() {
    if !is_there() {
        return;
    }
    let cluster = Cluster::start();
    let plan = Gateway::split(Database::Postgres).in_database(cluster.database()).with("FERROGW_DEMO", "1");
    let gateway = plan.start().await;
    gateway.await_ready(0).await;
    gateway.await_ready(1).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it has one");
    let mut node = suite("planes.test.mjs", &gateway);
    node.env("FERROGW_TEST_SWITCH", format!("http://{address}"));
    tokio::select! {
        output = node.output() => passed("planes", output),
        () = switch::serve(listener, gateway, cluster) => {}
    }
}

//! The dashboard in a real browser: Chromium, driven by playwright-core from the outside, with axe-core as judge of who can read it.

use std::path::{Path, PathBuf};
use std::process::Command;

use ferrogw_tests::{Database, Gateway, MASTER_KEY, repository};
use serde_json::json;

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
async fn run(suite: &str) {
    let folder = repository().join("tests/browser");
    let is_there = Path::new(CHROMIUM).exists() && folder.join("node_modules").is_dir();
    if !is_there || !repository().join("dashboard/dist/index.html").is_file() {
        eprintln!("skipped: no browser, or no dashboard in this build; run `make test-browser`");
        return;
    }
    let (gateway, reader) = gateway().await;
    let output = Command::new(tool("node"))
        .args(["--test", "--test-reporter=spec"])
        .arg(folder.join(suite))
        .current_dir(&folder)
        .env("FERROGW_TEST_URL", gateway.admin().origin())
        .env("FERROGW_TEST_ADMIN_KEY", MASTER_KEY)
        .env("FERROGW_TEST_READER_KEY", reader)
        .env("FERROGW_TEST_INFERENCE_KEY", gateway.key())
        .output()
        .unwrap_or_else(|error| panic!("node: {error}"));
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{suite} failed\n{told}\n{}", String::from_utf8_lossy(&output.stderr));
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

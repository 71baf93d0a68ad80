//! The unmodified OpenAI SDKs for Python and Node, against a mock of the providers that others wrote, and against the demo.

use std::path::PathBuf;
use std::process::Command;

use ferrogw_tests::{Database, Gateway, Process, eventually, repository, scratch};
use serde_json::json;
use tokio::sync::OnceCell;

struct Setting {
    gateway: Gateway,
    _mock: Process,
}

static SETTING: OnceCell<Setting> = OnceCell::const_new();

#[tokio::test]
async fn the_python_sdk_works_unmodified() {
    let pytest = tool("venv/bin/pytest");
    run("Python", Command::new(pytest).args(["-q", "-p", "no:cacheprovider", "--color=no"]).arg(sdk("python"))).await;
}

#[tokio::test]
async fn the_node_sdk_works_unmodified() {
    run("Node", Command::new(tool("node")).args(["--test", "--test-reporter=spec"]).arg(sdk("node/sdk.test.js"))).await;
}

async fn run(language: &str, command: &mut Command) {
    let setting = SETTING.get_or_init(start).await;
    let gateway = &setting.gateway;
    command
        .current_dir(sdk(""))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("FERROGW_TEST_URL", gateway.client().origin())
        .env("FERROGW_TEST_KEY", gateway.key())
        .env("FERROGW_TEST_ADMIN_URL", gateway.admin().origin())
        .env("FERROGW_TEST_ADMIN_KEY", ferrogw_tests::MASTER_KEY);
    for name in ["OPENAI_API_KEY", "OPENAI_BASE_URL", "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"] {
        command.env_remove(name);
    }
    let output = command.output().unwrap_or_else(|error| panic!("{language}: {error}"));
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "the {language} suite failed\n{told}\n{}", String::from_utf8_lossy(&output.stderr));
}

/// A gateway whose providers are the mock, told so by their own variables, as an operator would.
async fn start() -> Setting {
    let folder = scratch("aimock");
    let cli = sdk("node/node_modules/@copilotkit/aimock/dist/cli.js");
    assert!(cli.is_file(), "the mock is not installed; run `make deps`");
    let mut mock = Process::new(&tool("node"), &folder).arg(cli).arg("--fixtures").arg(sdk("aimock/fixtures.json"));
    for word in ["--host", "127.0.0.1", "--port", "0", "--latency", "20", "--chunk-size", "6"] {
        mock = mock.arg(word);
    }
    mock.start();
    let port = eventually("the mock says where it listens", async || port_in(&(mock.printed() + &mock.logged()))).await;

    let root = format!("http://127.0.0.1:{port}/v1");
    let plan = Gateway::split(Database::Sqlite)
        .with("OPENAI_BASE_URL", &root)
        .with("OPENAI_API_KEY", "mock-openai-credential")
        .with("ANTHROPIC_BASE_URL", &root)
        .with("ANTHROPIC_API_KEY", "mock-anthropic-credential");
    let gateway = plan.start().await;
    let config = json!({
        "strategy": { "mode": "fallback" },
        "targets": [{ "virtual_key": "openai", "retry": { "attempts": 1 } }, { "virtual_key": "anthropic" }],
    });
    gateway.apply(&config).await;
    gateway.await_ready(0).await;
    Setting { gateway, _mock: mock }
}

fn port_in(said: &str) -> Option<u16> {
    let after = said.split("127.0.0.1:").nth(1)?;
    after.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn sdk(path: &str) -> PathBuf {
    repository().join("tests/sdk").join(path)
}

fn tool(name: &str) -> PathBuf {
    let path = repository().join(".tools").join(name);
    assert!(path.exists(), "{} is not installed; run `make deps`", path.display());
    path
}

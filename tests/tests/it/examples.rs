//! Every example of `examples/`, as its README says: against a gateway without any account.

use std::path::{Path, PathBuf};
use std::process::Command;

use ferrogw_tests::{Database, Gateway, repository};

/// What has to be there for the example to run, and what it prints.
const EXAMPLES: [(&str, &str); 11] = [
    ("curl/chat.sh", "\"content\":\"Hello from ferrogw's built-in demo"),
    ("curl/stream.sh", "data: [DONE]"),
    ("curl/models.sh", "\"id\":\"demo\""),
    ("curl/error.sh", "\"code\":\"invalid_api_key\""),
    ("python/chat.py", "target:  demo"),
    ("python/stream.py", " tokens in, "),
    ("python/tools.py", "Your tool answered: \"18 °C and sunny\""),
    ("python/structured.py", "Event ['name', 'participants']"),
    ("node/chat.mjs", "Hello from ferrogw's built-in demo"),
    ("node/stream.mjs", "Hello from ferrogw's built-in demo"),
    ("langchain/chain.py", "asked for ['get_weather']"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_example_runs_against_a_gateway_without_an_account() {
    let gateway = Gateway::all_in_one(Database::Sqlite).with("FERROGW_DEMO", "1").start().await;
    for (example, expected) in EXAMPLES {
        let path = repository().join("examples").join(example);
        let output = command(&path)
            .env("FERROGW_URL", gateway.client().origin())
            .env("FERROGW_KEY", gateway.key())
            .env_remove("OPENAI_API_KEY")
            .env_remove("OPENAI_BASE_URL")
            .output()
            .unwrap_or_else(|error| panic!("{example}: {error}"));
        let (told, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success() && told.contains(expected), "{example} says\n{told}\n{complained}");
    }
}

#[test]
fn no_example_is_left_out() {
    let examples = repository().join("examples");
    let files = std::fs::read_dir(&examples).expect("the folder").flat_map(|folder| {
        let folder = folder.expect("an entry").path();
        let is_source = |path: &PathBuf| path.extension().is_some_and(|ending| ending != "md");
        std::fs::read_dir(folder).into_iter().flatten().map(|file| file.expect("an entry").path()).filter(is_source)
    });
    let mut found: Vec<_> =
        files.map(|path| path.strip_prefix(&examples).expect("within").to_string_lossy().into_owned()).collect();
    found.sort_unstable();
    let mut listed = EXAMPLES.map(|(name, _)| name);
    listed.sort_unstable();
    assert_eq!(found, listed);
}

/// The interpreter of a file, from the tools of the test set-up.
fn command(path: &Path) -> Command {
    let tools = repository().join(".tools");
    let mut command = match path.extension().and_then(|ending| ending.to_str()) {
        Some("py") => Command::new(tools.join("venv/bin/python")),
        Some("mjs") => {
            let mut node = Command::new(tools.join("node"));
            // A script's own folder has no packages; those of the SDK suite stand in for `npm install`.
            node.arg("--import").arg(repository().join("tests/sdk/node/packages.mjs"));
            node
        }
        _ => Command::new("sh"),
    };
    command.arg(path);
    command
}

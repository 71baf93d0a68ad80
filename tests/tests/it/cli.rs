//! The command line tool: what it prints, in which form, and the exit codes that scripts rely on.

use std::io::{BufRead as _, BufReader, Lines};
use std::process::{Child, ChildStderr, ChildStdout, Output, Stdio};

use ferrogw_tests::{Cluster, Database, Deployment, Gateway, MASTER_KEY, Reply, World, Worlds, command, over_both, repository};
use serde_json::{Value, json};

use crate::setting::{alone, hello};

static WORLDS: Worlds = Worlds::of(alone);

over_both!(
    WORLDS: keys_are_created_listed_and_revoked,
    a_configuration_is_applied_compared_and_rolled_back,
    requests_are_listed_and_counted,
    a_hostile_model_name_is_shown_escaped,
    workers_and_providers_are_shown,
    workers_are_watched,
    requests_are_followed_as_they_are_stored,
    a_gateway_that_is_well_is_said_to_be,
    a_key_that_is_wrong_or_revoked_fails,
);

fn cli(world: Option<&World>, arguments: &[&str]) -> Output {
    let mut command = command("ferrogw-cli");
    command.args(arguments);
    if let Some(world) = world {
        command.env("FERROGW_URL", world.gateway.admin().origin()).env("FERROGW_API_KEY", MASTER_KEY);
    }
    command.output().expect("the tool runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the tool writes text")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("the tool ends by itself")
}

fn json_of(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error} in {}", String::from_utf8_lossy(&output.stdout)))
}

async fn keys_are_created_listed_and_revoked(world: &World) {
    let created =
        cli(Some(world), &["admin", "keys", "create", "--name", "from-the-cli", "--scope", "inference", "--format", "json"]);
    let id = json_of(&created)["id"].as_str().expect("an id").to_owned();

    let listed = cli(Some(world), &["admin", "keys", "list", "--format", "json"]);
    assert!(json_of(&listed).to_string().contains(&id));
    let table = cli(Some(world), &["admin", "keys", "list"]);
    assert!(String::from_utf8_lossy(&table.stdout).contains("from-the-cli"));

    assert!(cli(Some(world), &["admin", "keys", "revoke", &id]).status.success());
    let again = cli(Some(world), &["admin", "keys", "revoke", "00000000-0000-0000-0000-000000000000"]);
    assert!(code(&again) == 5 && !again.stderr.is_empty());
}

async fn a_configuration_is_applied_compared_and_rolled_back(world: &World) {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let write = |name: &str, config: &Value| {
        let file = folder.path().join(name);
        std::fs::write(&file, config.to_string()).expect("a file");
        file.to_string_lossy().into_owned()
    };
    let plain = alone(&world.upstream);
    let mut renamed = plain.clone();
    renamed["aliases"] = json!({ "fast": "a-model" });
    let (plain, renamed) = (write("plain.json", &plain), write("renamed.json", &renamed));

    let applied = cli(Some(world), &["admin", "config", "apply", &plain, "--format", "json"]);
    let version = json_of(&applied)["version"].to_string();
    let history = cli(Some(world), &["admin", "config", "history", "--format", "json"]);
    assert!(json_of(&history).to_string().contains(&format!("\"version\":{version}")));

    assert_eq!(code(&cli(Some(world), &["admin", "config", "check", &renamed])), 0);
    let ahead = cli(Some(world), &["admin", "config", "diff", &renamed]);
    assert_eq!((code(&ahead), text(&ahead.stdout).contains("+  fast: a-model")), (1, true), "{ahead:?}");
    let waited = cli(Some(world), &["admin", "config", "apply", &renamed, "--wait=30s"]);
    assert_eq!(code(&waited), 0, "{}", text(&waited.stderr));
    let served = format!("{0} of {0} connected workers serve version", world.gateway.workers());
    assert!(text(&waited.stderr).contains(&served), "{}", text(&waited.stderr));

    let exported = folder.path().join("exported.yaml").to_string_lossy().into_owned();
    cli(Some(world), &["admin", "config", "export", &exported]);
    assert_eq!(code(&cli(Some(world), &["admin", "config", "diff", &exported])), 0);
    assert_eq!(code(&cli(Some(world), &["admin", "config", "diff", &version])), 1);

    let rolled = cli(Some(world), &["admin", "config", "rollback", &version, "--format", "json"]);
    assert_eq!(json_of(&rolled)["rolled_back_to"].to_string(), version);
    let got = cli(Some(world), &["admin", "config", "get", "--format", "yaml"]);
    assert!(text(&got.stdout).contains("alpha"));

    let late = cli(Some(world), &["admin", "config", "apply", &renamed, "--if-version", &version]);
    assert_eq!(code(&late), 6);
    assert!(text(&late.stderr).contains("was faster"), "{}", text(&late.stderr));
}

async fn requests_are_listed_and_counted(world: &World) {
    let model = world.upstream.answers(Reply::completion("ok"));
    world.client().chat(&hello(&model)).await.expect(200);
    world.record(&model).await;

    let logs = json_of(&cli(Some(world), &["admin", "logs", "list", "--model", &model, "--since", "1h", "--format", "json"]));
    assert_eq!((logs.as_array().map(Vec::len), &logs[0]["status"]), (Some(1), &json!(200)));
    let stats = cli(Some(world), &["admin", "logs", "stats", "--model", &model]);
    assert!(text(&stats.stdout).contains("PROVIDER") && text(&stats.stdout).contains(&model), "{}", text(&stats.stdout));
    let id = logs[0]["id"].as_str().expect("an id");
    let record = cli(Some(world), &["admin", "logs", "get", id]);
    assert!(text(&record.stdout).contains("ATTEMPT AT") && text(&record.stdout).contains("alpha"), "{}", text(&record.stdout));
    let export = cli(Some(world), &["admin", "logs", "export", "--as", "json", "--q", id]);
    assert_eq!(json_of(&export)["model"].as_str(), Some(model.as_str()));
    let usage =
        json_of(&cli(Some(world), &["admin", "usage", "--since", "1h", "--by", "model", "--model", &model, "--format", "json"]));
    assert_eq!((&usage["summary"]["requests"], &usage["groups"][0]["name"]), (&json!(1), &json!(model)));
    let future = cli(Some(world), &["admin", "logs", "purge", "--before", "2020-01-01", "--yes", "--format", "json"]);
    assert_eq!(json_of(&future)["deleted"], 0);
}

async fn a_hostile_model_name_is_shown_escaped(world: &World) {
    let model = "\u{1b}[2J\u{202e}\u{9b}<script>שלום";
    let _ = world.upstream.script_of(model).on("alpha", [Reply::completion("ok")]).model();
    world.client().chat(&hello(model)).await;

    for format in ["table", "json", "yaml"] {
        let shown = ferrogw_tests::eventually("the request is listed", async || {
            let logs = cli(Some(world), &["admin", "logs", "list", "--since", "1h", "--format", format]);
            Some(text(&logs.stdout)).filter(|shown| shown.contains("<script>"))
        })
        .await;
        assert!(!shown.contains(['\u{1b}', '\u{202e}', '\u{9b}']), "{format}: {shown:?}");
    }
}

async fn workers_and_providers_are_shown(world: &World) {
    let workers = json_of(&cli(Some(world), &["workers", "list", "--format", "json"]));
    let connected = workers.as_array().into_iter().flatten().filter(|worker| worker["connected"] == true).count();
    assert_eq!(connected, world.gateway.workers());
    let table = cli(Some(world), &["workers", "list"]);
    assert!(text(&table.stdout).starts_with("ID "), "{}", text(&table.stdout));
    // A worker reports every two seconds.
    ferrogw_tests::eventually("the worker's report says what it has", async || {
        let health = cli(Some(world), &["admin", "providers", "health"]);
        text(&health.stdout).contains("openai     available").then_some(())
    })
    .await;
    let providers = json_of(&cli(Some(world), &["admin", "providers", "list", "--format", "json"]));
    assert_eq!(providers[0]["targets"][0]["name"], "alpha");
}

async fn a_gateway_that_is_well_is_said_to_be(world: &World) {
    // Another test may have put a configuration in force that not every worker has taken yet.
    ferrogw_tests::eventually("status and doctor find nothing wrong", async || {
        let (status, doctor) = (cli(Some(world), &["status"]), cli(Some(world), &["doctor"]));
        let well = code(&status) == 0 && code(&doctor) == 0 && text(&status.stdout).contains("✓ Workers");
        (well && text(&doctor.stdout).contains("every worker has its credential")).then_some(())
    })
    .await;
}

async fn a_key_that_is_wrong_or_revoked_fails(world: &World) {
    let list = |key: &str| cli(Some(world), &["--api-key", key, "admin", "keys", "list"]);
    let wrong = list("sk-ferro-wrong");
    assert_eq!(code(&wrong), 4);
    assert!(text(&wrong.stderr).contains("key"), "{}", text(&wrong.stderr));

    let made = json_of(&cli(Some(world), &["admin", "keys", "create", "--name", "short-lived", "--format", "json"]));
    let (id, secret) = (made["id"].as_str().expect("an id"), made["key"].as_str().expect("a secret"));
    assert_eq!(code(&list(secret)), 0);
    assert_eq!(code(&cli(Some(world), &["admin", "keys", "revoke", id])), 0);
    assert_eq!(code(&list(secret)), 4);
}

/// The tool, writing lines until it is ended.
struct Watching {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    said: Lines<BufReader<ChildStderr>>,
}

impl Watching {
    fn begin(world: &World, arguments: &[&str]) -> Self {
        let mut command = command("ferrogw-cli");
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.env("FERROGW_URL", world.gateway.admin().origin()).env("FERROGW_API_KEY", MASTER_KEY);
        let mut child = command.spawn().expect("the tool runs");
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let said = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        Self { child, lines, said }
    }

    fn json(&mut self) -> Value {
        let line = self.lines.next().expect("it goes on").expect("text");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error} in {line}"))
    }

    /// Waits until it says this to whoever runs it.
    fn says(&mut self, words: &str) {
        let said = self.said.by_ref().map(|line| line.expect("text")).find(|line| line.contains(words));
        assert!(said.is_some(), "it ends without saying `{words}`");
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn connected(fleet: &Value) -> usize {
    fleet.as_array().into_iter().flatten().filter(|worker| worker["connected"] == true).count()
}

async fn requests_are_followed_as_they_are_stored(world: &World) {
    let model = world.upstream.answers(Reply::completion("ok"));
    let mut following =
        Watching::begin(world, &["admin", "logs", "tail", "--model", &model, "--status", "ok", "--format", "json"]);
    let (tell, told) = std::sync::mpsc::channel();
    let reader = std::thread::spawn(move || drop(tell.send((following.json(), following))));
    // It follows from when it is connected, so requests are made until one is seen.
    let (seen, _following) = ferrogw_tests::eventually("a request is seen", async || {
        world.client().chat(&hello(&model)).await.expect(200);
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        told.try_recv().ok()
    })
    .await;
    let _ = reader.join();
    let listed = json_of(&cli(Some(world), &["admin", "logs", "list", "--model", &model, "--format", "json"]));
    let same = listed.as_array().into_iter().flatten().find(|entry| entry["id"] == seen["id"]);
    assert_eq!(same, Some(&seen), "a followed record is the one that is listed");
}

async fn workers_are_watched(world: &World) {
    let mut watching = Watching::begin(world, &["workers", "watch", "--format", "json"]);
    for _ in 0..2 {
        let fleet = watching.json();
        assert_eq!(connected(&fleet), world.gateway.workers(), "{fleet}");
    }
    let listed = json_of(&cli(Some(world), &["workers", "list", "--format", "json"]));
    let shape = |fleet: &Value| fleet[0].as_object().map(|worker| worker.keys().cloned().collect::<Vec<_>>());
    assert_eq!(shape(&watching.json()), shape(&listed), "a watched worker looks as a listed one does");
}

#[tokio::test]
async fn a_watch_outlives_the_control_plane() {
    let mut world = World::start(Deployment::Split(Database::Sqlite), alone).await;
    let mut watching = Watching::begin(&world, &["workers", "watch", "--format", "json"]);
    assert_eq!(connected(&watching.json()), 2);

    world.gateway.control().kill();
    world.gateway.control().start();
    watching.says("connection lost");
    watching.says("connected again");

    // Lists that were sent before it was killed do not know this version.
    let version = world.gateway.apply(&alone(&world.upstream)).await;
    let on_it = |fleet: &Value| fleet.as_array().into_iter().flatten().filter(|worker| worker["version"] == version).count();
    let seen = (0..1000).map(|_| watching.json()).any(|fleet| on_it(&fleet) == 2);
    assert!(seen, "what changes after it is connected again is shown");
}

#[tokio::test]
async fn while_the_database_is_away_operators_are_told_that_it_is() {
    let mut cluster = Cluster::start();
    let gateway = Gateway::all_in_one(Database::Postgres).in_database(cluster.database()).start().await;
    cluster.down();

    let ask = |arguments: &[&str]| {
        let mut command = command("ferrogw-cli");
        let command = command.env("FERROGW_URL", gateway.admin().origin()).env("MASTER_KEY", MASTER_KEY);
        command.args(arguments).output().expect("the tool runs")
    };
    let keys = ask(&["admin", "keys", "list"]);
    assert_eq!(code(&keys), 7, "{}", text(&keys.stderr));
    assert!(text(&keys.stderr).contains("its database is not"), "{}", text(&keys.stderr));
    let tail = ask(&["admin", "logs", "tail"]);
    assert_eq!(code(&tail), 7, "{}", text(&tail.stderr));
    assert!(text(&tail.stderr).contains("its database is not"), "{}", text(&tail.stderr));
    let status = ask(&["status"]);
    assert_eq!(code(&status), 1);
    assert!(text(&status.stdout).contains("✗ Stores"), "{}", text(&status.stdout));
    assert_eq!(code(&ask(&["doctor"])), 1);
}

#[test]
fn a_gateway_that_is_not_there_fails() {
    let output = cli(None, &["--gateway-url", "http://127.0.0.1:9", "--api-key", "x", "admin", "keys", "list"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(output.stdout.is_empty() && !output.stderr.is_empty());
}

#[test]
fn the_example_configurations_are_valid() {
    for name in ["config.example.yaml", "config.example.json"] {
        let output = cli(None, &["validate", &repository().join(name).to_string_lossy()]);
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_wrong_configuration_is_told_with_its_line() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let file = folder.path().join("config.yaml");
    std::fs::write(&file, "stategy:\n  mode: fallback\ntargets:\n  - virtual_key: opanai\n").expect("a file");

    let output = cli(None, &["validate", &file.to_string_lossy()]);

    let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    for expected in ["stategy", "strategy", "1", "opanai", "openai", "4"] {
        assert!(told.contains(expected), "`{expected}` is missing in\n{told}");
    }
}

#[test]
fn plugins_and_providers_are_listed() {
    assert!(String::from_utf8_lossy(&cli(None, &["plugins"]).stdout).contains("request-logger"));
    assert!(String::from_utf8_lossy(&cli(None, &["providers"]).stdout).contains("anthropic"));
}

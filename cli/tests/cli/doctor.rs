//! What is wrong, and what to do about it.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use crate::canned::{answer, canned};
use crate::gateway::{Gateway, KEY};
use crate::program::{Done, cli};

fn finding(run: &Done, subject: &str) -> Value {
    let findings = run.json();
    let found = findings.as_array().unwrap().iter().find(|finding| finding["subject"] == subject);
    found.unwrap_or_else(|| panic!("nothing is said about {subject} in {findings:#}")).clone()
}

#[test]
fn a_gateway_is_looked_at_from_all_sides() {
    let gateway = Gateway::start();
    let run = cli(&["doctor", "--format", "json", "--gateway-url", &gateway.url])
        .env("MASTER_KEY", KEY)
        .within(gateway.folder.path())
        .run();
    assert_eq!(run.code, 1);
    for subject in
        ["process", "clock", "readiness", "admin API", "version", "Key store", "Config store", "Request logs", "Audit log"]
    {
        let finding = finding(&run, subject);
        assert!(finding["state"] == "ok" || subject == "readiness", "{finding}");
    }
    let workers = finding(&run, "workers");
    assert!(workers["state"] == "problem" && workers["advice"].as_str().unwrap().contains("FERROGW_JOIN_TOKEN"), "{workers}");
    let without = finding(&run, "no credential");
    assert!(without["message"].as_str().unwrap().contains("openai"), "{without}");
    let page = cli(&["doctor", "--gateway-url", &gateway.url]).env("MASTER_KEY", KEY).within(gateway.folder.path()).run();
    assert!(
        page.stdout.contains("Environment\n  ✓ ferrogw-cli") && page.stdout.contains("   → start one with"),
        "{}",
        page.stdout
    );
    assert!(page.stderr.contains("1 problem"), "{}", page.stderr);
}

#[test]
fn the_environment_and_the_file_are_looked_at_without_a_gateway() {
    let folder = tempfile::tempdir().unwrap();
    let doctor = || cli(&["doctor", "--offline", "--format", "json"]).within(folder.path());
    let nothing = doctor().run().ok();
    assert_eq!(finding(&nothing, "file")["state"], "skipped");
    assert_eq!(finding(&nothing, "credential")["state"], "warning");

    std::fs::write(folder.path().join("ferrogw.yaml"), "targets: [{ virtual_key: openai }]\n").unwrap();
    let unset = doctor().run().ok();
    assert_eq!(finding(&unset, "ferrogw.yaml")["state"], "ok");
    assert!(finding(&unset, "target openai")["message"].as_str().unwrap().contains("OPENAI_API_KEY is not set here"));

    std::fs::write(folder.path().join("wrong.yaml"), "targets: []\n").unwrap();
    let wrong = doctor().env("GATEWAY_CONFIG", "wrong.yaml").run();
    assert_eq!((wrong.code, &finding(&wrong, "wrong.yaml")["state"]), (1, &"problem".into()));

    let partly = doctor().env("CLOUDFLARE_API_KEY", "k").env("OPENAI_API_KEY", "sk-secret").run().ok();
    assert!(finding(&partly, "providers")["message"].as_str().unwrap().ends_with(" openai"));
    assert_eq!(finding(&partly, "cloudflare")["advice"], "set CLOUDFLARE_ACCOUNT_ID");
    assert!(!partly.stdout.contains("sk-secret"));
}

#[test]
fn secrets_in_files_count_as_set() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("token"), "a join token\n").unwrap();
    std::fs::write(folder.path().join("dsn"), "postgres://user:word@127.0.0.1:9/ferrogw").unwrap();
    let doctor = || {
        let doctor = cli(&["doctor", "--offline", "--format", "json"]).within(folder.path());
        doctor.env("FERROGW_CONTROL_PLANE", "https://127.0.0.1").env("FERROGW_JOIN_TOKEN_FILE", "token")
    };
    let run = doctor().env("CONFIG_STORE_DSN_FILE", "dsn").run();
    assert!(finding(&run, "CONFIG_STORE_DSN")["message"].as_str().unwrap().starts_with("127.0.0.1:9 "), "{}", run.stdout);
    assert!(finding(&run, "FERROGW_CONTROL_PLANE")["message"].as_str().unwrap().starts_with("127.0.0.1:443 "));
    assert!(!run.stdout.contains("no worker can join") && !run.stdout.contains("word"), "{}", run.stdout);
    let missing = doctor().env("CONFIG_STORE_DSN_FILE", "nowhere").run();
    assert_eq!(finding(&missing, "CONFIG_STORE_DSN_FILE")["state"], "problem");
}

#[test]
fn an_address_with_a_password_is_refused_and_not_repeated() {
    let run = cli(&["doctor", "--gateway-url", "http://user:word@127.0.0.1:9"]).run();
    assert!(run.code == 1 && run.stdout.contains("holds a user or a password") && !run.stdout.contains("word@"), "{run:?}");
    let list = cli(&["admin", "keys", "list", "--gateway-url", "http://user:word@127.0.0.1:9"]).run();
    assert!(list.code == 2 && !list.stderr.contains("word@"), "{list:?}");
}

#[test]
fn a_data_directory_that_others_can_read_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("ferrogw-data");
    std::fs::create_dir(&data).unwrap();
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o755)).unwrap();
    let run = cli(&["doctor", "--offline"]).within(folder.path()).run().ok();
    assert!(run.stdout.contains("→ chmod 700 ./ferrogw-data") && run.stdout.contains("MiB are free"), "{}", run.stdout);
    assert_eq!(std::fs::read_dir(&data).unwrap().count(), 0, "nothing is left there");
}

#[test]
fn what_is_not_there_or_no_gateway_is_said_with_what_to_do() {
    let nobody = cli(&["doctor", "--gateway-url", "http://127.0.0.1:9"]).run();
    assert!(nobody.code == 1 && nobody.stdout.contains("cannot be reached"), "{nobody:?}");
    let proxy = canned(&answer("200 OK", "content-type: text/html\r\n", "<html>Sign in</html>"));
    let page = cli(&["doctor", "--gateway-url", &proxy.url]).run();
    assert!(page.code == 1 && page.stdout.contains("a sign-in page"), "{page:?}");
    let nonsense = cli(&["doctor", "--gateway-url", "localhost:8080"]).run();
    assert!(nonsense.code == 1 && nonsense.stdout.contains("not an http or https URL"), "{nonsense:?}");
}

#[test]
fn a_worker_in_the_place_of_the_control_plane_is_recognised() {
    let problem =
        r#"{"error":{"message":"There is nothing here.","type":"invalid_request_error","param":null,"code":"not_found"}}"#;
    let worker = crate::canned::scripted(move |request| match request.split(' ').nth(1) {
        Some("/livez") => answer("200 OK", "", r#"{"status":"ok"}"#),
        Some("/readyz") => answer("200 OK", "", r#"{"status":"ready","targets":[]}"#),
        _ => answer("404 Not Found", "", problem),
    });
    let run = cli(&["doctor", "--gateway-url", &worker.url, "--api-key", "sk-ferro-x"]).run();
    assert!(run.code == 1 && run.stdout.contains("http://127.0.0.1:8081"), "{run:?}");
}

#[test]
fn a_proxy_between_and_a_key_in_the_clear_are_named() {
    let doctor = || cli(&["doctor", "--offline", "--gateway-url", "http://gateway.example:8080", "--api-key", "sk-ferro-x"]);
    let run = doctor().env("HTTP_PROXY", "http://proxy:3128").run().ok();
    assert!(run.stdout.contains("NO_PROXY=gateway.example") && run.stdout.contains("in the clear"), "{}", run.stdout);
    let other = doctor().env("HTTPS_PROXY", "http://proxy:3128").run().ok();
    assert!(!other.stdout.contains("through a proxy"), "{}", other.stdout);
    let spared = doctor().env("HTTP_PROXY", "http://proxy:3128").env("NO_PROXY", ".example").run().ok();
    assert!(spared.stdout.contains("NO_PROXY spares"), "{}", spared.stdout);
}

//! A backup and the way back, by the very commands of the book's page on deployment.

use std::path::Path;
use std::process::Command;

use ferrogw_tests::{Cluster, Database, Gateway, Reply, Upstream, eventually, repository, scratch};
use serde_json::{Value, json};

use crate::setting::{alone, hello};

/// The commands of the page's section on backup, one a line: first the backup's, then those of the way back.
fn commands() -> Vec<String> {
    let page = std::fs::read_to_string(repository().join("docs/deployment.md")).expect("the page is there");
    let section = page.split("\n## ").find(|section| section.starts_with("Backup\n")).expect("a section on backup");
    let blocks = section.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.flat_map(str::lines).map(str::to_owned).collect()
}

/// Does what a command does to a composition.
async fn run(command: &str, gateway: &mut Gateway, cluster: &Cluster, folder: &Path) {
    match command.strip_prefix("docker compose ") {
        Some("stop control-plane") => assert_eq!(gateway.control().stop().0, Some(0), "{}", gateway.tails()),
        Some("start control-plane") => {
            gateway.control().start();
            gateway.await_admin().await;
        }
        Some(other) => {
            let program = other.strip_prefix("exec -T postgres ").unwrap_or_else(|| panic!("no test knows `{command}`"));
            let mut shell = Command::new("bash");
            shell.args(["-euc", program]).current_dir(folder);
            let output = shell.env("PGHOST", "127.0.0.1").env("PGPORT", cluster.port().to_string()).output().expect("bash");
            assert!(output.status.success(), "`{program}`: {}", String::from_utf8_lossy(&output.stderr));
        }
        None => panic!("no test knows `{command}`"),
    }
}

/// What `GET path` says of the first entry with this value in this member.
async fn found(gateway: &Gateway, path: &str, member: &str, value: &str) -> Option<Value> {
    let answer = gateway.admin().get(path).await.expect(200).json();
    let entries = answer.as_array().or_else(|| answer["data"].as_array()).expect("a list").clone();
    entries.into_iter().find(|entry| entry[member] == value)
}

#[tokio::test]
async fn what_is_restored_is_what_was_backed_up() {
    let (cluster, upstream, folder) = (Cluster::start(), Upstream::start(), scratch("backup"));
    let _ = cluster.query("postgres", "CREATE DATABASE ferrogw");
    let dsn = format!("postgresql://ferrogw@127.0.0.1:{}/ferrogw?sslmode=disable", cluster.port());
    let mut gateway = Gateway::split(Database::Postgres).in_database(dsn).start().await;
    let version = gateway.apply(&alone(&upstream)).await;
    let kept = gateway.create_key(json!({ "name": "kept", "scopes": ["inference"] })).await;
    let model = upstream.answers(Reply::completion("ok"));
    gateway.client().chat(&hello(&model)).await.expect(200);
    eventually("the request is in the log", async || found(&gateway, "/admin/logs", "model", &model).await).await;
    let commands = commands();

    run(&commands[0], &mut gateway, &cluster, &folder).await;

    let mut edited = alone(&upstream);
    edited["aliases"] = json!({ "later": "a-model" });
    gateway.apply(&edited).await;
    gateway.admin().post(&format!("/admin/keys/{}/revoke", kept.id), &json!({})).await.expect(200);
    gateway.create_key(json!({ "name": "made later", "scopes": ["inference"] })).await;

    for command in &commands[1..] {
        run(command, &mut gateway, &cluster, &folder).await;
    }

    let config = gateway.admin().get("/admin/config").await.expect(200);
    assert_eq!(config.header("etag"), format!("\"{version}\""), "{}", config.text());
    assert_eq!(found(&gateway, "/admin/keys", "id", &kept.id).await.expect("the key is there")["active"], true);
    assert_eq!(found(&gateway, "/admin/keys", "name", "made later").await, None);
    assert!(found(&gateway, "/admin/logs", "model", &model).await.is_some(), "what was logged before is there");
    for worker in 0..gateway.workers() {
        let client = gateway.client_of(worker).with_key(&kept.secret);
        eventually("a worker serves what was restored", async || {
            client.try_get("/v1/models").await.ok().filter(|answer| answer.status == 200)
        })
        .await;
    }
    gateway.client().chat(&hello(&model)).await.expect(200);
}

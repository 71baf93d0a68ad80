//! What containers need of the programs, and what the files that describe them promise. The containers themselves are run by
//! `make test-compose`.

use std::collections::BTreeSet;
use std::process::Command;

use ferrogw_config::catalog;
use ferrogw_tests::{Database, Gateway, Reply, Upstream, command, eventually, program, repository, scratch};
use serde_yaml::Value;

use crate::setting::hello;

/// What `program healthcheck` says with these variables: whether all is well, and its one line.
fn healthcheck(name: &str, variables: &[(&str, String)]) -> (bool, String) {
    let mut command = command(name);
    command.arg("healthcheck").envs(variables.iter().map(|(name, value)| (name, value)));
    let output = command.output().expect("the program runs");
    (output.status.success(), String::from_utf8(output.stdout).expect("text"))
}

#[tokio::test]
async fn secrets_come_from_files_and_each_program_tells_how_it_is() {
    let folder = scratch("secrets");
    std::fs::write(folder.join("master"), format!("{}\n", ferrogw_tests::MASTER_KEY)).expect("a file");
    std::fs::write(folder.join("token"), format!("{}\n", ferrogw_tests::JOIN_TOKEN)).expect("a file");
    let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let plan = Gateway::split(Database::Sqlite).without("MASTER_KEY").with("MASTER_KEY_FILE", &path("master"));
    // Set to nothing as compose files do, the variable counts as left out.
    let plan = plan.with("FERROGW_JOIN_TOKEN", "").with("FERROGW_JOIN_TOKEN_FILE", &path("token"));
    let mut gateway = plan.start().await;
    gateway.await_ready(0).await;

    let control = [("FERROGW_ADMIN_ADDR", format!("0.0.0.0:{}", gateway.admin_port()))];
    let (well, said) = healthcheck("ferrogw-control-plane", &control);
    assert!(well && said.contains("ready") && said.lines().count() == 1, "{said}");
    let worker = [("PORT", gateway.port(0).to_string())];
    let (well, said) = healthcheck("ferrogw-data-plane", &worker);
    assert!(well && said.contains("ready") && said.lines().count() == 1, "{said}");
    assert!(healthcheck("ferrogw", &worker).0, "all-in-one is asked the same");

    gateway.worker(0).kill();
    let (well, said) = healthcheck("ferrogw-data-plane", &worker);
    assert!(!well && said.contains("nobody answers"), "{said}");
}

#[tokio::test]
async fn a_control_plane_that_may_generate_a_configuration_uses_the_providers_that_workers_found_until_somebody_edits() {
    let upstream = Upstream::start();
    let plan = Gateway::split(Database::Sqlite).with("FERROGW_GENERATE_CONFIG", "true");
    let plan = plan
        .with("OPENROUTER_API_KEY", "upstream-credential")
        .with("OPENROUTER_BASE_URL", &format!("{}/v1", upstream.root("alpha")));
    let gateway = plan.start().await;
    for worker in 0..gateway.workers() {
        gateway.await_ready(worker).await;
    }
    let model = upstream.answers(Reply::completion("ok"));
    gateway.client().chat(&hello(&model)).await.expect(200);

    let edited = serde_json::json!({ "targets": [{ "virtual_key": "openrouter" }], "aliases": { "mine": "a-model" } });
    let version = gateway.apply(&edited).await;
    let worker = gateway.admin().get("/admin/workers").await.expect(200).json();
    let seen = worker["data"][0]["last_seen_at"].clone();
    eventually("workers have reported since", async || {
        let workers = gateway.admin().get("/admin/workers").await.expect(200).json();
        (workers["data"][0]["last_seen_at"] != seen).then_some(())
    })
    .await;
    let history = gateway.admin().get("/admin/config/history").await.expect(200).json();
    let newest = history["data"].as_array().into_iter().flatten().filter_map(|entry| entry["version"].as_u64()).max();
    assert_eq!(newest, Some(version), "{history}");
}

fn composition() -> Value {
    let text = std::fs::read_to_string(repository().join("docker-compose.yml")).expect("the file is there");
    let mut composition: Value = serde_yaml::from_str(&text).expect("YAML");
    composition.apply_merge().expect("merge keys");
    composition
}

#[test]
fn every_long_running_service_restarts_has_a_healthcheck_and_may_do_little() {
    let composition = composition();
    let services = composition["services"].as_mapping().expect("services");
    let names: BTreeSet<&str> = services.keys().filter_map(Value::as_str).collect();
    assert_eq!(names, BTreeSet::from(["control-plane", "data-plane", "gateway", "init", "postgres"]));
    for (name, service) in services {
        assert_eq!(service["read_only"], true, "{name:?}");
        assert_eq!(service["cap_drop"], serde_yaml::from_str::<Value>("[ALL]").expect("YAML"), "{name:?}");
        if name == "init" {
            continue;
        }
        assert_eq!(service["restart"], "unless-stopped", "{name:?}");
        assert!(service["healthcheck"]["test"].is_sequence(), "{name:?}");
    }
    let admin = composition["services"]["control-plane"]["ports"][0].as_str().expect("a port");
    assert!(admin.starts_with("127.0.0.1:"), "{admin}");
}

#[test]
fn workers_get_what_every_served_provider_is_reached_with() {
    let composition = composition();
    let given = composition["services"]["data-plane"]["environment"].as_sequence().expect("a list");
    let given: BTreeSet<&str> = given.iter().filter_map(Value::as_str).collect();
    for provider in catalog::providers().iter().filter(|provider| provider.is_served()) {
        let wanted = provider.credential_env.into_iter().chain([provider.base_url_env]).chain(provider.settings.iter().copied());
        for name in wanted {
            assert!(given.contains(name), "docker-compose.yml gives {name} of {} to no worker", provider.id);
        }
    }
}

#[test]
fn what_prometheus_scrapes_is_where_the_composition_has_it_and_published_to_nobody_else() {
    let composition = composition();
    let scraping = std::fs::read_to_string(repository().join("deploy/prometheus/prometheus.yml")).expect("the file is there");
    let scraping: Value = serde_yaml::from_str(&scraping).expect("YAML");
    let jobs = scraping["scrape_configs"].as_sequence().expect("jobs");
    let job = |name: &str| jobs.iter().find(|job| job["job_name"] == name).unwrap_or_else(|| panic!("no job {name}"));
    let workers = &job("ferrogw-data-plane")["dns_sd_configs"][0];
    let worker = &composition["services"][workers["names"][0].as_str().expect("a service")];
    let open = worker["environment"].as_sequence().expect("a list").iter().filter_map(Value::as_str);
    let open = open.filter_map(|variable| variable.strip_prefix("FERROGW_METRICS_ADDR=0.0.0.0:")).next().expect("an address");
    assert_eq!(Some(open), workers["port"].as_u64().map(|port| port.to_string()).as_deref());
    assert!(worker["ports"].is_null(), "the workers' metrics are open to whoever reaches them");
    let target = job("ferrogw-control-plane")["static_configs"][0]["targets"][0].as_str().expect("an address");
    let (service, port) = target.split_once(':').expect("a port");
    let control = &composition["services"][service];
    assert!(control["ports"][0].as_str().expect("a port").ends_with(&format!(":{port}")), "{target}");
    for service in [worker, control] {
        let networks = service["networks"].as_sequence().expect("networks");
        assert!(networks.iter().any(|network| network == "planes"), "Prometheus shares no network with all of them");
    }
}

#[test]
fn images_are_compiled_with_the_toolchain_that_the_project_names() {
    let toolchain = std::fs::read_to_string(repository().join("rust-toolchain.toml")).expect("the file is there");
    let channel = toolchain.split('"').nth(1).expect("a channel");
    let dockerfile = std::fs::read_to_string(repository().join("deploy/Dockerfile")).expect("the file is there");
    assert!(dockerfile.contains(&format!("ARG BUILDER=rust:{channel}-slim-bookworm\n")), "{channel}");
}

#[test]
fn the_units_are_sound_and_allow_little_where_systemd_is_there_to_say_so() {
    if Command::new("systemd-analyze").arg("--version").output().is_err() {
        println!("skipped: systemd-analyze is not installed");
        return;
    }
    let folder = scratch("units");
    for name in ["ferrogw", "ferrogw-control-plane", "ferrogw-data-plane"] {
        let file = format!("{name}.service");
        let unit = std::fs::read_to_string(repository().join("deploy/systemd").join(&file)).expect("the unit is there");
        let unit = unit.replace(&format!("/usr/local/bin/{name}"), &program(name).to_string_lossy());
        std::fs::write(folder.join(&file), unit).expect("a file");
        for verb in [&["verify"][..], &["security", "--offline=yes", "--threshold=20"]] {
            let said = Command::new("systemd-analyze").args(verb).arg(folder.join(&file)).output().expect("it runs");
            assert!(said.status.success(), "{verb:?} of {file}: {}", String::from_utf8_lossy(&said.stderr));
        }
    }
}

//! The dependency direction between our crates; a new arrow is a decision and belongs into an ADR.

use std::collections::BTreeMap;
use std::process::Command;

use ferrogw_tests::repository;
use serde_json::Value;

#[test]
fn crates_depend_on_each_other_in_one_direction() {
    let arrows: String =
        arrows().iter().map(|(from, to)| format!("{from} -> {}", to.join(" ")).trim_end().to_owned() + "\n").collect();
    insta::assert_snapshot!(arrows, @r"
    ferrogw -> control-plane data-plane process
    ferrogw-api -> config
    ferrogw-cli -> api config proto
    ferrogw-config ->
    ferrogw-control-plane -> api config migration process proto
    ferrogw-dashboard -> api config
    ferrogw-data-plane -> config llm process proto providers
    ferrogw-llm ->
    ferrogw-migration ->
    ferrogw-process ->
    ferrogw-proto ->
    ferrogw-providers -> config llm
    ");
}

#[test]
fn the_pure_crates_touch_no_runtime_network_or_database() {
    let metadata = metadata();
    for pure in ["ferrogw-config", "ferrogw-api", "ferrogw-llm", "ferrogw-providers"] {
        for dependency in dependencies(&metadata, pure) {
            assert!(
                !["tokio", "tonic", "hyper", "sea-orm", "axum"].contains(&dependency.as_str()),
                "{pure} depends on {dependency}, which ties it to a runtime"
            );
        }
    }
}

fn metadata() -> Value {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--no-deps", "--format-version=1", "--offline"]).current_dir(repository());
    serde_json::from_slice(&cargo.output().expect("cargo runs").stdout).expect("cargo writes JSON")
}

/// Names of the ordinary (not development, not build) dependencies of a crate.
fn dependencies(metadata: &Value, name: &str) -> Vec<String> {
    let package = metadata["packages"].as_array().into_iter().flatten().find(|package| package["name"] == name);
    let dependencies = package.unwrap_or_else(|| panic!("no crate {name}"))["dependencies"].as_array().into_iter().flatten();
    let ordinary = dependencies.filter(|dependency| dependency["kind"].is_null());
    ordinary.filter_map(|dependency| dependency["name"].as_str().map(str::to_owned)).collect()
}

fn arrows() -> BTreeMap<String, Vec<String>> {
    let metadata = metadata();
    let names = metadata["packages"].as_array().into_iter().flatten().filter_map(|package| package["name"].as_str());
    let ours = |name: &str| {
        let mut ours: Vec<String> =
            dependencies(&metadata, name).into_iter().filter_map(|to| to.strip_prefix("ferrogw-").map(str::to_owned)).collect();
        ours.sort();
        ours
    };
    names.filter(|name| *name != "ferrogw-tests").map(|name| (name.to_owned(), ours(name))).collect()
}

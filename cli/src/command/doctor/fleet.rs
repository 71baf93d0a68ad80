//! The workers, and every provider with or without a credential as they report it.

use std::collections::BTreeSet;

use ferrogw_api::Client;
use ferrogw_api::health::Health;
use ferrogw_api::worker::{Target, Worker};
use ferrogw_config::catalog::{self, Provider};

use super::finding::{Finding, Findings};
use crate::failure::with_causes;
use crate::output::instant;

pub(super) async fn look(client: &Client, health: &Health, build: Option<&str>) -> Vec<Finding> {
    let mut found = Findings::about("Workers");
    let workers = match client.workers().await {
        Ok(workers) => workers.data,
        Err(error) => {
            found.problem("workers", with_causes(&error), "see the stores above");
            return found.all();
        }
    };
    let connected: Vec<&Worker> = workers.iter().filter(|worker| worker.connected).collect();
    if connected.is_empty() {
        let advice = "start one with FERROGW_CONTROL_PLANE and FERROGW_JOIN_TOKEN; its log says why it does not connect";
        found.problem("workers", "none is connected, so nothing is served that is not served already", advice);
    }
    connected.iter().for_each(|worker| inspect(worker, health, build, &mut found));
    for worker in workers.iter().filter(|worker| !worker.connected) {
        found.skipped(&worker.name, format!("not connected since {}", instant(Some(worker.last_seen_at))));
    }
    let mut all = found.all();
    all.extend(providers(&connected));
    all
}

fn inspect(worker: &Worker, health: &Health, build: Option<&str>, found: &mut Findings) {
    let name = &worker.name;
    let latest = health.configuration.version;
    match worker.status.as_str() {
        "current" if worker.report.demo => found.ok(name, "connected; answers with the built-in demo"),
        "current" => found.ok(name, format!("connected; serves version {}", worker.version)),
        "refused" => {
            let why = worker.issues.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            let message = format!("refuses version {latest} and serves version {}: {why}", worker.version);
            found.problem(name, message, "mend the configuration, or what it needs on that worker");
        }
        status => {
            let message = format!("{status}: serves version {} of {latest}", worker.version);
            found.warning(name, message, "give it a moment; if it stays, its log says why");
        }
    }
    if build.is_some_and(|build| build != worker.build) {
        let message = format!("is of release {}, another than the control plane's", worker.build);
        found.warning(name, message, "upgrade one worker after the other, the control plane first");
    }
    if worker.report.spool_full {
        let message = format!(
            "its spool is full: {} accounts wait, {} lost their detail",
            worker.report.spool_records, worker.report.records_folded
        );
        found.problem(name, message, "is the request-log database away, or the disk too small (FERROGW_SPOOL_MAX_BYTES)?");
    }
}

/// Each provider that somebody has a credential for or that a target names; the others in one line.
fn providers(connected: &[&Worker]) -> Vec<Finding> {
    let mut found = Findings::about("Providers, as the workers report them");
    let mut without = Vec::new();
    for provider in catalog::providers().iter().filter(|provider| provider.is_served()) {
        let seeing = connected.iter().filter(|worker| sees(worker, provider.id)).count();
        let named = connected.iter().any(|worker| targets_of(worker, provider.id).next().is_some());
        match seeing {
            0 if !named => without.push(provider.id),
            0 => {}
            seeing if seeing < connected.len() => partly(provider, connected, &mut found),
            _ => found.ok(provider.id, format!("every worker has its credential; models: {}", models(connected, provider))),
        }
        troubles(provider, connected, &mut found);
    }
    if !without.is_empty() {
        found.skipped("no credential", format!("{}; `ferrogw-cli providers` lists their variables", without.join(", ")));
    }
    found.all()
}

fn partly(provider: &Provider, connected: &[&Worker], found: &mut Findings) {
    let lacking: Vec<&str> =
        connected.iter().filter(|worker| !sees(worker, provider.id)).map(|worker| worker.name.as_str()).collect();
    let advice = format!("set {} where they run, and start them again", provider.enablement_env());
    found.warning(provider.id, format!("has no credential on {}", lacking.join(", ")), advice);
}

/// What is wrong with targets of the provider, each said once for all workers.
fn troubles(provider: &Provider, connected: &[&Worker], found: &mut Findings) {
    let names: BTreeSet<&str> =
        connected.iter().flat_map(|worker| targets_of(worker, provider.id)).map(|target| target.name.as_str()).collect();
    for name in names {
        let on = |test: fn(&Target) -> bool| -> Vec<&str> {
            let has = |worker: &&&Worker| targets_of(worker, provider.id).any(|target| target.name == name && test(target));
            connected.iter().filter(has).map(|worker| worker.name.as_str()).collect()
        };
        let errors = || connected.iter().flat_map(|worker| targets_of(worker, provider.id)).filter(|target| target.name == name);
        let last = errors().filter(|target| target.last_error.is_some()).max_by_key(|target| target.last_error_at);
        let said = last.and_then(|target| target.last_error.clone()).unwrap_or_default();
        let subject = format!("{} (target {name})", provider.id);
        let (lacking, refused) = (on(|target| !target.credential_found), on(|target| target.misconfigured));
        if !lacking.is_empty() {
            let advice =
                format!("set {} (or what the target's api_key names) there, and start it again", provider.enablement_env());
            found.problem(subject.as_str(), format!("has no credential on {}", lacking.join(", ")), advice);
        }
        if !refused.is_empty() {
            let message = format!("the provider refuses its credential or model, as {} found: {said}", refused.join(", "));
            found.problem(subject.as_str(), message, "replace the credential, or correct the target's models");
        } else if errors().any(|target| target.requests > 0 && target.requests == target.failures) {
            let message = format!("every attempt since the start failed, the last: {said}");
            found.problem(subject.as_str(), message, "is the provider up, and may this machine call it?");
        }
    }
}

/// It has the provider's own credential, or what some target of the provider names.
fn sees(worker: &Worker, provider: &str) -> bool {
    worker.report.providers_found.iter().any(|found| found == provider)
        || targets_of(worker, provider).any(|target| target.credential_found)
}

fn targets_of<'a>(worker: &'a Worker, provider: &'a str) -> impl Iterator<Item = &'a Target> {
    worker.report.targets.iter().filter(move |target| target.provider == provider)
}

fn models(connected: &[&Worker], provider: &Provider) -> String {
    let targets = || connected.iter().flat_map(|worker| targets_of(worker, provider.id));
    if targets().next().is_none() {
        return "none, as no target names it".to_owned();
    }
    let models: BTreeSet<&str> = targets().flat_map(|target| &target.models).map(String::as_str).collect();
    if targets().any(|target| target.any_model) { format!("{} and any other", models.len()) } else { models.len().to_string() }
}

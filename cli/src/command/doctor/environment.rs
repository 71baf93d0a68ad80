//! This machine: which gateway is meant, as whom, and what is set.

use ferrogw_api::client::Unusable;
use ferrogw_config::catalog;

use super::finding::{Finding, Findings};
use super::network::{is_here, place, reach};
use crate::args::Connection;
use crate::command::init;
use crate::connection::Origin;
use crate::failure::Failure;

/// Where a proxy for requests can be named, by what their addresses begin with.
const PROXIES: [(&str, [&str; 4]); 2] = [
    ("http://", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]),
    ("https://", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]),
];
/// Where a store's database can be named.
const DSNS: [&str; 3] = ["CONFIG_STORE_DSN", "API_KEY_STORE_DSN", "REQUEST_LOG_STORE_DSN"];

/// `unusable`: why the gateway cannot be called as it was named.
pub(super) async fn look(connection: &Connection, unusable: Option<&Failure>) -> Vec<Finding> {
    let mut found = Findings::about("Environment");
    found.ok("ferrogw-cli", env!("CARGO_PKG_VERSION"));
    address(connection, unusable, &mut found);
    credential(connection, &mut found);
    proxies(connection, &mut found);
    providers(&mut found);
    control_plane(&mut found).await;
    databases(&mut found).await;
    found.all()
}

fn address(connection: &Connection, unusable: Option<&Failure>, found: &mut Findings) {
    let url = &connection.gateway_url;
    match unusable {
        None => found.ok("gateway", url),
        Some(failure @ Failure::Connection(Unusable::Url(_) | Unusable::Userinfo)) => {
            found.problem("gateway", failure.to_string(), "say where it is by --gateway-url or FERROGW_URL");
        }
        Some(failure) => {
            let advice = "give the key by FERROGW_API_KEY, --api-key-file, --api-key-stdin or MASTER_KEY";
            found.problem("key", failure.to_string(), advice);
        }
    }
    let elsewhere = place(url, 80).is_some_and(|(host, _)| !is_here(&host));
    if elsewhere && url.starts_with("http://") && connection.origin().is_some() {
        let advice = "put TLS in front of the admin API, or reach it through a tunnel, and say https://";
        found.warning("encryption", "the key is sent to another machine in the clear", advice);
    }
}

fn credential(connection: &Connection, found: &mut Findings) {
    match connection.origin() {
        Some(Origin::Input) => found.ok("credential", "from standard input"),
        Some(Origin::File) => found.ok("credential", "from the file that --api-key-file names"),
        Some(Origin::Key) => found.ok("credential", "from FERROGW_API_KEY or --api-key"),
        Some(Origin::MasterKey) => found.ok("credential", "the master key, from MASTER_KEY"),
        None => found.warning(
            "credential",
            "none, so the gateway is looked at from outside only",
            "set FERROGW_API_KEY to a key with the scope read_only or admin",
        ),
    }
}

fn proxies(connection: &Connection, found: &mut Findings) {
    let Some((host, _)) = place(&connection.gateway_url, 80) else { return };
    let meant = PROXIES.into_iter().find(|(scheme, _)| connection.gateway_url.starts_with(scheme));
    let Some(proxy) = meant.and_then(|(_, names)| names.into_iter().find(|name| variable(name).is_some())) else { return };
    let spared = ["NO_PROXY", "no_proxy"].into_iter().filter_map(variable).any(|list| {
        list.split(',')
            .map(|entry| entry.trim().trim_start_matches('.'))
            .any(|entry| entry == "*" || (!entry.is_empty() && (host == entry || host.ends_with(&format!(".{entry}")))))
    });
    if spared {
        found.ok("proxy", format!("{proxy} is set, and NO_PROXY spares {host}"));
    } else {
        let advice = format!("if the gateway is to be called directly: NO_PROXY={host}");
        found.warning("proxy", format!("{proxy} is set, so the gateway is called through a proxy"), advice);
    }
}

/// Credentials here count where the gateway runs here, so none of this is a problem as such.
fn providers(found: &mut Findings) {
    let ids: Vec<&str> = init::found().map(|provider| provider.id).collect();
    match ids.as_slice() {
        [] => found.skipped("providers", "no provider's credential is set here; they count where ferrogw or its workers run"),
        ids => found.ok("providers", format!("credentials are set here for {}", ids.join(", "))),
    }
    for provider in catalog::providers().iter().filter(|provider| provider.is_served() && !ids.contains(&provider.id)) {
        let missing: Vec<&str> = provider.settings.iter().copied().filter(|name| variable(name).is_none()).collect();
        if provider.credential_env.is_some_and(|name| variable(name).is_some()) && !missing.is_empty() {
            let advice = format!("set {}", missing.join(" and "));
            found.warning(provider.id, "has a credential here, but not all that its address takes", advice);
        }
    }
}

/// Where this machine is to run a worker.
async fn control_plane(found: &mut Findings) {
    let Some(address) = variable("FERROGW_CONTROL_PLANE") else { return };
    match place(&address, if address.starts_with("https:") { 443 } else { 80 }) {
        None => found.problem("FERROGW_CONTROL_PLANE", "is no address", "write one such as http://127.0.0.1:50051"),
        Some((host, port)) => match reach(&host, port).await {
            Ok(()) => found.ok("FERROGW_CONTROL_PLANE", format!("{host}:{port} takes connections")),
            Err(why) => found.problem(
                "FERROGW_CONTROL_PLANE",
                format!("{host}:{port} cannot be reached: {why}"),
                "is the control plane running, and does its FERROGW_GRPC_ADDR listen for other machines?",
            ),
        },
    }
    if secret("FERROGW_JOIN_TOKEN", found).is_none() && variable("FERROGW_JOIN_TOKEN_FILE").is_none() {
        found.problem("FERROGW_JOIN_TOKEN", "is not set, so no worker can join", "set it to the control plane's");
    }
}

/// Where this machine is to run a control plane. A DSN holds a password, so only its host is shown.
async fn databases(found: &mut Findings) {
    let mut known = Vec::new();
    for name in DSNS {
        let Some(dsn) = secret(name, found).filter(|dsn| dsn.starts_with("postgres")) else { continue };
        let Some((host, port)) = place(&dsn, 5432) else { continue };
        if known.contains(&(host.clone(), port)) {
            continue;
        }
        match reach(&host, port).await {
            Ok(()) => found.ok(name, format!("{host}:{port} takes connections")),
            Err(why) => {
                let advice = "is PostgreSQL running there, and may this machine connect?";
                found.problem(name, format!("{host}:{port} cannot be reached: {why}"), advice);
            }
        }
        known.push((host, port));
    }
}

/// What a variable holds, or the file that its sister names.
fn secret(name: &str, found: &mut Findings) -> Option<String> {
    if let Some(text) = variable(name) {
        return Some(text);
    }
    let sister = format!("{name}_FILE");
    let file = variable(&sister)?;
    match std::fs::read_to_string(&file) {
        Ok(text) => Some(text.trim().to_owned()),
        Err(error) => {
            found.problem(&sister, format!("{file} cannot be read: {error}"), "name a file that this user may read");
            None
        }
    }
}

pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

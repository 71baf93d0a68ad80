//! The gateway: is it there, what time is it there, what does it run, how are its stores and its configuration.

use std::time::Instant;

use ferrogw_api::client::Error;
use ferrogw_api::health::Health;
use ferrogw_api::{Client, health};
use time::OffsetDateTime;

use super::finding::{Finding, Findings};
use super::fleet;
use crate::args::Connection;
use crate::clock;
use crate::output::list;

/// Without a client nothing can be asked; why there is none is said elsewhere.
pub(super) async fn look(connection: &Connection, client: Option<&Client>) -> Vec<Finding> {
    let mut found = Findings::about("Gateway");
    let Some(client) = client else {
        found.skipped("admin API", "was not called, as its address or the key cannot be used");
        return found.all();
    };
    if !reachable(client, &mut found).await {
        return found.all();
    }
    readiness(client, &mut found).await;
    if connection.origin().is_none() {
        found.skipped("admin API", "was not called, as there is no key");
        return found.all();
    }
    let Some(health) = admin(client, &mut found).await else { return found.all() };
    let build = versions(client, &mut found).await;
    configuration(&health, &mut found);
    stores(&health, &mut found);
    let mut all = found.all();
    all.extend(fleet::look(client, &health, build.as_deref()).await);
    all
}

/// The process answers, and its clock is ours.
async fn reachable(client: &Client, found: &mut Findings) -> bool {
    let began = Instant::now();
    let alive = match client.alive().await {
        Ok(alive) => alive,
        Err(error) => {
            found.problem("process", told(&error), advice(&error));
            return false;
        }
    };
    found.ok("process", format!("answers within {} ms", began.elapsed().as_millis()));
    match alive.at {
        None => found.skipped("clock", "the answer does not say what time it is there"),
        Some(there) => match clock::difference(OffsetDateTime::now_utc(), there) {
            None => found.ok("clock", "agrees with this machine's"),
            Some(difference) => found.warning(
                "clock",
                format!("this machine's clock is {difference} the gateway's"),
                "set both by NTP; expiry of keys is judged by the gateway's clock alone",
            ),
        },
    }
    true
}

async fn readiness(client: &Client, found: &mut Findings) {
    match client.ready().await {
        Err(error) => found.problem("readiness", told(&error), advice(&error)),
        Ok(health::Readiness { status, reason, detail }) => match (status.as_str(), reason.or(detail)) {
            ("ready", None) => found.ok("readiness", "ready"),
            ("ready", Some(detail)) => {
                found.warning("readiness", detail, "`ferrogw-cli admin config apply FILE` puts one in force")
            }
            (_, why) => {
                let why = why.unwrap_or_else(|| "not ready".to_owned());
                found.problem("readiness", why, "the log of the process says more");
            }
        },
    }
}

/// The admin API takes the key.
async fn admin(client: &Client, found: &mut Findings) -> Option<Health> {
    match client.health().await {
        Ok(health) => {
            found.ok("admin API", format!("takes the key; it may: {}", list(&health.scopes).replace(',', ", ")));
            Some(health)
        }
        Err(error) if error.code() == Some("insufficient_scope") => {
            let advice = "use a key with the scope read_only or admin; keys for inference open no more than /v1";
            found.problem("admin API", told(&error), advice);
            None
        }
        Err(error) => {
            found.problem("admin API", told(&error), advice(&error));
            None
        }
    }
}

/// The gateway's build; it may be another than ours.
async fn versions(client: &Client, found: &mut Findings) -> Option<String> {
    let described = client.openapi().await.ok()?;
    let build = described["info"]["version"].as_str()?.to_owned();
    let ours = env!("CARGO_PKG_VERSION");
    if build == ours {
        found.ok("version", format!("{build}, as this program"));
    } else {
        let advice = "use the ferrogw-cli of the gateway's release, so that both know the same things";
        found.warning("version", format!("{build}; this program is {ours}"), advice);
    }
    Some(build)
}

fn configuration(health: &Health, found: &mut Findings) {
    let version = health.configuration.version;
    match health.configuration.status.as_str() {
        "valid" => found.ok("configuration", format!("version {version} is in force")),
        "none" => {
            let advice = "`ferrogw-cli init` writes one, `ferrogw-cli admin config apply FILE` puts it in force";
            found.warning("configuration", "none is in force", advice);
        }
        "invalid" => {
            let issues = health.configuration.issues.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            let message = format!("version {version}, which another release stored, is refused by this one: {issues}");
            found.problem("configuration", message, "roll back, or apply a configuration that this release takes");
        }
        _ => found.problem("configuration", "is unknown, as its store is away", "see the stores below"),
    }
}

fn stores(health: &Health, found: &mut Findings) {
    for part in health.components.iter().filter(|part| part.name != "API") {
        match part.status.as_str() {
            "healthy" => found.ok(&part.name, "answers"),
            "disabled" => found.skipped(&part.name, "is switched off (REQUEST_LOG_STORE_BACKEND)"),
            _ => found.problem(
                &part.name,
                "does not answer; workers go on serving and keep their accounts until it does",
                "is the database running, and does the control plane's *_STORE_DSN lead to it? Its log says what went wrong",
            ),
        }
    }
}

/// What happened, with what the network said.
fn told(error: &Error) -> String {
    crate::failure::with_causes(error)
}

fn advice(error: &Error) -> &'static str {
    match error {
        Error::Unreachable { .. } => "is it running, and is this its address? --gateway-url or FERROGW_URL says where",
        Error::Unexpected { .. } => "is this the gateway's address? A proxy, a sign-in page or another server answers like that",
        Error::Refused { .. } if error.code() == Some("store_unavailable") => "the gateway's database is away; see its log",
        Error::Refused { status, .. } if status.as_u16() == 401 => {
            "give a key that is valid: FERROGW_API_KEY, --api-key-file or MASTER_KEY; keys of providers do not open the gateway"
        }
        Error::Refused { status, .. } if status.as_u16() == 404 => {
            "a worker has no admin API: say the control plane's address, by default http://127.0.0.1:8081"
        }
        Error::Refused { .. } | Error::Id { .. } => "the gateway's log has more",
    }
}

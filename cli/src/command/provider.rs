//! `admin providers`: what the workers can reach.

use ferrogw_api::Client;
use ferrogw_api::health::ProviderHealth;
use ferrogw_api::provider::Provider;

use crate::failure::Failure;
use crate::output::{Column, Output, Tone, column, id, list, text, toned};

const COLUMNS: &[Column<Provider>] = &[
    id("PROVIDER", |provider| provider.name.clone()),
    column("MODELS", |provider| provider.models.len().to_string()),
    column("TARGETS", |provider| list(provider.targets.iter().map(|target| &target.name))),
    column("IN FLIGHT", |provider| provider.targets.iter().map(|target| target.in_flight).sum::<u64>().to_string()),
    column("REQUESTS", |provider| provider.targets.iter().map(|target| target.requests).sum::<u64>().to_string()),
    column("FAILURES", |provider| provider.targets.iter().map(|target| target.failures).sum::<u64>().to_string()),
    column("LAST ERROR", |provider| text(provider.targets.iter().find_map(|target| target.last_error.as_deref()))),
];

const HEALTH: &[Column<ProviderHealth>] = &[
    id("PROVIDER", |provider| provider.name.clone()),
    toned("STATUS", |provider| provider.status.clone(), tone),
    column("MODELS", |provider| provider.models.to_string()),
    column("MESSAGE", |provider| text(provider.message.as_deref())),
];

pub(super) async fn list_reachable(client: &Client, output: Output) -> Result<(), Failure> {
    output.list(&client.providers().await?, COLUMNS, "providers with a credential on a connected worker")
}

pub(super) async fn health(client: &Client, output: Output) -> Result<(), Failure> {
    let health = client.health().await?;
    let connected = health.workers.connected;
    output.note(&format!("as {connected} connected {} it", if connected == 1 { "worker sees" } else { "workers see" }));
    output.list(&health.providers, HEALTH, "providers: no configuration names one, and no worker sees a credential")
}

fn tone(provider: &ProviderHealth) -> Tone {
    match (provider.status.as_str(), &provider.message) {
        ("available", None) => Tone::Good,
        ("available", Some(_)) => Tone::Warn,
        _ => Tone::Bad,
    }
}

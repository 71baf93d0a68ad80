//! Providers: those that workers can reach, and all that are known.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use ferrogw_api::provider::{Catalog, CatalogEntry, Model, Pricing, Provider, Target};
use ferrogw_api::worker;
use ferrogw_config::catalog;
use time::{Duration, OffsetDateTime};

use super::figures::per_million;
use super::rejection::Rejection;
use crate::app::App;
use crate::fleet::Fleet;

/// So many failures in a row are no accident, until the last of them is so long ago that it says nothing about now.
const FAILING: u64 = 5;
const LATELY: Duration = Duration::HOUR;

/// Providers for which some connected worker has credentials, with their models and targets.
#[utoipa::path(get, path = "/admin/providers", tag = "providers", responses((status = 200, body = Vec<Provider>)))]
pub(super) async fn list(State(app): State<App>) -> Result<Json<Vec<Provider>>, Rejection> {
    let fleet = Fleet::read(&app).await?;
    let providers = fleet.providers().into_iter().map(|(name, served)| Provider {
        name: name.to_owned(),
        models: models(name, served),
        targets: targets(&fleet, name),
    });
    Ok(Json(providers.collect()))
}

/// Every provider that is known, with or without credentials.
#[utoipa::path(get, path = "/admin/providers/catalog", tag = "providers", responses((status = 200, body = Catalog)))]
pub(super) async fn known(State(app): State<App>) -> Result<Json<Catalog>, Rejection> {
    let fleet = Fleet::read(&app).await?;
    let registered = fleet.providers();
    let providers = catalog::providers().iter().map(|provider| CatalogEntry {
        id: provider.id.to_owned(),
        name: provider.name.to_owned(),
        registered: registered.contains_key(provider.id),
        served: provider.is_served(),
        catalog_models: provider.models.len() as u64,
    });
    Ok(Json(Catalog { providers: providers.collect() }))
}

/// The models that the provider's targets serve; where no target names it, those of its catalog entry.
fn models(provider: &str, served: BTreeSet<&str>) -> Vec<Model> {
    let entry = catalog::provider(provider);
    let known = entry.map(|entry| entry.models).unwrap_or_default();
    let ids: Vec<&str> =
        if served.is_empty() { known.iter().map(|model| model.id).collect() } else { served.into_iter().collect() };
    ids.into_iter().map(|id| model(provider, id, entry.and_then(|entry| entry.model(id)))).collect()
}

fn model(provider: &str, id: &str, known: Option<&catalog::Model>) -> Model {
    let told = |tokens: u64| (tokens > 0).then_some(tokens);
    Model {
        id: id.to_owned(),
        object: "model".to_owned(),
        owned_by: provider.to_owned(),
        context_window: known.and_then(|model| told(model.context_window)),
        max_output_tokens: known.and_then(|model| told(model.max_output)),
        pricing: known.and_then(|model| model.price.as_ref()).map(|price| Pricing {
            input: per_million(price.input),
            output: per_million(price.output),
            cache_read: price.cache_read.map(per_million),
            cache_write: price.cache_write.map(per_million),
        }),
    }
}

/// The provider's targets, each summed over the workers that report it.
fn targets(fleet: &Fleet, provider: &str) -> Vec<Target> {
    let reported: Vec<&worker::Target> =
        fleet.reports().flat_map(|report| &report.targets).filter(|target| target.provider == provider).collect();
    let names: BTreeSet<&str> = reported.iter().map(|target| target.name.as_str()).collect();
    names.into_iter().map(|name| sum(name, reported.iter().copied().filter(|target| target.name == name))).collect()
}

fn sum<'a>(name: &str, reported: impl Iterator<Item = &'a worker::Target> + Clone) -> Target {
    let total = |figure: fn(&worker::Target) -> u64| reported.clone().map(figure).sum();
    let latencies: Vec<f64> = reported.clone().filter_map(|target| target.latency_ms).collect();
    let last = reported.clone().filter(|target| target.last_error.is_some()).max_by_key(|target| target.last_error_at);
    Target {
        name: name.to_owned(),
        workers: total(|target| target.credential_found.into()),
        misconfigured: total(|target| target.misconfigured.into()),
        failing: total(|target| is_failing(target).into()),
        in_flight: total(|target| target.in_flight),
        requests: total(|target| target.requests),
        failures: total(|target| target.failures),
        latency_ms: mean(&latencies),
        last_error: last.and_then(|target| target.last_error.clone()),
    }
}

fn is_failing(target: &worker::Target) -> bool {
    let lately = |at: OffsetDateTime| OffsetDateTime::now_utc() - at < LATELY;
    target.failures_in_row >= FAILING && target.last_error_at.is_some_and(lately)
}

fn mean(figures: &[f64]) -> Option<f64> {
    let count = u32::try_from(figures.len()).ok().filter(|count| *count > 0)?;
    Some(figures.iter().sum::<f64>() / f64::from(count))
}

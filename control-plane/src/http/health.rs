//! How the gateway is, for operators.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use ferrogw_api::health::{Component, Configuration, Health, ProviderHealth, WorkerCount};

use crate::app::{App, InForce, Reading};
use crate::auth::Principal;
use crate::fleet::{Fleet, Standing};
use crate::store::{Area, StoreError};

/// How the gateway is. Always 200: `status` says the rest.
#[utoipa::path(get, path = "/admin/health", tag = "health", responses((status = 200, body = Health)))]
pub(super) async fn health(State(app): State<App>, principal: Principal) -> Json<Health> {
    let (in_force, workers) = tokio::join!(app.in_force(), Fleet::read(&app));
    // Without the store, those that are connected here are known all the same.
    let fleet = workers.unwrap_or_else(|_| Fleet::here(&app));
    let components = components(&app).await;
    let configuration = configuration(in_force.as_ref());
    let providers = providers(in_force.as_ref().ok(), &fleet);
    let workers = count(&fleet, configuration.version);
    let degraded = components.iter().any(|part| part.status == "unavailable" && part.name != AUDIT)
        || matches!(configuration.status.as_str(), "invalid" | "unknown")
        || workers.refused > 0;
    let status = match () {
        () if degraded => "degraded",
        () if providers.iter().all(|provider| provider.status != "available") => "no_providers",
        () => "healthy",
    };
    let scopes = principal.scopes.iter().map(super::key::scope).collect();
    Json(Health { status: status.to_owned(), providers, components, configuration, workers, scopes })
}

const AUDIT: &str = "Audit log";

async fn components(app: &App) -> Vec<Component> {
    let (keys, config, logs) = tokio::join!(app.store.ping(Area::Keys), app.store.ping(Area::Config), app.store.ping(Area::Logs));
    let part = |name: &str, state: Result<(), StoreError>| Component {
        name: name.to_owned(),
        status: match state {
            Ok(()) => "healthy",
            Err(StoreError::Disabled) => "disabled",
            Err(_) => "unavailable",
        }
        .to_owned(),
    };
    // The trail of each area is in that area's database: it is whole only where all of them answer.
    let trail = if keys.is_ok() && config.is_ok() && !is_away(&logs) { "healthy" } else { "unavailable" };
    vec![
        part("API", Ok(())),
        part("Key store", keys),
        part("Config store", config),
        part("Request logs", logs),
        Component { name: AUDIT.to_owned(), status: trail.to_owned() },
    ]
}

fn is_away(state: &Result<(), StoreError>) -> bool {
    matches!(state, Err(error) if !matches!(error, StoreError::Disabled))
}

fn configuration(in_force: Result<&InForce, &StoreError>) -> Configuration {
    let (status, version, issues) = match in_force {
        Err(_) => ("unknown", 0, Vec::new()),
        Ok(InForce { generation, reading }) => match reading {
            Reading::None => ("none", *generation, Vec::new()),
            Reading::Valid(_) => ("valid", *generation, Vec::new()),
            Reading::Invalid(issues) => ("invalid", *generation, issues.to_vec()),
        },
    };
    Configuration { status: status.to_owned(), version, issues }
}

fn count(fleet: &Fleet, generation: u64) -> WorkerCount {
    let at = |standing| fleet.connected().filter(|worker| worker.standing(generation) == standing).count() as u64;
    WorkerCount { connected: fleet.connected().count() as u64, current: at(Standing::Current), refused: at(Standing::Refused) }
}

/// The providers that the configuration names and those with credentials.
fn providers(in_force: Option<&InForce>, fleet: &Fleet) -> Vec<ProviderHealth> {
    let found = fleet.providers();
    let mut providers: BTreeMap<&str, ProviderHealth> = found
        .iter()
        .map(|(name, models)| (*name, provider(name, "available", models.len() as u64, misconfigured(fleet, name))))
        .collect();
    let targets = in_force.and_then(InForce::checked).map(ferrogw_config::Checked::targets).unwrap_or_default();
    let connected = fleet.connected().count();
    for name in targets.iter().map(ferrogw_config::Target::provider_id) {
        let why = if connected == 0 { "No worker is connected." } else { "No connected worker has a credential for it." };
        providers.entry(name).or_insert_with(|| provider(name, "unavailable", 0, Some(why.to_owned())));
    }
    providers.into_values().collect()
}

fn misconfigured(fleet: &Fleet, provider: &str) -> Option<String> {
    let targets = fleet.reports().flat_map(|report| &report.targets);
    let names: Vec<&str> =
        targets.filter(|target| target.provider == provider && target.misconfigured).map(|target| target.name.as_str()).collect();
    (!names.is_empty()).then(|| format!("The provider refuses the credential or the model of {}.", names.join(", ")))
}

fn provider(name: &str, status: &str, models: u64, message: Option<String>) -> ProviderHealth {
    ProviderHealth { name: name.to_owned(), status: status.to_owned(), models, message }
}

//! How the worker is, as it tells the control plane every two seconds.

use crate::cores::Loads;
use crate::found::providers_found;
use crate::plane::Plane;
use crate::snapshot::{State, Target};
use crate::sync::{Report, TargetReport};

/// How the worker is now.
pub(crate) fn report(plane: &Plane, loads: &Loads) -> Report {
    let snapshot = plane.live.load();
    Report {
        targets: snapshot.routes.targets.iter().map(|target| of_target(target)).collect(),
        requests_in_flight: loads.iter().map(|load| load.requests() as u64).sum(),
        demo: snapshot.state == State::Demo,
        providers_found: providers_found(&plane.environment).map(|provider| provider.id.to_owned()).collect(),
    }
}

fn of_target(target: &Target) -> TargetReport {
    let vitals = &target.vitals;
    let mut models: Vec<String> = target.models().map(str::to_owned).collect();
    models.sort_unstable();
    TargetReport {
        name: target.name.clone(),
        provider: target.provider.id.to_owned(),
        credential_found: target.obstacle().is_none(),
        models,
        any_model: target.serves_any_model(),
        in_flight: vitals.in_flight(),
        requests: vitals.attempts(),
        failures: vitals.failures(),
        failures_in_row: vitals.failures_in_row(),
        latency_ms: vitals.latency().map(|latency| latency.as_secs_f64() * 1e3),
        misconfigured: vitals.is_misconfigured(),
        last_error: vitals.last_error().map(|error| (error.at, error.message.clone())),
    }
}

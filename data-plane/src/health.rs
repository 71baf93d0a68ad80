//! How the worker is, for whoever watches over it: probes, a summary of the targets, and the scrape.
//!
//! All of it is read from what is in force and from counters; nothing here asks a provider or the control plane, so a probe costs
//! the same whatever is down, and a worker that has something to serve does not lose its readiness over a control plane that is away.

mod report;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::Body;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Response, StatusCode};
use serde_json::{Value, json};
use tokio::sync::watch;

pub(crate) use self::report::report;
use crate::cores::{Load, Loads};
use crate::metrics::{self, Metrics, Readings, TargetReading};
use crate::plane::Plane;
use crate::snapshot::{Snapshot, State, Target};
use crate::usage::Gauge;

/// What the worker has been told since its start: from its own disk, by the control plane, or by whoever ends it.
#[derive(Debug, Default)]
pub(crate) struct Told {
    known: watch::Sender<Known>,
    /// Whether configuration and keys are known, for every request to read.
    everything: AtomicBool,
}

/// Of what the worker has been told.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    configuration: bool,
    keys: bool,
    end: bool,
}

impl Told {
    /// There is a configuration, or word that there is none.
    pub(crate) fn configuration(&self) {
        self.learn(|known| known.configuration = true);
    }

    /// The key table is whole.
    pub(crate) fn keys(&self) {
        self.learn(|known| known.keys = true);
    }

    /// It ends soon.
    pub(crate) fn to_end(&self) {
        self.learn(|known| known.end = true);
    }

    /// Whether configuration and keys are known.
    pub(crate) fn is_everything(&self) -> bool {
        self.everything.load(Ordering::Acquire)
    }

    /// Waits until configuration and keys are known.
    pub(crate) async fn everything(&self) {
        // The sender is ours, so the channel is open.
        let _ = self.known.subscribe().wait_for(|known| known.configuration && known.keys).await;
    }

    fn learn(&self, what: impl FnOnce(&mut Known)) {
        self.known.send_modify(|known| {
            what(known);
            self.everything.store(known.configuration && known.keys, Ordering::Release);
        });
    }
}

/// Everything that tells how the worker is.
#[derive(Debug)]
pub(crate) struct Health {
    /// What it serves.
    pub(crate) plane: Arc<Plane>,
    /// What it was told.
    pub(crate) told: Arc<Told>,
    /// What it counted.
    pub(crate) metrics: Arc<Metrics>,
    /// How busy its cores are.
    pub(crate) loads: Arc<Loads>,
    /// How full its spool is.
    pub(crate) spool: Arc<Gauge>,
    /// Whether the control plane is there.
    pub(crate) connected: watch::Receiver<bool>,
}

impl Health {
    /// `/livez`: whoever can answer this lives.
    pub(crate) fn alive(&self) -> Response<Body> {
        answer(StatusCode::OK, &json!({"status": "ok"}))
    }

    /// `/readyz`: whether requests may be sent here, and if not, why.
    pub(crate) fn readiness(&self) -> Response<Body> {
        let snapshot = self.plane.live.load();
        let targets: Vec<Value> = snapshot
            .routes
            .targets
            .iter()
            .map(|target| json!({"name": &*target.name, "routable": target.obstacle().is_none()}))
            .collect();
        match self.obstacle(&snapshot) {
            None => answer(StatusCode::OK, &json!({"status": "ready", "targets": targets})),
            Some(reason) => {
                answer(StatusCode::SERVICE_UNAVAILABLE, &json!({"status": "not_ready", "reason": reason, "targets": targets}))
            }
        }
    }

    /// `/health`: every target and how it is doing.
    pub(crate) fn summary(&self) -> Response<Body> {
        let snapshot = self.plane.live.load();
        let providers: Vec<Value> = snapshot.routes.targets.iter().map(|target| describe(target)).collect();
        let (status, word) = match snapshot.routes.targets.iter().any(|target| is_up(target)) {
            true => (StatusCode::OK, "ok"),
            false => (StatusCode::SERVICE_UNAVAILABLE, "no_providers"),
        };
        let summary = json!({
            "status": word,
            "version": env!("CARGO_PKG_VERSION"),
            "configuration": match snapshot.state {
                State::Unconfigured => "none",
                State::Demo => "demo",
                State::Configured => "in_force",
            },
            "generation": snapshot.generation,
            "control_plane": if *self.connected.borrow() { "connected" } else { "away" },
            "providers": providers,
        });
        answer(status, &summary)
    }

    /// `/metrics`: the scrape.
    pub(crate) fn metrics(&self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.metrics.render(&self.readings())));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(metrics::CONTENT_TYPE));
        response
    }

    /// Why requests should not be sent here.
    fn obstacle(&self, snapshot: &Snapshot) -> Option<&'static str> {
        let known = *self.told.known.borrow();
        if known.end {
            return Some("shutting down");
        }
        if !known.configuration {
            return Some("no snapshot yet");
        }
        if snapshot.state == State::Unconfigured {
            return Some("no configuration");
        }
        if snapshot.routes.targets.iter().all(|target| target.obstacle().is_some()) {
            return Some("no routable target");
        }
        (!known.keys).then_some("waiting for the key table")
    }

    fn readings(&self) -> Readings {
        let snapshot = self.plane.live.load();
        let total = |count: fn(&Load) -> usize| self.loads.iter().map(count).sum::<usize>() as u64;
        let since_start = |count: fn(&Load) -> u64| self.loads.iter().map(count).sum();
        let active = total(Load::active);
        Readings {
            requests_in_flight: total(Load::requests),
            connections_active: active,
            connections_idle: total(Load::open).saturating_sub(active),
            connections_refused: since_start(Load::refused),
            connections_overdue: since_start(Load::overdue),
            generation: snapshot.generation,
            key_revision: snapshot.key_revision,
            keys: snapshot.keys.len() as u64,
            control_plane_connected: *self.connected.borrow(),
            spool_records: self.spool.records(),
            spool_bytes: self.spool.bytes(),
            spool_alarmed: self.spool.is_alarmed(),
            records_folded: self.spool.folded(),
            targets: snapshot.routes.targets.iter().map(|target| reading(target)).collect(),
        }
    }
}

fn describe(target: &Target) -> Value {
    let status = match target.obstacle() {
        Some(_) => "unroutable",
        None if target.vitals.is_misconfigured() => "misconfigured",
        None => "available",
    };
    json!({
        "name": &*target.name,
        "provider": target.provider.id,
        "status": status,
        "credential_found": target.obstacle().is_none(),
        "misconfigured": target.vitals.is_misconfigured(),
        "in_flight": target.vitals.in_flight(),
        "models": target.models().count(),
    })
}

fn reading(target: &Target) -> TargetReading {
    TargetReading {
        name: target.name.clone(),
        provider: target.provider.id,
        up: is_up(target),
        in_flight: target.vitals.in_flight(),
    }
}

/// Whether requests can be sent to it and its provider has no objection to its credential.
fn is_up(target: &Target) -> bool {
    target.obstacle().is_none() && !target.vitals.is_refused()
}

fn answer(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

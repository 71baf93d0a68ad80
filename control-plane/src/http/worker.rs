//! The workers.

use axum::Json;
use axum::extract::State;
use ferrogw_api::worker as api;

use super::rejection::Rejection;
use crate::app::App;
use crate::fleet::{Fleet, Worker};

/// All workers that were ever seen: what they serve, what they refused and how they are.
#[utoipa::path(get, path = "/admin/workers", tag = "workers", responses((status = 200, body = api::Workers)))]
pub(super) async fn list(State(app): State<App>) -> Result<Json<api::Workers>, Rejection> {
    let generation = app.store.current().await?.map_or(0, |activation| activation.generation);
    let fleet = Fleet::read(&app).await?;
    let data = fleet.workers.into_iter().map(|worker| shown(worker, generation)).collect();
    Ok(Json(api::Workers { public_url: app.public_url().map(str::to_owned), data }))
}

fn shown(worker: Worker, generation: u64) -> api::Worker {
    let status = worker.standing(generation).name().to_owned();
    api::Worker {
        id: worker.id.to_string(),
        name: worker.name,
        build: worker.build,
        address: worker.address,
        url: worker.url,
        connected: worker.connected,
        last_seen_at: worker.last_seen,
        status,
        version: worker.running.generation,
        key_revision: worker.running.key_revision,
        issues: worker.refused.unwrap_or_default().into_iter().chain(worker.warnings).collect(),
        report: worker.report,
    }
}

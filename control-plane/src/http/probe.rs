//! What orchestrators ask: does the process run, can it do its work.

use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use ferrogw_api::health::{Liveness, Readiness};
use tokio::sync::Mutex;

use crate::app::{App, Reading};
use crate::store::Area;

/// How long an answer is repeated before the databases are asked again.
const FRESH: Duration = Duration::from_secs(1);

/// What readiness was when it was last looked at. However many ask, one looks.
#[derive(Debug, Default)]
pub(crate) struct Probe(Mutex<Option<(Instant, Readiness)>>);

/// The process runs.
#[utoipa::path(get, path = "/livez", tag = "health", responses((status = 200, body = Liveness)))]
pub(super) async fn livez() -> Json<Liveness> {
    Json(Liveness { status: "ok".to_owned() })
}

/// The control plane can do its work.
#[utoipa::path(get, path = "/readyz", tag = "health", responses((status = 200, body = Readiness), (status = 503, body = Readiness)))]
pub(super) async fn readyz(State(app): State<App>) -> (StatusCode, Json<Readiness>) {
    let readiness = app.probe().look(&app).await;
    let status = if readiness.reason.is_none() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(readiness))
}

impl Probe {
    async fn look(&self, app: &App) -> Readiness {
        let mut last = self.0.lock().await;
        if let Some((at, readiness)) = &*last
            && at.elapsed() < FRESH
        {
            return readiness.clone();
        }
        let readiness = look(app).await;
        *last = Some((Instant::now(), readiness.clone()));
        readiness
    }
}

/// No error's text is shown here: anybody may ask.
async fn look(app: &App) -> Readiness {
    let (config, keys) = tokio::join!(app.store.ping(Area::Config), app.store.ping(Area::Keys));
    let reason = match (config, keys) {
        (Ok(()), Ok(())) => None,
        (Err(_), _) => Some("The config store is unreachable."),
        (_, Err(_)) => Some("The key store is unreachable."),
    };
    let detail = match app.in_force().await {
        Err(_) => None,
        Ok(in_force) => match in_force.reading {
            Reading::Valid(_) => None,
            Reading::None => Some("No configuration is in force.".to_owned()),
            Reading::Invalid(_) => {
                let generation = in_force.generation;
                Some(format!(
                    "This release refuses the stored configuration (version {generation}); roll back or send a new one."
                ))
            }
        },
    };
    let status = if reason.is_none() { "ready" } else { "not_ready" };
    Readiness { status: status.to_owned(), reason: reason.map(str::to_owned), detail }
}

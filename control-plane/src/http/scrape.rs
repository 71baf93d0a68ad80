//! Prometheus's scrape.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::metrics::{self, Readings};

/// The control plane's metrics, in the text format of `OpenMetrics`.
#[utoipa::path(get, path = "/metrics", tag = "health", responses((status = 200, body = String, content_type = "application/openmetrics-text")))]
pub(super) async fn metrics(State(app): State<App>) -> Response {
    let text = app.metrics.render(&Readings::read(&app).await);
    ([(CONTENT_TYPE, metrics::CONTENT_TYPE)], text).into_response()
}

/// The same where `/metrics` is a worker's: in all-in-one.
#[utoipa::path(get, path = "/admin/metrics", tag = "health", responses((status = 200, body = String, content_type = "application/openmetrics-text")))]
pub(super) async fn metrics_beside_the_workers(state: State<App>) -> Response {
    metrics(state).await
}

//! The admin API: one line per route.
//!
//! Types of this module and of `ferrogw-api` stop here; the store knows nothing of HTTP.

mod audit;
mod body;
mod config;
mod console;
mod cookie;
mod cursor;
mod dashboard;
mod declaration;
mod denial;
mod edge;
pub(crate) mod figures;
mod gate;
mod health;
mod key;
mod log;
mod openapi;
mod playground;
mod plugin;
mod probe;
mod provider;
mod query;
mod rejection;
mod request_id;
mod rpc;
mod same_site;
mod scrape;
mod segment;
mod session;
mod trace;
mod usage;
mod worker;

use std::sync::Arc;

use axum::Router;
use axum::extract::Extension;
use axum::http::HeaderValue;
use axum::middleware::{from_fn, from_fn_with_state};
use ferrogw_process::Telemetry;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::routes;

use crate::app::App;
use declaration::Routes;

pub(crate) use probe::Probe;

/// The admin API, the probes and the operators' streams, ready to be served.
pub(crate) fn router(app: App, telemetry: Option<Arc<Telemetry>>) -> Router {
    let (router, description) = declare(app.clone()).finish();
    let router = match telemetry.map(trace::Teller::new) {
        Some(teller) => router.layer(from_fn_with_state(teller, trace::observe)),
        None => router,
    };
    router
        .merge(rpc::routes(&app))
        .fallback(edge::not_found)
        .method_not_allowed_fallback(edge::method_not_allowed)
        .layer(Extension(Arc::new(description)))
        .layer(CatchPanicLayer::custom(edge::panicked))
        .layer(from_fn_with_state(app.metrics.clone(), edge::count))
        .layer(from_fn(edge::guard))
        .merge(console::router())
        .layer(from_fn(request_id::assign))
        .with_state(app)
}

/// Every route, and who may use it.
fn declare(app: App) -> Routes {
    Routes::new(app)
        .open(routes!(probe::livez))
        .open(routes!(probe::readyz))
        .sign_in(routes!(session::create))
        .read(routes!(session::current, session::end))
        .read(routes!(session::list))
        .write(routes!(session::end_all))
        .write(routes!(session::end_one))
        .read(routes!(dashboard::overview))
        .read(routes!(health::health))
        .read(routes!(worker::list))
        .read(routes!(provider::list))
        .read(routes!(provider::known))
        .read(routes!(plugin::list))
        .read(routes!(plugin::known))
        .read(routes!(key::list))
        .read(routes!(key::get))
        .read(routes!(key::usage::by_use))
        .write(routes!(key::create))
        .write(routes!(key::update, key::delete))
        .write(routes!(key::revoke))
        .write(routes!(key::rotate))
        .read(routes!(config::get))
        .write(routes!(config::create, config::update, config::delete))
        .read(routes!(config::check::check))
        .read(routes!(config::check::describe))
        .read(routes!(config::history::list))
        .read(routes!(config::history::get))
        .write(routes!(config::history::rollback))
        .read(routes!(log::list))
        .read(routes!(log::detail::detail))
        .read(routes!(log::export::export))
        .read(routes!(log::tail::tail))
        .write(routes!(log::purge::purge))
        .read(routes!(log::stats::figures))
        .read(routes!(usage::usage))
        .read(routes!(audit::list))
        .write(routes!(playground::chat))
        .write(routes!(playground::completions))
        .write(routes!(playground::embeddings))
        .write(routes!(playground::models))
        .read(routes!(scrape::metrics))
        .read(routes!(scrape::metrics_beside_the_workers))
        .read(routes!(openapi::describe))
}

/// The entity tag of a version.
fn etag(version: u64) -> HeaderValue {
    HeaderValue::try_from(format!("\"{version}\"")).expect("digits in quotes are a header value")
}

//! Plugins: those that are configured, and all that are known.

use axum::Json;
use axum::extract::State;
use ferrogw_api::plugin::{self as api, Catalog, Plugin};

use super::rejection::Rejection;
use crate::app::App;

/// The plugin entries of the configuration in force.
#[utoipa::path(get, path = "/admin/plugins", tag = "plugins", responses((status = 200, body = Vec<Plugin>)))]
pub(super) async fn list(State(app): State<App>) -> Result<Json<Vec<Plugin>>, Rejection> {
    let in_force = app.in_force().await?;
    let entries = in_force.checked().map(|checked| checked.config().plugins.as_slice()).unwrap_or_default();
    let known = api::catalog();
    let kind = |name: &str| known.iter().find(|plugin| plugin.name == name).map(|plugin| plugin.kind.clone());
    let plugins = entries.iter().map(|entry| Plugin {
        name: entry.name.clone(),
        kind: entry.kind.clone().or_else(|| kind(&entry.name)).unwrap_or_default(),
        stage: entry.stage.clone(),
        enabled: entry.enabled,
    });
    Ok(Json(plugins.collect()))
}

/// Every plugin that is known, with its settings.
#[utoipa::path(get, path = "/admin/plugins/catalog", tag = "plugins", responses((status = 200, body = Catalog)))]
pub(super) async fn known() -> Json<Catalog> {
    Json(Catalog { data: api::catalog() })
}

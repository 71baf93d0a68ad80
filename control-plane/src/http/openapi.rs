//! The description of the admin API, made from the handlers themselves.

use std::sync::Arc;

use axum::Json;
use axum::extract::Extension;
use utoipa::openapi::OpenApi;

/// The description, once all routes are declared.
pub(super) type Description = Arc<OpenApi>;

/// The `OpenAPI` description of this API.
#[utoipa::path(get, path = "/admin/openapi.json", tag = "health", responses((status = 200, body = Object)))]
pub(super) async fn describe(Extension(description): Extension<Description>) -> Json<OpenApi> {
    Json(OpenApi::clone(&description))
}

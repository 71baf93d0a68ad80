//! Throwing rows away.

use axum::Json;
use axum::extract::State;
use ferrogw_api::Envelope;
use ferrogw_api::log::{PurgeFilters, Purged};

use super::stage::Stage;
use crate::app::App;
use crate::auth::Principal;
use crate::http::query::Parameters;
use crate::http::rejection::Rejection;
use crate::store::Purge;

/// Deletes rows that are strictly older than `before`. What keys used and what was spent stays known.
#[utoipa::path(
    delete, path = "/admin/logs", tag = "logs",
    params(
        ("before" = String, Query, description = "Arrived strictly before this time."),
        ("stage" = Option<String>, Query, description = "`after_request` for successes, `on_error` for failures, `all` for both."),
        ("model" = Option<String>, Query),
        ("provider" = Option<String>, Query)
    ),
    responses((status = 200, body = Purged), (status = 400, body = Envelope), (status = 501, body = Envelope))
)]
pub(in crate::http) async fn purge(
    State(app): State<App>,
    parameters: Parameters,
    principal: Principal,
) -> Result<Json<Purged>, Rejection> {
    let before = parameters
        .instant("before")?
        .ok_or_else(|| Rejection::invalid("`before` is required: rows older than it are deleted for good.").about("before"))?;
    // A misspelt filter must not delete what nobody meant.
    let stage = parameters.word("stage", &["all", Stage::AFTER, Stage::ERROR])?;
    let (model, provider) = (parameters.text("model"), parameters.text("provider"));
    let status = Stage::of(stage).status();
    let purge = Purge { before: before.at, model: model.clone(), provider: provider.clone(), status };
    // Whoever hangs up meanwhile leaves no purge half done that nobody wrote down.
    let purging = tokio::spawn(async move { app.store.purge_logs(&purge, &principal.actor).await });
    let deleted = purging.await.map_err(|_| Rejection::internal())??;
    let filters = PurgeFilters {
        before: before.text,
        stage: stage.unwrap_or_default().to_owned(),
        model: model.unwrap_or_default(),
        provider: provider.unwrap_or_default(),
    };
    Ok(Json(Purged { deleted, filters }))
}

//! One request, whole.

use axum::Json;
use axum::extract::State;
use ferrogw_api::Envelope;
use ferrogw_api::log::{LogDetail, LogPrice, LogTokens};
use ferrogw_config::catalog;
use uuid::Uuid;

use super::entry::entry;
use crate::app::App;
use crate::http::figures::per_million;
use crate::http::rejection::Rejection;
use crate::http::segment::Segment;
use crate::store::{LogRow, StoreError, Tokens};

/// Everything that is known of one request.
#[utoipa::path(
    get, path = "/admin/logs/{id}", tag = "logs", params(("id" = String, Path, description = "The record's id.")),
    responses((status = 200, body = LogDetail), (status = 404, body = Envelope), (status = 501, body = Envelope))
)]
pub(in crate::http) async fn detail(State(app): State<App>, Segment(id): Segment) -> Result<Json<LogDetail>, Rejection> {
    // What is no id is nobody's, but without a request log that is what there is to say.
    let row = app.store.log(Uuid::try_parse(&id).unwrap_or_default()).await;
    let LogRow { worker_id, record } = row.map_err(|error| match error {
        StoreError::NotFound(_) => Rejection::not_found("request"),
        error => error.into(),
    })?;
    let workers = app.store.workers().await.unwrap_or_default();
    let worker_name = workers.into_iter().find(|worker| worker.id == worker_id).map(|worker| worker.name);
    Ok(Json(LogDetail {
        usage: record.tokens.map(usage),
        price: record.price_rule.as_deref().and_then(price),
        price_rule: record.price_rule.clone(),
        worker_id: worker_id.to_string(),
        worker_name,
        repairs: record.repairs,
        entry: entry(record),
    }))
}

fn usage(tokens: Tokens) -> LogTokens {
    LogTokens {
        input: tokens.input,
        cache_read: tokens.cache_read,
        cache_write: tokens.cache_write,
        cache_write_1h: tokens.cache_write_1h,
        output: tokens.output,
        reasoning: tokens.reasoning,
        audio_input: tokens.audio_input,
        audio_output: tokens.audio_output,
    }
}

/// What the rule `catalog:provider/model` says in this release.
fn price(rule: &str) -> Option<LogPrice> {
    let (provider, model) = rule.strip_prefix("catalog:")?.split_once('/')?;
    let price = catalog::provider(provider)?.model(model)?.price.as_ref()?;
    Some(LogPrice {
        input: per_million(price.input),
        output: per_million(price.output),
        cache_read: price.cache_read.map(per_million),
        cache_write: price.cache_write.map(per_million),
        cache_write_1h: price.cache_write_1h.map(per_million),
    })
}

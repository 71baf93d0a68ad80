//! The figures of the overview page.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use ferrogw_api::dashboard::{Dashboard, KeyCount, LogCount, ProviderCount};
use time::OffsetDateTime;

use super::rejection::Rejection;
use crate::app::App;
use crate::fleet::Fleet;
use crate::store::{LogFilter, Page, StoreError};

/// The figures of the overview page.
#[utoipa::path(get, path = "/admin/dashboard", tag = "health", responses((status = 200, body = Dashboard)))]
pub(super) async fn overview(State(app): State<App>) -> Result<Json<Dashboard>, Rejection> {
    Ok(Json(Dashboard { providers: providers(&app).await?, keys: keys(&app).await?, request_logs: logs(&app).await? }))
}

async fn providers(app: &App) -> Result<ProviderCount, Rejection> {
    let (in_force, fleet) = (app.in_force().await?, Fleet::read(app).await?);
    let available: BTreeSet<&str> = fleet.providers().into_keys().collect();
    let targets = in_force.checked().map(ferrogw_config::Checked::targets).unwrap_or_default();
    let named = targets.iter().map(ferrogw_config::Target::provider_id);
    let total = named.chain(available.iter().copied()).collect::<BTreeSet<_>>().len();
    Ok(ProviderCount { total: total as u64, available: available.len() as u64 })
}

async fn keys(app: &App) -> Result<KeyCount, Rejection> {
    let now = OffsetDateTime::now_utc();
    let keys = super::key::all(app).await?;
    let expired = |key: &&ferrogw_api::key::Key| key.active && key.expires_at.is_some_and(|end| end <= now);
    let (live, dead) = (keys.iter().filter(|key| key.active).count(), keys.iter().filter(expired).count());
    Ok(KeyCount {
        total: keys.len() as u64,
        active: (live - dead) as u64,
        expired: dead as u64,
        total_usage: keys.iter().filter_map(|key| key.usage_count).sum(),
    })
}

async fn logs(app: &App) -> Result<LogCount, Rejection> {
    match app.store.logs(&LogFilter::default(), Page::first(1), None).await {
        Ok(page) => Ok(LogCount { enabled: true, total: page.total }),
        Err(StoreError::Disabled) => Ok(LogCount { enabled: false, total: 0 }),
        Err(error) => Err(error.into()),
    }
}

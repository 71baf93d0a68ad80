//! What was used, spent and waited for.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use ferrogw_api::Envelope;
use ferrogw_api::key::PLAYGROUND;
use ferrogw_api::usage::{Usage, UsageFigures, UsageGroup, UsageStep};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::figures::dollars;
use super::log::key_filter;
use super::log::stats::percentiles;
use super::query::Parameters;
use super::rejection::Rejection;
use crate::app::App;
use crate::store::{self, Dimension, Figures, UsageQuery};

/// Steps where nobody says how many.
const POINTS: u64 = 60;

/// What was used, spent and waited for over any range of time, in steps, in all, and by provider, model or key.
///
/// It is read from roll-ups, which outlive the rows of the log: what was purged still counts. Steps are whole minutes, hours or days
/// (UTC), the shortest of which `points` are as long as the range; a range that begins or ends within a step is widened to the whole
/// of it, and the answer says so. Minutes are told apart for seven days. Percentiles are within 4.4 % of the true ones, everything
/// else is exact.
#[utoipa::path(
    get, path = "/admin/usage", tag = "logs",
    params(
        ("since" = Option<String>, Query, description = "From when on: a day before `until`."),
        ("until" = Option<String>, Query, description = "Until when: now."),
        ("points" = Option<u64>, Query, description = "Most steps, save one for ragged ends: 60, at most 240. 1 is the range itself, in whole minutes (hours, where it began more than seven days ago)."),
        ("group_by" = Option<String>, Query, description = "`provider`, `model` or `key`."),
        ("provider" = Option<String>, Query),
        ("model" = Option<String>, Query, description = "The model as it went to the provider."),
        ("api_key_id" = Option<String>, Query, description = "A key's id, or `none` for requests without one.")
    ),
    responses((status = 200, body = Usage), (status = 400, body = Envelope), (status = 501, body = Envelope))
)]
pub(super) async fn usage(State(app): State<App>, parameters: Parameters) -> Result<Json<Usage>, Rejection> {
    let query = query(&parameters)?;
    let told = app.store.usage(&query).await?;
    let names = if query.groups == Some(Dimension::Key) { names(&app).await } else { HashMap::new() };
    let group = |group: store::UsageGroup| UsageGroup {
        label: names.get(&group.name).cloned(),
        name: name(query.groups, group.name),
        figures: figures(&group.figures),
    };
    let other = told.other.as_ref().map(|other| UsageGroup { name: "other".to_owned(), label: None, figures: figures(other) });
    Ok(Json(Usage {
        since: told.since,
        until: told.until,
        step_seconds: told.step.as_secs(),
        summary: figures(&told.summary),
        series: told.series.iter().map(|step| UsageStep { start: step.start, figures: figures(&step.figures) }).collect(),
        groups: told.groups.into_iter().map(group).chain(other).collect(),
    }))
}

fn query(parameters: &Parameters) -> Result<UsageQuery, Rejection> {
    let until = parameters.instant("until")?.map_or_else(OffsetDateTime::now_utc, |until| until.at);
    let since = parameters.instant("since")?.map_or_else(|| until.saturating_sub(Duration::DAY), |since| since.at);
    if since >= until {
        return Err(Rejection::invalid("`since` has to be before `until`.").about("since"));
    }
    let points = match parameters.count("points", 240)? {
        0 => POINTS,
        points => points,
    };
    let groups = parameters.word("group_by", &["provider", "model", "key"])?.map(|word| match word {
        "provider" => Dimension::Provider,
        "model" => Dimension::Model,
        _ => Dimension::Key,
    });
    Ok(UsageQuery {
        // Nothing was ever counted before, and steps that begin before the year 1 have no spelling.
        since: since.max(OffsetDateTime::UNIX_EPOCH),
        until,
        points: u32::try_from(points).unwrap_or(u32::MAX),
        groups,
        key: parameters.text("api_key_id").as_deref().map(key_filter),
        provider: parameters.text("provider"),
        model: parameters.text("model"),
    })
}

/// What keys are called. Without the key store they are shown by their ids.
async fn names(app: &App) -> HashMap<String, String> {
    let keys = app.store.keys().await.unwrap_or_else(|error| {
        tracing::warn!(%error, "usage is shown without the names of keys: {error}");
        Vec::new()
    });
    let playground = (PLAYGROUND.to_owned(), "Playground".to_owned());
    keys.into_iter().map(|key| (key.id.to_string(), key.name)).chain([playground]).collect()
}

fn name(groups: Option<Dimension>, name: String) -> String {
    match groups {
        Some(Dimension::Key) if name == Uuid::nil().to_string() => "none".to_owned(),
        _ if name.is_empty() => "unknown".to_owned(),
        _ => name,
    }
}

fn figures(figures: &Figures) -> UsageFigures {
    UsageFigures {
        requests: figures.requests,
        errors: figures.errors,
        prompt_tokens: figures.tokens.prompt(),
        completion_tokens: figures.tokens.output,
        cached_tokens: figures.tokens.cache_read,
        reasoning_tokens: figures.tokens.reasoning,
        cost_usd: dollars(figures.cost_nanos),
        unpriced: figures.unpriced,
        latency_ms: figures.latency.as_ref().map(percentiles),
        ttft_ms: figures.first_content.as_ref().map(percentiles),
    }
}

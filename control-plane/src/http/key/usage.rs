//! Keys by how much they are used.

use std::cmp::Reverse;

use axum::Json;
use axum::extract::State;
use ferrogw_api::key::{Key, KeyUsage, KeyUsageFilters, KeyUsageSummary};

use crate::app::App;
use crate::http::query::Parameters;
use crate::http::rejection::Rejection;

/// Keys by how much they are used.
#[utoipa::path(
    get, path = "/admin/keys/usage", tag = "keys",
    params(
        ("limit" = Option<u64>, Query, description = "Longest page: 20, at most 100."),
        ("offset" = Option<u64>, Query, description = "Keys to leave out before it."),
        ("sort" = Option<String>, Query, description = "`usage` or `last_used`."),
        ("active" = Option<bool>, Query, description = "Only keys that are, or are not, active."),
        ("since" = Option<String>, Query, description = "Only keys that were used at or after this time.")
    ),
    responses((status = 200, body = KeyUsage), (status = 400, body = ferrogw_api::Envelope))
)]
pub(in crate::http) async fn by_use(State(app): State<App>, parameters: Parameters) -> Result<Json<KeyUsage>, Rejection> {
    let (limit, offset) = (parameters.limit(20, 100)?, parameters.count("offset", u64::MAX)?);
    let sort = parameters.word("sort", &["usage", "last_used"])?.unwrap_or("usage");
    let active = parameters.boolean("active")?;
    let since = parameters.instant("since")?;

    let mut keys = super::all(&app).await?;
    keys.retain(|key| {
        active.is_none_or(|active| key.active == active)
            && since.as_ref().is_none_or(|since| key.last_used_at.is_some_and(|used| used >= since.at))
    });
    order(&mut keys, sort);
    let mut summary = KeyUsageSummary {
        total_keys: keys.len() as u64,
        active_keys: keys.iter().filter(|key| key.active).count() as u64,
        total_usage: keys.iter().filter_map(|key| key.usage_count).sum(),
        returned_keys: 0,
    };
    let data: Vec<Key> = keys.into_iter().skip(bounded(offset)).take(bounded(limit)).collect();
    summary.returned_keys = data.len() as u64;
    let filters = KeyUsageFilters {
        limit,
        offset,
        sort: sort.to_owned(),
        active: active.map(|active| active.to_string()).unwrap_or_default(),
        since: since.map(|since| since.text).unwrap_or_default(),
    };
    Ok(Json(KeyUsage { data, summary, filters }))
}

/// The most used, or the most recently used, first; the other measure and then the age decide between equals.
fn order(keys: &mut [Key], sort: &str) {
    match sort {
        "last_used" => keys.sort_by_key(|key| Reverse((key.last_used_at, key.usage_count, key.created_at, key.id.clone()))),
        _ => keys.sort_by_key(|key| Reverse((key.usage_count, key.last_used_at, key.created_at, key.id.clone()))),
    }
}

fn bounded(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

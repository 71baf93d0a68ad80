//! The request log in figures.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use ferrogw_api::Envelope;
use ferrogw_api::stats::{Group, Percentiles, Point, Series, Stats, StatsFilters, Summary, TopError};

use super::stage::Stage;
use super::wanted::spelt;
use crate::app::App;
use crate::http::figures::{dollars, millis};
use crate::http::query::Parameters;
use crate::http::rejection::Rejection;
use crate::store::{self, Latency, LogFilter, LogStats, StatsFilter, Totals};

/// The request log in figures. Percentiles and the series come only with both `buckets` and `since`.
///
/// Up to 20,000 matching requests everything is counted over the log itself, and is exact. Beyond, figures come from roll-ups: they
/// remember what was purged too, begin with the whole minute (hour, where that was more than seven days ago) that holds `since`, and
/// percentiles are within 4.4 % of the true ones. With `stage`, and for a model that callers also use as another name of others,
/// percentiles are those of the newest 20,000. Error messages are those of the newest 20,000 failures. `GET /admin/usage` tells more.
#[utoipa::path(
    get, path = "/admin/logs/stats", tag = "logs",
    params(
        ("limit" = Option<u64>, Query, description = "Most providers and models: all, at most 100."),
        ("buckets" = Option<u64>, Query, description = "Points of the series: none, at most 120."),
        ("stage" = Option<String>, Query, description = "`after_request` for successes, `on_error` for failures."),
        ("model" = Option<String>, Query),
        ("provider" = Option<String>, Query),
        ("since" = Option<String>, Query, description = "Arrived at or after this time.")
    ),
    responses((status = 200, body = Stats), (status = 400, body = Envelope), (status = 501, body = Envelope))
)]
pub(in crate::http) async fn figures(State(app): State<App>, parameters: Parameters) -> Result<Json<Stats>, Rejection> {
    let (limit, buckets) = (parameters.count("limit", 100)?, parameters.count("buckets", 120)?);
    let (stage, since) = (parameters.text("stage"), parameters.instant("since")?);
    let (model, provider) = (parameters.text("model"), parameters.text("provider"));
    let meant = Stage::of(stage.as_deref());
    let rows = LogFilter {
        since: since.as_ref().map(|since| since.at),
        model: model.clone(),
        provider: provider.clone(),
        status: meant.status(),
        ..LogFilter::default()
    };
    let filter = StatsFilter { rows, groups: limit, buckets: u32::try_from(buckets).unwrap_or(u32::MAX) };
    let counted = app.store.log_stats(&filter).await?;
    let counted = if meant == Stage::Nothing { LogStats::default() } else { counted };
    let filters = StatsFilters {
        limit,
        buckets,
        stage: stage.unwrap_or_default(),
        model: model.unwrap_or_default(),
        provider: provider.unwrap_or_default(),
        since: spelt(since),
    };
    let by_stage = by_stage(&counted, meant);
    Ok(Json(answer(counted, filters, by_stage)))
}

/// Successes and failures apart.
fn by_stage(counted: &LogStats, meant: Stage) -> BTreeMap<String, Group> {
    let (all, failed) = (&counted.summary, &counted.failed);
    let stages = match meant {
        Stage::Any => vec![(Stage::AFTER, all.without(failed)), (Stage::ERROR, failed.clone())],
        Stage::After => vec![(Stage::AFTER, all.clone())],
        Stage::Error => vec![(Stage::ERROR, all.clone())],
        Stage::Nothing => Vec::new(),
    };
    let happened = stages.into_iter().filter(|(_, totals)| totals.requests > 0);
    happened.map(|(name, totals)| (name.to_owned(), group(&totals))).collect()
}

fn answer(counted: LogStats, filters: StatsFilters, by_stage: BTreeMap<String, Group>) -> Stats {
    let total = &counted.summary;
    Stats {
        summary: Summary {
            total_entries: total.requests,
            error_entries: total.errors,
            total_tokens: total.prompt_tokens + total.completion_tokens,
            prompt_tokens: total.prompt_tokens,
            completion_tokens: total.completion_tokens,
            cost_usd: dollars(total.cost_nanos),
            unpriced_requests: total.unpriced,
        },
        latency_ms: counted.latency.as_ref().map(percentiles),
        ttft_ms: counted.first_content.as_ref().map(percentiles),
        by_stage,
        by_provider: groups(&counted.by_provider),
        by_model: groups(&counted.by_model),
        top_errors: counted.top_errors.into_iter().map(|top| TopError { message: top.message, count: top.count }).collect(),
        series: counted.series.map(series).unwrap_or_default(),
        filters,
    }
}

fn groups(groups: &[store::Group]) -> BTreeMap<String, Group> {
    groups.iter().map(|one| (one.name.clone(), group(&one.totals))).collect()
}

fn group(totals: &Totals) -> Group {
    Group {
        count: totals.requests,
        errors: totals.errors,
        tokens: totals.prompt_tokens + totals.completion_tokens,
        cost_usd: dollars(totals.cost_nanos),
        unpriced: totals.unpriced,
    }
}

/// A distribution as the API shows it.
pub(in crate::http) fn percentiles(latency: &Latency) -> Percentiles {
    Percentiles {
        p50: millis(latency.p50),
        p95: millis(latency.p95),
        p99: millis(latency.p99),
        max: millis(latency.max),
        mean: millis(latency.mean),
        count: latency.count,
    }
}

fn series(series: store::Series) -> Series {
    let point = |point: store::Point| Point {
        start: point.start,
        requests: point.totals.requests,
        errors: point.totals.errors,
        prompt_tokens: point.totals.prompt_tokens,
        completion_tokens: point.totals.completion_tokens,
    };
    Series {
        points: series.points.into_iter().map(point).collect(),
        truncated: false,
        start: Some(series.start),
        end: Some(series.end),
    }
}

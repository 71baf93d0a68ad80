//! The request log in figures.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use ferrogw_api::Envelope;
use ferrogw_api::stats::{Group, Percentiles, Point, Series, Stats, StatsFilters, Summary, TopError};

use super::{Stage, spelt};
use crate::app::App;
use crate::http::figures::{dollars, millis};
use crate::http::query::Parameters;
use crate::http::rejection::Rejection;
use crate::store::{self, Latency, LogFilter, LogStats, StatsFilter, Totals};

/// The request log in figures. Percentiles and the series come only with both `buckets` and `since`.
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
    Ok(Json(answer(counted, filters, &by_stage(&app, filter, meant).await?)))
}

/// Successes and failures apart, each as its own count, because each has tokens and cost of its own.
async fn by_stage(app: &App, filter: StatsFilter, meant: Stage) -> Result<BTreeMap<String, Group>, Rejection> {
    let stages = match meant {
        Stage::Any => vec![Stage::After, Stage::Error],
        Stage::After | Stage::Error => vec![meant],
        Stage::Nothing => Vec::new(),
    };
    let mut groups = BTreeMap::new();
    for stage in stages {
        let rows = LogFilter { status: stage.status(), ..filter.rows.clone() };
        let counted = app.store.log_stats(&StatsFilter { rows, groups: 1, buckets: 0 }).await?;
        if counted.summary.requests > 0 {
            let name = if stage == Stage::Error { Stage::ERROR } else { Stage::AFTER };
            groups.insert(name.to_owned(), group(&counted.summary));
        }
    }
    Ok(groups)
}

fn answer(counted: LogStats, filters: StatsFilters, by_stage: &BTreeMap<String, Group>) -> Stats {
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
        by_stage: by_stage.clone(),
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

fn percentiles(latency: &Latency) -> Percentiles {
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

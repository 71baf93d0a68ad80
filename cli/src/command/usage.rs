//! `admin usage`: what was used, spent and waited for over a range of time.

use ferrogw_api::Client;
use ferrogw_api::usage::{GroupBy, Usage, UsageFigures, UsageGroup, UsageQuery, UsageStep};

use super::latency;
use crate::args::{By, ShowUsage};
use crate::clock::When;
use crate::failure::Failure;
use crate::output::{self, Column, Output, column, count, dollars, id, instant, millis};

const SUMMARY: &[Column<UsageFigures>] = &[
    column("REQUESTS", |of| count(of.requests)),
    column("ERRORS", |of| count(of.errors)),
    column("PROMPT TOKENS", |of| count(of.prompt_tokens)),
    column("CACHED", |of| count(of.cached_tokens)),
    column("COMPLETION TOKENS", |of| count(of.completion_tokens)),
    column("REASONING", |of| count(of.reasoning_tokens)),
    column("COST USD", |of| dollars(Some(of.cost_usd))),
    column("UNPRICED", |of| count(of.unpriced)),
];

macro_rules! groups {
    ($name:literal) => {
        &[
            id($name, |group: &UsageGroup| group.name.clone()),
            column("NAME", |group| group.label.clone().unwrap_or_default()),
            column("REQUESTS", |group| count(group.figures.requests)),
            column("ERRORS", |group| count(group.figures.errors)),
            column("TOKENS", |group| count(group.figures.prompt_tokens + group.figures.completion_tokens)),
            column("COST USD", |group| dollars(Some(group.figures.cost_usd))),
            column("P50 MS", |group| millis(group.figures.latency_ms.map(|of| of.p50))),
            column("P95 MS", |group| millis(group.figures.latency_ms.map(|of| of.p95))),
        ]
    };
}

const PROVIDERS: &[Column<UsageGroup>] = groups!("PROVIDER");
const MODELS: &[Column<UsageGroup>] = groups!("MODEL");
const KEYS: &[Column<UsageGroup>] = groups!("KEY");

pub(super) async fn show(client: &Client, wanted: ShowUsage, output: Output) -> Result<(), Failure> {
    let [since, until] = When::resolve_all([Some(wanted.since), wanted.until], client, output).await?;
    let (group_by, columns) = match wanted.by {
        By::Provider => (GroupBy::Provider, PROVIDERS),
        By::Model => (GroupBy::Model, MODELS),
        By::Key => (GroupBy::Key, KEYS),
    };
    let query = UsageQuery {
        since,
        until,
        points: Some(wanted.points),
        group_by: Some(group_by),
        provider: wanted.provider,
        model: wanted.model,
        api_key_id: wanted.api_key_id,
    };
    let usage = client.usage(&query).await?;
    if !output.is_table() {
        return output.record(&usage);
    }
    if output.quiet {
        return output.list(&usage.groups, columns, "");
    }
    output.note(&format!("{} to {}", instant(Some(usage.since)), instant(Some(usage.until))));
    output::write(&page(&usage, columns, output.look()))
}

/// Everything on one page; what there is nothing of is left out.
fn page(usage: &Usage, columns: &[Column<UsageGroup>], look: Option<usize>) -> String {
    let summary = &usage.summary;
    // Only keys have a name beside what they are called.
    let named = usage.groups.iter().any(|group| group.label.is_some());
    let shown: Vec<&Column<UsageGroup>> = columns.iter().filter(|column| named || !column.is_called("NAME")).collect();
    let parts = [
        Some(output::table(std::slice::from_ref(summary), SUMMARY, look)),
        latency::table(summary.latency_ms, summary.ttft_ms, look),
        (summary.requests > 0).then(|| course(usage)),
        (!usage.groups.is_empty()).then(|| output::table_of(&usage.groups, &shown, look)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

/// Requests over time, as a row of bars.
fn course(usage: &Usage) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = usage.series.iter().map(|step| step.figures.requests).max().unwrap_or_default().max(1);
    let bar = |step: &UsageStep| match step.figures.requests {
        0 => ' ',
        requests => BARS[usize::try_from(requests * 7 / most).unwrap_or(7).min(7)],
    };
    let bars: String = usage.series.iter().map(bar).collect();
    let step = match usage.step_seconds {
        seconds if seconds.is_multiple_of(86_400) => format!("{} d", seconds / 86_400),
        seconds if seconds.is_multiple_of(3_600) => format!("{} h", seconds / 3_600),
        seconds => format!("{} min", seconds / 60),
    };
    format!("REQUESTS   |{bars}|   each {step}, at most {}", count(most))
}

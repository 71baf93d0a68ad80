//! `admin logs stats`: the request log in figures.

use std::collections::BTreeMap;

use ferrogw_api::Client;
use ferrogw_api::stats::{Group, Stats, StatsQuery, TopError};

use crate::args::LogStats;
use crate::command::latency;
use crate::failure::Failure;
use crate::output::{self, Column, Output, column, count, dollars, instant};

/// Points of the series that JSON and YAML hold.
const POINTS: u64 = 24;

const SUMMARY: &[Column<Stats>] = &[
    column("REQUESTS", |stats| count(stats.summary.total_entries)),
    column("ERRORS", |stats| count(stats.summary.error_entries)),
    column("PROMPT TOKENS", |stats| count(stats.summary.prompt_tokens)),
    column("COMPLETION TOKENS", |stats| count(stats.summary.completion_tokens)),
    column("COST USD", |stats| dollars(Some(stats.summary.cost_usd))),
    column("UNPRICED", |stats| count(stats.summary.unpriced_requests)),
];

/// A group and its name.
type Named = (String, Group);

macro_rules! groups {
    ($name:literal) => {
        &[
            column($name, |(name, _): &Named| name.clone()),
            column("REQUESTS", |(_, of)| count(of.count)),
            column("ERRORS", |(_, of)| count(of.errors)),
            column("TOKENS", |(_, of)| count(of.tokens)),
            column("COST USD", |(_, of)| dollars(Some(of.cost_usd))),
            column("UNPRICED", |(_, of)| count(of.unpriced)),
        ]
    };
}

const PROVIDERS: &[Column<Named>] = groups!("PROVIDER");
const MODELS: &[Column<Named>] = groups!("MODEL");
const ERRORS: &[Column<TopError>] =
    &[column("TIMES", |error| count(error.count)), column("COMMONEST ERRORS", |error| error.message.clone())];

pub(in crate::command) async fn stats(client: &Client, wanted: LogStats, output: Output) -> Result<(), Failure> {
    let since = if wanted.all { None } else { Some(wanted.since.resolve(client, output).await?) };
    let query = StatsQuery {
        limit: Some(wanted.limit),
        buckets: since.map(|_| POINTS),
        stage: wanted.stage.map(crate::args::Stage::name),
        model: wanted.model,
        provider: wanted.provider,
        since,
    };
    let stats = client.log_stats(&query).await?;
    if !output.is_table() {
        return output.record(&stats);
    }
    match since {
        Some(since) => output.note(&format!("since {}", instant(Some(since)))),
        None => output.note("the whole log"),
    }
    if output.quiet { Ok(()) } else { output::write(&page(&stats, output.look())) }
}

/// Everything on one page; what there is nothing of is left out.
fn page(stats: &Stats, look: Option<usize>) -> String {
    let tables = [
        Some(output::table(std::slice::from_ref(stats), SUMMARY, look)),
        latency::table(stats.latency_ms, stats.ttft_ms, look),
        grouped(&stats.by_provider, PROVIDERS, look),
        grouped(&stats.by_model, MODELS, look),
        (!stats.top_errors.is_empty()).then(|| output::table(&stats.top_errors, ERRORS, look)),
    ];
    tables.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

/// The largest first.
fn grouped(groups: &BTreeMap<String, Group>, columns: &[Column<Named>], look: Option<usize>) -> Option<String> {
    let mut groups: Vec<Named> = groups.iter().map(|(name, group)| (name.clone(), *group)).collect();
    groups.sort_by_key(|(_, group)| std::cmp::Reverse(group.count));
    (!groups.is_empty()).then(|| output::table(&groups, columns, look))
}

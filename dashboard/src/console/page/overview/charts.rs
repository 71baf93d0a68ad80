//! Requests, latency, tokens and cost over time.

use ferrogw_api::stats::Percentiles;
use ferrogw_api::usage::{Usage, UsageFigures};
use leptos::prelude::*;

use crate::console::part::chart::{Chart, Figures, Series, Shape, chart};
use ferrogw_dashboard::format::{compact, money, span};
use ferrogw_dashboard::reckoning::usage::{counts, quantiles, starts, step};

const HEIGHT: f64 = 190.0;

pub(super) fn view(usage: Signal<Usage>) -> AnyView {
    let of = move |series: fn(&Usage) -> Vec<Series>| {
        Signal::derive(move || usage.with(|usage| Figures { starts: starts(usage), step: step(usage), series: series(usage) }))
    };
    let draw = |label, shape, write| Chart { label, shape, write, height: HEIGHT };
    let panel = |title: &'static str, drawing: Chart, figures: Signal<Figures>| {
        view! {
            <section class="panel" aria-label=title>
                <div class="panel-head"><h2>{title}</h2></div>
                <div class="panel-body stack tight">{chart(drawing, figures)}</div>
            </section>
        }
    };
    view! {
        <div class="grid-2">
            {panel("Requests", draw("Requests", Shape::Bars, compact), of(requests))}
            {panel("Latency", draw("Latency", Shape::Lines, span), of(|usage| measure(usage, |figures| figures.latency_ms)))}
            {panel("Time to first content", draw("Time to first content", Shape::Lines, span), of(|usage| measure(usage, |figures| figures.ttft_ms)))}
            {panel("Tokens", draw("Tokens", Shape::Bars, compact), of(tokens))}
            {panel("Cost", draw("Cost", Shape::Bars, |dollars| money(Some(dollars))), of(cost))}
        </div>
    }
    .into_any()
}

fn series(name: &str, colour: &'static str, values: Vec<Option<f64>>) -> Series {
    Series { name: name.to_owned(), colour, values }
}

fn requests(usage: &Usage) -> Vec<Series> {
    vec![
        series("Answered", "1", counts(usage, |figures| figures.requests.saturating_sub(figures.errors))),
        series("Failed", "bad", counts(usage, |figures| figures.errors)),
    ]
}

fn measure(usage: &Usage, pick: fn(&UsageFigures) -> Option<Percentiles>) -> Vec<Series> {
    vec![
        series("p50", "2", quantiles(usage, pick, |quantiles| quantiles.p50)),
        series("p95", "3", quantiles(usage, pick, |quantiles| quantiles.p95)),
        series("p99", "5", quantiles(usage, pick, |quantiles| quantiles.p99)),
    ]
}

fn tokens(usage: &Usage) -> Vec<Series> {
    vec![
        series("Fresh input", "1", counts(usage, |figures| figures.prompt_tokens.saturating_sub(figures.cached_tokens))),
        series("From a cache", "4", counts(usage, |figures| figures.cached_tokens)),
        series("Output", "2", counts(usage, |figures| figures.completion_tokens)),
    ]
}

fn cost(usage: &Usage) -> Vec<Series> {
    vec![series("Known cost", "6", usage.series.iter().map(|step| Some(step.figures.cost_usd)).collect())]
}

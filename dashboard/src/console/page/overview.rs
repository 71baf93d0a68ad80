//! What is wrong right now, and then how much is going on.

mod charts;
mod concerns;
mod ranking;

use ferrogw_api::usage::{GroupBy, Usage, UsageQuery};
use leptos::prelude::*;

use crate::console::Console;
use crate::console::load::{Load, load};
use crate::console::part::icon::{Icon, icon};
use crate::console::part::span::range;
use crate::console::part::state::shown;
use crate::console::part::{name, tile};
use ferrogw_dashboard::format::{compact, count, money, percent, rate, span};

/// Steps of the charts.
const POINTS: u64 = 72;

/// What charts can be narrowed to, as the address says it.
const NARROWED: [(&str, &str); 3] = [("provider", "Provider"), ("model", "Model"), ("key", "Key")];

pub(super) fn view(console: Console) -> AnyView {
    let usage = usage(console, None);
    view! {
        {concerns::view(console)}
        {move || narrowed(console)}
        {shown(usage, 6, figures)}
        <div class="grid-3">
            {ranking::view(console, "Models", GroupBy::Model)}
            {ranking::view(console, "Providers", GroupBy::Provider)}
            {ranking::view(console, "Keys", GroupBy::Key)}
        </div>
    }
    .into_any()
}

/// What alone is shown, if not everything.
fn narrowed(console: Console) -> AnyView {
    let query = console.place.query();
    let pills: Vec<_> = NARROWED
        .into_iter()
        .filter_map(|(word, label)| {
            query.get(word).map(|value| view! { <span class="pill plain">{label}": "{name(value)}</span> })
        })
        .collect();
    if pills.is_empty() {
        return ().into_any();
    }
    let widen = move |_| {
        let query = NARROWED.into_iter().fold(console.place.query_now(), |query, (word, _)| query.with(word, ""));
        console.place.say(&query);
    };
    view! {
        <div class="row wrap" role="status">
            {pills}
            <button class="button bare slim" on:click=widen>{icon(Icon::Close)} "Everything"</button>
        </div>
    }
    .into_any()
}

/// The sums of the range that the address says, of what it is narrowed to. Lists ask for steps too, so that their range is that of the charts.
fn usage(console: Console, group_by: Option<GroupBy>) -> Load<Usage> {
    let range = range(console);
    load(console, 30, move |client| {
        let (since, until) = range.get().bounds(console.clock.at_once());
        let said = console.place.query();
        let [provider, model, api_key_id] = NARROWED.map(|(word, _)| said.get(word).map(str::to_owned));
        let query =
            UsageQuery { since: Some(since), until: Some(until), points: Some(POINTS), group_by, provider, model, api_key_id };
        async move { client.usage(&query).await }
    })
}

fn figures(usage: Signal<Usage>) -> AnyView {
    view! {
        <div class="stack">
            {move || usage.with(tiles)}
            {charts::view(usage)}
        </div>
    }
    .into_any()
}

fn tiles(usage: &Usage) -> AnyView {
    let sums = &usage.summary;
    #[expect(clippy::cast_precision_loss, reason = "figures of three digits")]
    let short = |number: u64| compact(number as f64);
    let seconds = (usage.until - usage.since).as_seconds_f64();
    let millis = |value: Option<f64>| value.map_or_else(|| ferrogw_dashboard::format::UNKNOWN.to_owned(), span);
    let unpriced = if sums.unpriced > 0 { format!("at least; {} without a price", short(sums.unpriced)) } else { String::new() };
    let error_class = match sums.errors * 100 {
        0 => "",
        errors if errors >= sums.requests * 5 => "bad",
        errors if errors >= sums.requests => "warn",
        _ => "",
    };
    let errors = view! { <span class=error_class>{format!("{} failed", count(sums.errors))}</span> };
    view! {
        <dl class="tiles">
            {tile("Requests", short(sums.requests), rate(sums.requests, seconds).into_any())}
            {tile("Failures", percent(sums.errors, sums.requests), errors.into_any())}
            {tile("Latency p50", millis(sums.latency_ms.map(|latency| latency.p50)), format!("p95 {}", millis(sums.latency_ms.map(|latency| latency.p95))).into_any())}
            {tile("First content p50", millis(sums.ttft_ms.map(|ttft| ttft.p50)), format!("p95 {}", millis(sums.ttft_ms.map(|ttft| ttft.p95))).into_any())}
            {tile("Tokens in", short(sums.prompt_tokens), format!("{} from a cache", percent(sums.cached_tokens, sums.prompt_tokens)).into_any())}
            {tile("Tokens out", short(sums.completion_tokens), format!("{} reasoning", percent(sums.reasoning_tokens, sums.completion_tokens)).into_any())}
            {tile("Cost", money(Some(sums.cost_usd)), unpriced.into_any())}
        </dl>
    }
    .into_any()
}

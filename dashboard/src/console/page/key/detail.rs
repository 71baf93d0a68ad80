//! One key.

use ferrogw_api::key::Key;
use ferrogw_api::usage::{Usage, UsageFigures, UsageQuery};
use leptos::prelude::*;
use time::Duration;

use super::{Keys, act, last_request, state};
use crate::console::load::load;
use crate::console::part::chart::{Chart, Figures, Series, Shape, chart};
use crate::console::part::copy::copy;
use crate::console::part::drawer::drawer;
use crate::console::part::icon::{Icon, icon};
use crate::console::part::state::{empty, shown, skeleton};
use crate::console::part::{fact, moment, name, none, pill, tile};
use ferrogw_dashboard::address::{Page, Query};
use ferrogw_dashboard::format::{compact, count, money, percent};

/// What it did is told for so many days.
const DAYS: i64 = 30;

pub(super) fn view(page: Keys, id: String) -> AnyView {
    let console = page.console;
    let (wanted, path) = (id.clone(), Page::Key(id.clone()).path());
    let key = Memo::new(move |_| page.keys.value.with(|keys| keys.as_ref()?.iter().find(|key| key.id == wanted).cloned()));
    let known = Memo::new(move |_| page.keys.value.with(Option::is_some));
    let close = move || console.place.go(&Page::Keys.with(&console.place.query_now()));
    let title = (move || key.get().map_or_else(|| "API key".into_any(), |key| name(key.name))).into_any();
    let use_of = usage(page, id);
    // What changes with every request must not take an open question away.
    let named = Memo::new(move |_| {
        key.with(|key| key.as_ref().map(|key| (key.active, key.name.clone(), key.scopes.clone(), key.expires_at)))
    });
    let acts =
        move || named.get().filter(|_| console.may_write()).and_then(|_| key.get_untracked()).map(|key| act::view(page, &key));
    let content = move || match key.get() {
        Some(key) => facts(page, &key),
        None if known.get() => empty(Icon::Key, "There is no such key", "It may have been deleted.", ().into_any()),
        None => skeleton(6),
    };
    let content = view! {
        {acts}
        {content}
        {use_of}
    };
    drawer("API key", path, title, close, content.into_any())
}

fn facts(page: Keys, key: &Key) -> AnyView {
    let console = page.console;
    let id = key.id.clone();
    let scopes = key.scopes.iter().map(|scope| pill("plain", scope.as_str())).collect_view();
    let logs = Page::Requests.with(&Query::default().with("key", &key.id));
    let at_or = |at: Option<_>, why| at.map_or_else(|| none(why), moment);
    view! {
        <dl class="facts">
            {fact("State", state(console, key.revoked_at, key.expires_at))}
            {fact("Key", view! { <code>{key.key.clone()}</code> }.into_any())}
            {fact("Id", view! { <span class="row"><code>{key.id.clone()}</code>{copy(console, "Copy the id", move || id.clone())}</span> }.into_any())}
            {fact("Scopes", view! { <div class="row wrap">{scopes}</div> }.into_any())}
            {fact("Created", moment(key.created_at))}
            {fact("Expires", at_or(key.expires_at, "Never"))}
            {fact("Secret replaced", at_or(key.rotated_at, "Never"))}
            {key.revoked_at.map(|at| fact("Revoked", moment(at)))}
            {fact("Last request", last_request(console, key))}
            {fact("Spent in all", money(key.cost_usd).into_any())}
        </dl>
        <p><a class="button" href=logs>{icon(Icon::List)} "Its requests"</a></p>
    }
    .into_any()
}

/// What it did lately.
fn usage(page: Keys, id: String) -> AnyView {
    let console = page.console;
    let usage = load(console, 30, move |client| {
        let query = UsageQuery {
            since: Some(console.clock.at_once() - Duration::days(DAYS)),
            points: Some(60),
            api_key_id: Some(id.clone()),
            ..UsageQuery::default()
        };
        async move { client.usage(&query).await }
    });
    let draw = |usage: Signal<Usage>| {
        let figures = Signal::derive(move || usage.with(requests));
        let drawing = Chart { label: "Requests", shape: Shape::Bars, write: compact, height: 150.0 };
        view! {
            {move || usage.with(tiles)}
            {chart(drawing, figures)}
        }
        .into_any()
    };
    view! {
        <section class="stack tight" aria-label="Use in the last 30 days">
            <h3>"Last 30 days"</h3>
            {shown(usage, 4, draw)}
        </section>
    }
    .into_any()
}

fn tiles(usage: &Usage) -> AnyView {
    let sums = &usage.summary;
    let unpriced = (sums.unpriced > 0).then(|| format!("{} without a known price", count(sums.unpriced)));
    view! {
        <dl class="tiles">
            {tile("Requests", compact_count(sums.requests), format!("{} failed", percent(sums.errors, sums.requests)).into_any())}
            {tile("Tokens in", compact_count(sums.prompt_tokens), format!("{} from a cache", percent(sums.cached_tokens, sums.prompt_tokens)).into_any())}
            {tile("Tokens out", compact_count(sums.completion_tokens), ().into_any())}
            {tile("Spent", money(Some(sums.cost_usd)), unpriced.unwrap_or_default().into_any())}
        </dl>
    }
    .into_any()
}

#[expect(clippy::cast_precision_loss, reason = "a figure of three digits")]
fn compact_count(number: u64) -> String {
    compact(number as f64)
}

/// Requests over time, failures apart.
#[expect(clippy::cast_precision_loss, reason = "the height of a bar")]
fn requests(usage: &Usage) -> Figures {
    let series = |name: &str, colour, value: fn(&UsageFigures) -> u64| Series {
        name: name.to_owned(),
        colour,
        values: usage.series.iter().map(|step| Some(value(&step.figures) as f64)).collect(),
    };
    Figures {
        starts: usage.series.iter().map(|step| step.start).collect(),
        step: Duration::seconds(i64::try_from(usage.step_seconds).unwrap_or(60)),
        series: vec![
            series("Answered", "1", |figures| figures.requests.saturating_sub(figures.errors)),
            series("Failed", "bad", |figures| figures.errors),
        ],
    }
}

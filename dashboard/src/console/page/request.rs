//! The request log.

mod detail;
mod filter;
mod live;

use std::collections::HashMap;

use ferrogw_api::key::PLAYGROUND;
use ferrogw_api::log::{LogEntry, LogPage};
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::console::Console;
use crate::console::load::load;
use crate::console::part::icon::Icon;
use crate::console::part::state::{empty, shown};
use crate::console::part::table::{Column, cell, table};
use crate::console::part::{name, none, pill, stamp};
use ferrogw_dashboard::address::Page;
use ferrogw_dashboard::format::{count, money, span};
use ferrogw_dashboard::reckoning::log::{question, tone};

/// What the page's parts look at.
#[derive(Clone, Copy)]
pub(super) struct Requests {
    console: Console,
    /// What keys are called, by id.
    keys: Memo<HashMap<String, String>>,
    /// Whether requests are shown as they arrive.
    live: RwSignal<bool>,
    /// How the way stands that they arrive by.
    way: RwSignal<live::Way>,
    /// Changes whenever the way that they arrive by has to be opened anew.
    reopened: RwSignal<u32>,
    /// Those that arrived.
    arrived: RwSignal<Vec<LogEntry>>,
    /// How many arrived too quickly to be shown.
    skipped: RwSignal<u64>,
    /// When they could arrive again after an interruption.
    resumed: RwSignal<Option<OffsetDateTime>>,
}

pub(super) fn view(console: Console) -> AnyView {
    let keys = load(console, 0, |client| async move { client.keys().await });
    let page = Requests {
        console,
        keys: Memo::new(move |_| {
            let keys = keys.value.get().unwrap_or_default();
            let playground = (PLAYGROUND.to_owned(), "Playground".to_owned());
            keys.into_iter().map(|key| (key.id, key.name)).chain([playground]).collect()
        }),
        live: RwSignal::new(false),
        way: RwSignal::new(live::Way::Opening),
        reopened: RwSignal::new(0),
        arrived: RwSignal::new(Vec::new()),
        skipped: RwSignal::new(0),
        resumed: RwSignal::new(None),
    };
    let chosen = move || match console.place.page() {
        Page::Request(id) => Some(id),
        _ => None,
    };
    live::follow(page);
    view! {
        {filter::view(page)}
        {move || if page.live.get() { live::view(page) } else { stored(page) }}
        {move || chosen().map(|id| detail::view(page, id))}
    }
    .into_any()
}

/// What the log holds.
fn stored(page: Requests) -> AnyView {
    let console = page.console;
    let asked = Memo::new(move |_| console.place.query());
    let found = load(console, 15, move |client| {
        let question = question(&asked.get(), Some(console.clock.at_once()));
        async move { client.logs(&question).await }
    });
    let busy = move || found.busy.get() && found.value.with(Option::is_some);
    view! {
        <section class="panel" aria-label="Requests" aria-busy=move || busy().to_string()>
            {shown(found, 12, move |log| list(page, log))}
        </section>
    }
    .into_any()
}

fn list(page: Requests, log: Signal<LogPage>) -> AnyView {
    let nothing = Memo::new(move |_| log.with(|log| log.data.is_empty() && log.next_cursor.is_none()));
    (move || {
        if nothing.get() {
            return nothing_found(page);
        }
        view! {
            {rows(page, Signal::derive(move || log.with(|log| log.data.clone())))}
            {paging(page, log)}
        }
        .into_any()
    })
    .into_any()
}

fn nothing_found(page: Requests) -> AnyView {
    let filtered = !page.console.place.query_now().only(&ferrogw_dashboard::reckoning::log::FILTERS).is_empty();
    let text = if filtered {
        "No request in this time is like this. Take a filter away, or look at a longer time."
    } else {
        "Every request to the gateway's API shows here within a second."
    };
    empty(Icon::Inbox, "No requests", text, ().into_any())
}

/// A table of requests.
pub(super) fn rows(page: Requests, entries: Signal<Vec<LogEntry>>) -> AnyView {
    let columns: Vec<Column> = vec![
        ("Time", "tight"),
        ("Status", "tight"),
        ("Model", ""),
        ("Target", ""),
        ("Key", ""),
        ("Tokens in", "number"),
        ("Out", "number"),
        ("First content", "number"),
        ("Duration", "number"),
        ("Cost", "number"),
    ];
    let key = |entry: &LogEntry| entry.id.clone();
    table("Requests", "rows", columns, move || entries.get(), key, move |entry| row(page, entry))
}

fn row(page: Requests, entry: LogEntry) -> AnyView {
    let console = page.console;
    let target = Page::Request(entry.id.clone());
    let path = target.path();
    let here = path.clone();
    let open = move |event: leptos::ev::MouseEvent| console.place.open(&event, &target.with(&console.place.query_now()));
    let retries = entry.attempts.len().saturating_sub(1);
    let again = (retries > 0).then(|| view! { <span class="quiet small">{format!("after {retries} other")}</span> });
    let stream = entry.stream.then(|| view! { <span class="quiet small" title="Streamed">"stream"</span> });
    let duration = entry.duration_ms.map_or_else(|| none("Unknown"), |millis| span(millis).into_any());
    let first = entry.ttft_ms.map_or_else(|| none("Not streamed, or there was none"), |millis| span(millis).into_any());
    let cost = entry.cost_usd.map_or_else(|| none("The price is unknown"), |cost| money(Some(cost)).into_any());
    view! {
        <tr class:chosen=move || console.place.page().path() == here on:click=open>
            {cell("Time", "tight half lead", view! { <a class="open" href=path>{stamp(console, entry.created_at)}</a> })}
            {cell("Status", "tight half lead", status(&entry))}
            {cell("Model", "", view! { <span class="row">{name(entry.shown_model())}{stream}</span> })}
            {cell("Target", "spare", view! { <span class="row">{name(entry.target.clone())}{again}</span> })}
            {cell("Key", "", key(page, entry.api_key_id.clone()))}
            {cell("Tokens in", "number", count(entry.prompt_tokens))}
            {cell("Out", "number", count(entry.completion_tokens))}
            {cell("First content", "number spare", first)}
            {cell("Duration", "number", duration)}
            {cell("Cost", "number", cost)}
        </tr>
    }
    .into_any()
}

/// The status, and why where it is not plain.
pub(super) fn status(entry: &LogEntry) -> AnyView {
    let why = match &entry.error_class {
        _ if entry.client_gone => Some("hung up".to_owned()),
        class => class.clone(),
    };
    let why = why.map(|why| view! { <span class="quiet small">{why}</span> });
    view! { <span class="row">{pill(tone(entry), entry.status.to_string())}{why}</span> }.into_any()
}

/// What a key is called.
pub(super) fn key(page: Requests, id: String) -> AnyView {
    (move || {
        if id.is_empty() {
            return none("Without a key");
        }
        let known = page.keys.with(|keys| keys.get(&id).cloned());
        match known {
            Some(text) => name(text),
            None => view! { <code class="quiet" title=id.clone()>{id.chars().take(8).collect::<String>()}</code> }.into_any(),
        }
    })
    .into_any()
}

/// Further back, or to the newest.
fn paging(page: Requests, log: Signal<LogPage>) -> AnyView {
    let console = page.console;
    let cursor = console.place.word("cursor");
    let turn = move |cursor: &str| {
        let query = console.place.query_now().with("cursor", cursor);
        console.place.say(&query);
        window().scroll_to_with_x_and_y(0.0, 0.0);
    };
    let summary = move || {
        log.with(|log| {
            let more = if log.summary.more { "more than " } else { "" };
            format!("{more}{} requests", count(log.summary.total_entries))
        })
    };
    let next = move || log.with(|log| log.next_cursor.clone());
    view! {
        <div class="panel-foot">
            <span>{summary}</span>
            <div class="row">
                <button class="button slim" disabled=move || cursor.with(String::is_empty) on:click=move |_| turn("")>"Newest"</button>
                <button class="button slim" disabled=move || next().is_none() on:click=move |_| turn(&next().unwrap_or_default())>"Older"</button>
            </div>
        </div>
    }
    .into_any()
}

//! What was in force and when, who did it and why, and the way back.

mod back;
mod compare;

use ferrogw_api::client::HistoryQuery;
use ferrogw_api::config::{History, HistoryEntry};
use leptos::prelude::*;

use super::configuration::tabs;
use crate::console::Console;
use crate::console::load::{Load, load};
use crate::console::part::icon::Icon;
use crate::console::part::state::{empty, shown};
use crate::console::part::table::{Column, cell, table};
use crate::console::part::{name, none, pill, when};

/// Versions on one page.
const PAGE: u64 = 50;

pub(super) fn view(console: Console) -> AnyView {
    let skipped = RwSignal::new(0_u64);
    let history = load(console, 15, move |client| {
        let page = HistoryQuery { limit: Some(PAGE), offset: Some(skipped.get()), documents: Some(false) };
        async move { client.history(&page).await }
    });
    view! {
        {tabs(console)}
        {shown(history, 10, move |history_now| content(console, history, history_now, skipped))}
    }
    .into_any()
}

fn content(console: Console, load: Load<History>, history: Signal<History>, skipped: RwSignal<u64>) -> AnyView {
    let newest_first = Memo::new(move |_| history.with(|history| history.data.iter().rev().cloned().collect::<Vec<_>>()));
    let newest = Memo::new(move |_| history.with(|history| history.summary.total_versions));
    let rolling = RwSignal::new(None::<u64>);
    let columns: Vec<Column> =
        vec![("Version", "tight"), ("When", ""), ("Who", ""), ("Why", ""), ("Document", ""), ("", "tight")];
    // What is open must not be taken away by what somebody else puts in force.
    let nothing = Memo::new(move |_| newest.get() == 0);
    (move || {
        if nothing.get() {
            let text = "The first configuration that is applied will be version 1.";
            let nothing = empty(Icon::History, "Nothing was ever in force", text, ().into_any());
            return view! { <section class="panel" aria-label="Versions">{nothing}</section> }.into_any();
        }
        view! {
            <section class="panel" aria-label="Versions">
                {table("Versions", "rows", columns.clone(), move || newest_first.get(), key, move |entry| row(console, entry, newest, rolling))}
                {paging(history, skipped)}
            </section>
            {compare::view(console, newest_first, newest)}
            {back::view(console, load, newest, rolling)}
        }
        .into_any()
    })
    .into_any()
}

fn key(entry: &HistoryEntry) -> String {
    format!("{} {:?}", entry.version, entry.digest)
}

fn row(console: Console, entry: HistoryEntry, newest: Memo<u64>, rolling: RwSignal<Option<u64>>) -> AnyView {
    let version = entry.version;
    let look = move |event: leptos::ev::MouseEvent| {
        if !event.default_prevented() {
            let query = console.place.query_now().with("version", &version.to_string()).with("against", "");
            console.place.say(&query);
        }
    };
    let chosen = move || compare::chosen(console, newest).0 == version;
    let why = match (entry.rolled_back_from, &entry.note) {
        (Some(from), None) => format!("Rolled back from version {from}").into_any(),
        (Some(from), Some(note)) => name(format!("Rolled back from version {from}: {note}")),
        (None, Some(note)) => name(note.clone()),
        (None, None) => none("Nothing was said"),
    };
    let digest = entry.digest.as_ref().map_or_else(
        || pill("warn", "Taken away"),
        |digest| {
            view! { <code class="quiet" title=digest.clone()>{digest.chars().take(10).collect::<String>()}</code> }.into_any()
        },
    );
    let back = move || {
        (console.may_write() && version != newest.get()).then(|| {
            view! {
                <button class="button slim" on:click=move |event: leptos::ev::MouseEvent| {
                    event.prevent_default();
                    rolling.set(Some(version));
                }>"Roll back"</button>
            }
        })
    };
    let current = move || (version == newest.get()).then(|| pill("good", "In force"));
    view! {
        <tr class:chosen=chosen on:click=look>
            {cell("Version", "tight half lead", view! {
                <span class="row">
                    <button class="button bare slim" aria-label=format!("Look at version {version}")>{version.to_string()}</button>
                    {current}
                </span>
            })}
            {cell("When", "half lead", when(console, entry.updated_at))}
            {cell("Who", "", entry.actor.map_or_else(|| none("The gateway itself"), name))}
            {cell("Why", "", why)}
            {cell("Document", "", digest)}
            {cell("", "tight", view! { {back} })}
        </tr>
    }
    .into_any()
}

fn paging(history: Signal<History>, skipped: RwSignal<u64>) -> AnyView {
    let total = move || history.with(|history| history.summary.total_versions);
    let came = move || history.with(|history| history.data.len() as u64);
    view! {
        <div class="panel-foot">
            <span>{move || format!("{} versions", ferrogw_dashboard::format::count(total()))}</span>
            <div class="row">
                <button class="button slim" disabled=move || skipped.get() == 0 on:click=move |_| skipped.update(|skipped| *skipped = skipped.saturating_sub(PAGE))>"Newer"</button>
                <button class="button slim" disabled=move || { skipped.get() + came() >= total() } on:click=move |_| skipped.update(|skipped| *skipped += came())>"Older"</button>
            </div>
        </div>
    }
    .into_any()
}

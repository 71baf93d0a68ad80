//! Who changed what, from where.

use ferrogw_api::audit::{AuditEntry, AuditPage, AuditQuery};
use leptos::prelude::*;
use serde_json::Value;

use crate::console::Console;
use crate::console::load::load;
use crate::console::part::copy::code;
use crate::console::part::icon::{Icon, icon};
use crate::console::part::span::range;
use crate::console::part::state::{empty, shown};
use crate::console::part::table::{Column, cell, table};
use crate::console::part::{choice, exact, name, none, pill, stamp};
use ferrogw_dashboard::address::{Page, Query};
use ferrogw_dashboard::format::count;
use ferrogw_dashboard::reckoning::audit::{Changed, changed, versions};

/// Entries on one page.
const PAGE: u64 = 50;

/// What an address says about entries, besides the range of time.
const FILTERS: [&str; 4] = ["action", "target", "outcome", "actor"];

pub(super) fn view(console: Console) -> AnyView {
    let range = range(console);
    let page = load(console, 15, move |client| {
        let query = console.place.query();
        let word = |name: &str| query.get(name).map(str::to_owned);
        let (since, until) = range.get().bounds(console.clock.at_once());
        let asked = AuditQuery {
            limit: Some(PAGE),
            cursor: word("cursor"),
            action: word("action"),
            outcome: word("outcome"),
            target: word("target"),
            actor_id: word("actor"),
            since: Some(since),
            until: (!range.get().is_live()).then_some(until),
            ..AuditQuery::default()
        };
        async move { client.audit(&asked).await }
    });
    view! {
        {filters(console)}
        <section class="panel" aria-label="Audit trail">{shown(page, 10, move |page| list(console, page))}</section>
    }
    .into_any()
}

fn filters(console: Console) -> AnyView {
    let say = move |name: &'static str, value: &str| {
        let query: Query = console.place.query_now().with("cursor", "").with(name, value);
        console.place.say(&query);
    };
    let outcome = console.place.word("outcome");
    let chosen = Signal::derive(move || match outcome.get().as_str() {
        "ok" => "ok",
        "denied" => "denied",
        "error" => "error",
        _ => "",
    });
    let outcomes = vec![("", "All"), ("ok", "Done"), ("denied", "Denied"), ("error", "Failed")];
    view! {
        <div class="bar" role="search">
            {exact("Action, such as key.create", console.place.word("action").into(), move |text| say("action", &text))}
            {exact("Target", console.place.word("target").into(), move |text| say("target", &text))}
            {choice("Outcome", outcomes, chosen, move |value| say("outcome", value))}
            {move || actor(console).map(|id| view! {
                <span class="pill plain">"Who: " {name(id)}</span>
                <button class="button bare slim" on:click=move |_| say("actor", "")>{icon(Icon::Close)} "Anybody"</button>
            })}
        </div>
    }
    .into_any()
}

/// Whose entries alone are shown, by the id of their credential.
fn actor(console: Console) -> Option<String> {
    console.place.query().get("actor").map(str::to_owned)
}

fn list(console: Console, page: Signal<AuditPage>) -> AnyView {
    let nothing = Memo::new(move |_| page.with(|page| page.data.is_empty() && page.next_cursor.is_none()));
    let columns: Vec<Column> =
        vec![("When", "tight"), ("Action", ""), ("Who", ""), ("To what", ""), ("Outcome", ""), ("From", ""), ("Details", "")];
    (move || {
        if nothing.get() {
            return nothing_found(console);
        }
        view! {
            {table("Audit trail", "", columns.clone(), move || page.with(|page| page.data.clone()), key, move |entry| row(console, entry))}
            {paging(console, page)}
        }
        .into_any()
    })
    .into_any()
}

fn nothing_found(console: Console) -> AnyView {
    let (title, text) = if console.place.query().only(&FILTERS).is_empty() {
        ("Nothing in this time", "Every change, and every attempt that was denied, shows here.")
    } else {
        ("No entry is like this", "Actions and targets are found by their whole names. Take a filter away, or look further back.")
    };
    empty(Icon::Shield, title, text, ().into_any())
}

/// An entry of something that goes on, such as a purge, changes until that has ended.
fn key(entry: &AuditEntry) -> String {
    format!("{} {} {}", entry.id, entry.outcome, entry.detail.as_deref().unwrap_or_default())
}

fn row(console: Console, entry: AuditEntry) -> AnyView {
    let outcome = match entry.outcome.as_str() {
        "ok" => pill("good", "Done"),
        "denied" => pill("warn", "Denied"),
        "error" => pill("bad", "Failed"),
        other => pill("", other),
    };
    let told = entry.detail.as_ref().and_then(|text| serde_json::from_str::<Value>(text).ok()).unwrap_or_default();
    let source = entry.source_ip.clone().map_or_else(|| none("Unknown"), |address| view! { <code>{address}</code> }.into_any());
    view! {
        <tr>
            {cell("When", "tight half lead", stamp(console, entry.occurred_at))}
            {cell("Action", "half lead", view! { <code>{name(entry.action.clone())}</code> })}
            {cell("Who", "", who(console, &entry))}
            {cell("To what", "", subject(&entry, &told))}
            {cell("Outcome", "half", outcome)}
            {cell("From", "half", source)}
            {cell("Details", "", details(console, &entry, told))}
        </tr>
    }
    .into_any()
}

/// Who did it, with a way to what else they did.
fn who(console: Console, entry: &AuditEntry) -> AnyView {
    let called = name(entry.actor.clone());
    let Some(id) = entry.actor_id.clone() else { return called };
    let link = move || Page::Audit.with(&console.place.query().with("cursor", "").with("actor", &id));
    view! { <a href=link>{called}</a> }.into_any()
}

/// What was changed, with a way there where there is a page for it.
fn subject(entry: &AuditEntry, told: &Value) -> AnyView {
    let kind = entry.action.split('.').next().unwrap_or_default();
    let target = entry.target_id.clone().filter(|target| !target.is_empty() && target != "*");
    match (kind, versions(told), target) {
        ("config", Some((old, new)), _) => comparison(old, new),
        (_, _, None) => none("The whole"),
        ("key", _, Some(target)) => {
            let link = Page::Key(target.clone()).path();
            view! { <a href=link><code>{name(target)}</code></a> }.into_any()
        }
        (_, _, Some(target)) => view! { <code>{name(target)}</code> }.into_any(),
    }
}

/// The way to what a change of the configuration changed.
fn comparison(old: u64, new: u64) -> AnyView {
    let query = Query::default().with("version", &new.to_string()).with("against", &old.to_string());
    let text = if old == 0 { format!("version {new}") } else { format!("version {new} against {old}") };
    view! { <a class="nowrap" href=Page::History.with(&query)>{text}</a> }.into_any()
}

/// What was and is, and what else is known where the reader asks for it.
fn details(console: Console, entry: &AuditEntry, told: Value) -> AnyView {
    let changes = changed(&told).into_iter().map(change).collect_view();
    view! {
        <div class="stack tight">
            {changes}
            {more(console, entry, told)}
        </div>
    }
    .into_any()
}

fn change(changed: Changed) -> AnyView {
    let value = |value: Option<String>| value.map_or_else(|| none("Nothing"), name);
    view! {
        <div class="row wrap">
            <span class="quiet">{changed.member}</span>
            {value(changed.before)}
            <span class="quiet"><span aria-hidden="true">"→"</span><span class="unseen">"became"</span></span>
            {value(changed.after)}
        </div>
    }
    .into_any()
}

/// What exactly, where more is known.
fn more(console: Console, entry: &AuditEntry, told: Value) -> AnyView {
    let told = Some(told).filter(|value| !value.is_null() && value.as_object().is_none_or(|members| !members.is_empty()));
    let trace = entry.trace_id.clone();
    if told.is_none() && trace.is_none() {
        return none("Nothing more is known");
    }
    let open = RwSignal::new(false);
    let text = told.map(|value| ferrogw_dashboard::yaml::write(&value)).unwrap_or_default();
    let text = match trace {
        Some(trace) => format!("{text}request_id: {trace}\n"),
        None => text,
    };
    let text = Signal::stored(text);
    view! {
        <details on:toggle=move |event| open.set(event_target::<web_sys::HtmlDetailsElement>(&event).open())>
            <summary>"Show"</summary>
            {move || open.get().then(|| code(console, "Details", text))}
        </details>
    }
    .into_any()
}

fn paging(console: Console, page: Signal<AuditPage>) -> AnyView {
    let cursor = console.place.word("cursor");
    let turn = move |cursor: &str| {
        let query = console.place.query_now().with("cursor", cursor);
        console.place.say(&query);
        window().scroll_to_with_x_and_y(0.0, 0.0);
    };
    let next = move || page.with(|page| page.next_cursor.clone());
    view! {
        <div class="panel-foot">
            <span>{move || format!("{} entries", count(page.with(|page| page.summary.total_entries)))}</span>
            <div class="row">
                <button class="button slim" disabled=move || cursor.with(String::is_empty) on:click=move |_| turn("")>"Newest"</button>
                <button class="button slim" disabled=move || next().is_none() on:click=move |_| turn(&next().unwrap_or_default())>"Older"</button>
            </div>
        </div>
    }
    .into_any()
}

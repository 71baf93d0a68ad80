//! Who and what uses the most, and who waits longest.

use ferrogw_api::usage::{GroupBy, Usage, UsageGroup};
use leptos::prelude::*;

use super::NARROWED;
use crate::console::Console;
use crate::console::part::icon::{Icon, icon};
use crate::console::part::name;
use crate::console::part::state::{empty, shown};
use ferrogw_dashboard::address::Page;
use ferrogw_dashboard::format::{compact, money, span};
use ferrogw_dashboard::range::Range;
use ferrogw_dashboard::reckoning::usage::{Rank, ranked};

/// Groups in a list.
const MOST: usize = 8;

pub(super) fn view(console: Console, title: &'static str, by: GroupBy) -> AnyView {
    let usage = super::usage(console, Some(by));
    let rank = RwSignal::new(Rank::Requests);
    let choose = move |event: leptos::ev::Event| {
        let word = event_target_value(&event);
        rank.set(Rank::ALL.into_iter().find(|rank| rank.label() == word).unwrap_or(Rank::Requests));
    };
    let options = Rank::ALL.map(|rank| view! { <option value=rank.label()>{rank.label()}</option> });
    view! {
        <section class="panel" aria-label=title>
            <div class="panel-head">
                <h2>{title}</h2>
                <span class="grow"></span>
                <div class="bar">
                    <select class="select" aria-label=format!("Rank {} by", title.to_lowercase()) on:change=choose>{options.into_iter().collect_view()}</select>
                </div>
            </div>
            {shown(usage, 5, move |usage| list(console, usage, by, rank))}
        </section>
    }
    .into_any()
}

fn list(console: Console, usage: Signal<Usage>, by: GroupBy, rank: RwSignal<Rank>) -> AnyView {
    (move || {
        let rank = rank.get();
        let groups = usage.with(|usage| ranked(&usage.groups, rank, MOST));
        if groups.is_empty() {
            return empty(Icon::Inbox, "Nothing in this time", "", ().into_any());
        }
        let items = groups.into_iter().map(|(group, share)| item(console, &group, share, by, rank)).collect_view();
        view! { <ol class="rank panel-body">{items}</ol> }.into_any()
    })
    .into_any()
}

fn item(console: Console, group: &UsageGroup, share: f64, by: GroupBy, rank: Rank) -> AnyView {
    let size = rank.of(&group.figures);
    let text = match rank.measured(&group.figures) {
        Some(measured) => [measured.p50, measured.p95, measured.p99].map(span).join(" · "),
        None if rank == Rank::Cost => money(Some(size)),
        None => compact(size),
    };
    let title = rank.measured(&group.figures).map(|_| "p50 · p95 · p99");
    let label = group.label.clone().unwrap_or_else(|| group.name.clone());
    let label = match (group.name.as_str(), by) {
        ("none", GroupBy::Key) => "Without a key".to_owned(),
        ("unknown", _) => "Reached no provider".to_owned(),
        ("other", _) => "All others".to_owned(),
        _ => label,
    };
    let linked = !matches!(group.name.as_str(), "unknown" | "other");
    let heading = if linked {
        let narrow = narrow(console, group.name.clone(), &label, by);
        let group = group.name.clone();
        view! { <a class="open grow" href=move || link(console, &group, by)>{name(label)}</a> {narrow} }.into_any()
    } else {
        view! { <span class="quiet grow">{label}</span> }.into_any()
    };
    view! {
        <li>
            <div class="row between">{heading}<strong class="nowrap" title=title>{text}</strong></div>
            <div class="meter" aria-hidden="true"><i style:width=format!("{:.1}%", share * 100.0)></i></div>
        </li>
    }
    .into_any()
}

/// Shows this alone in charts and lists, or no longer. The list may stay as it is meanwhile, so nothing here is decided for good.
fn narrow(console: Console, name: String, label: &str, by: GroupBy) -> AnyView {
    let word = word(by);
    let chosen = console.place.word(word);
    let this = StoredValue::new(name);
    let alone = move || this.with_value(|this| chosen.with(|chosen| chosen == this));
    let turn = move |_| {
        let next = if alone() { String::new() } else { this.get_value() };
        console.place.say(&console.place.query_now().with(word, &next));
    };
    view! {
        <button
            class="button bare slim only"
            aria-pressed=move || alone().to_string()
            aria-label=format!("Charts of {word} {label} alone")
            title="This alone"
            on:click=turn
        >
            {icon(Icon::Funnel)}
        </button>
    }
    .into_any()
}

/// The requests behind it, in the same time.
fn link(console: Console, name: &str, by: GroupBy) -> String {
    let query = console.place.query();
    let query = Range::of(&query).into_query(query.only(&NARROWED.map(|(word, _)| word)));
    Page::Requests.with(&query.with(word(by), name))
}

/// How the address names what is ranked.
fn word(by: GroupBy) -> &'static str {
    match by {
        GroupBy::Provider => "provider",
        GroupBy::Model => "model",
        GroupBy::Key => "key",
    }
}

//! Any two versions beside each other; a version alone is compared with the one before it.

use ferrogw_api::config::HistoryEntry;
use leptos::prelude::*;

use crate::console::Console;
use crate::console::part::diff::diff;
use ferrogw_dashboard::yaml;

/// The version that is looked at, and the one that it is compared with.
pub(super) fn chosen(console: Console, newest: Memo<u64>) -> (u64, u64) {
    let query = console.place.query();
    let number = |name: &str| query.get(name).and_then(|text| text.parse().ok());
    let version = number("version").unwrap_or_else(|| newest.get());
    (version, number("against").unwrap_or_else(|| version.saturating_sub(1)))
}

pub(super) fn view(console: Console, entries: Memo<Vec<HistoryEntry>>, newest: Memo<u64>) -> AnyView {
    let pair = Memo::new(move |_| chosen(console, newest));
    let text = move |version: u64| entries.with(|entries| entries.iter().find(|entry| entry.version == version).map(written));
    let choose = move |event: leptos::ev::Event| {
        let query = console.place.query_now().with("version", &pair.get_untracked().0.to_string());
        console.place.say(&query.with("against", &event_target_value(&event)));
    };
    let options = move || {
        let (version, against) = pair.get();
        let others = entries
            .with(|entries| entries.iter().map(|entry| entry.version).filter(|other| *other != version).collect::<Vec<_>>());
        let nothing = view! { <option value="0" selected=against == 0>"nothing"</option> };
        let others = others.into_iter().map(|other| {
            view! { <option value=other.to_string() selected=other == against>{format!("version {other}")}</option> }
        });
        view! {
            {others.collect_view()}
            {nothing}
        }
    };
    let body = move || {
        let (version, against) = pair.get();
        match (text(version), if against == 0 { Some(String::new()) } else { text(against) }) {
            (Some(new), Some(old)) => diff(&old, &new),
            _ => view! { <p class="quiet">"One of these versions is on another page of the list."</p> }.into_any(),
        }
    };
    view! {
        <section class="panel" aria-label="Comparison">
            <div class="panel-head">
                <h2>{move || format!("Version {}", pair.get().0)}</h2>
                <label class="bar quiet">
                    "against"
                    <select class="select" aria-label="Compare with" on:change=choose>{options}</select>
                </label>
            </div>
            <div class="panel-body">{body}</div>
        </section>
    }
    .into_any()
}

/// The document of a version; empty where it was taken away.
pub(super) fn written(entry: &HistoryEntry) -> String {
    entry.config.as_ref().map(yaml::write).unwrap_or_default()
}

//! Any two versions beside each other; a version alone is compared with the one before it.

use ferrogw_api::config::HistoryEntry;
use ferrogw_api::{Client, Error};
use leptos::prelude::*;

use crate::console::Console;
use crate::console::load::load;
use crate::console::part::diff::diff;
use crate::console::part::state::shown;
use ferrogw_dashboard::yaml;

/// The documents of two versions.
#[derive(Clone, PartialEq)]
struct Pair {
    old: String,
    new: String,
}

/// The version that is looked at, and the one that it is compared with.
pub(super) fn chosen(console: Console, newest: Memo<u64>) -> (u64, u64) {
    let query = console.place.query();
    let number = |name: &str| query.get(name).and_then(|text| text.parse().ok());
    let version = number("version").unwrap_or_else(|| newest.get());
    (version, number("against").unwrap_or_else(|| version.saturating_sub(1)))
}

pub(super) fn view(console: Console, entries: Memo<Vec<HistoryEntry>>, newest: Memo<u64>) -> AnyView {
    let pair = Memo::new(move |_| chosen(console, newest));
    let choose = move |event: leptos::ev::Event| {
        let query = console.place.query_now().with("version", &pair.get_untracked().0.to_string());
        console.place.say(&query.with("against", &event_target_value(&event)));
    };
    let options = move || {
        let (version, against) = pair.get();
        let nothing = view! { <option value="0" selected=against == 0>"nothing"</option> };
        let others = offered(&entries.get(), version, against).into_iter().map(|other| {
            view! { <option value=other.to_string() selected=other == against>{format!("version {other}")}</option> }
        });
        view! {
            {others.collect_view()}
            {nothing}
        }
    };
    let body = move || {
        let (version, against) = pair.get();
        between(console, against, version)
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

/// What `new` says that `old` does not, and the reverse, as soon as both were read; `old` may be 0: nothing.
pub(super) fn between(console: Console, old: u64, new: u64) -> AnyView {
    let pair = load(console, 0, move |client| async move {
        Ok(Pair { old: written(&client, old).await?, new: written(&client, new).await? })
    });
    shown(pair, 6, |pair| (move || pair.with(|pair| diff(&pair.old, &pair.new))).into_any())
}

/// What to compare a version with: those on the page, and the chosen one, which may be on another page. Newest first.
fn offered(entries: &[HistoryEntry], version: u64, against: u64) -> Vec<u64> {
    let mut offered: Vec<u64> = entries.iter().map(|entry| entry.version).filter(|other| *other != version).collect();
    if against != 0 && !offered.contains(&against) {
        offered.push(against);
        offered.sort_unstable_by_key(|other| std::cmp::Reverse(*other));
    }
    offered
}

/// The document of a version; empty where it was taken away.
async fn written(client: &Client, version: u64) -> Result<String, Error> {
    if version == 0 {
        return Ok(String::new());
    }
    let told = client.history_version(version).await?;
    Ok(told.entry.config.as_ref().map(yaml::write).unwrap_or_default())
}

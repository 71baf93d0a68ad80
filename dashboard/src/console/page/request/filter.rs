//! What is looked for. It is all in the address.

use leptos::prelude::*;

use super::Requests;
use crate::console::load::load;
use crate::console::part::icon::{Icon, icon};
use crate::console::part::search;
use ferrogw_dashboard::address::Query;
use ferrogw_dashboard::reckoning::log::{FILTERS, STATUSES, address, question};

pub(super) fn view(page: Requests) -> AnyView {
    let console = page.console;
    let say = move |name: &'static str, value: &str| {
        let query: Query = console.place.query_now().with("cursor", "").with(name, value);
        console.place.say(&query);
    };
    let filtered = move || !console.place.query().only(&FILTERS).is_empty();
    let clear = move |_| {
        let query = FILTERS.iter().fold(console.place.query_now().with("cursor", ""), |query, name| query.with(name, ""));
        console.place.say(&query);
    };
    view! {
        <div class="bar" role="search">
            {search("Find by id", console.place.word("q").into(), move |text| say("q", &text))}
            {outcome(page, say)}
            {words(page, "Model", "model", say)}
            {words(page, "Provider", "provider", say)}
            {keys(page, say)}
            {streamed(page, say)}
            {move || filtered().then(|| view! { <button class="button bare" on:click=clear>{icon(Icon::Close)} "Clear"</button> })}
            <span class="grow"></span>
            {super::live::switch(page)}
            {export(page)}
        </div>
        {move || target(page, say)}
    }
    .into_any()
}

fn outcome(page: Requests, say: impl Fn(&'static str, &str) + Copy + Send + 'static) -> AnyView {
    let chosen = page.console.place.word("status");
    let options =
        STATUSES.map(|(value, label)| view! { <option value=value selected=move || chosen.get() == value>{label}</option> });
    let exact = move || {
        let status = chosen.get();
        let listed = STATUSES.iter().any(|(value, _)| *value == status);
        (!listed).then(|| view! { <option value=status.clone() selected=true>{status.clone()}</option> })
    };
    view! {
        <select class="select" aria-label="Outcome" on:change=move |event| say("status", &event_target_value(&event))>
            {options.into_iter().collect_view()}
            {exact}
        </select>
    }
    .into_any()
}

fn streamed(page: Requests, say: impl Fn(&'static str, &str) + Copy + Send + 'static) -> AnyView {
    const CHOICES: [(&str, &str); 3] = [("", "Streamed or not"), ("true", "Streamed"), ("false", "Not streamed")];
    let chosen = page.console.place.word("stream");
    let options =
        CHOICES.map(|(value, label)| view! { <option value=value selected=move || chosen.get() == value>{label}</option> });
    view! {
        <select class="select" aria-label="Streamed or not" on:change=move |event| say("stream", &event_target_value(&event))>
            {options.into_iter().collect_view()}
        </select>
    }
    .into_any()
}

/// A name typed by hand, with those that are known to choose from.
fn words(
    page: Requests,
    label: &'static str,
    what: &'static str,
    say: impl Fn(&'static str, &str) + Copy + Send + 'static,
) -> AnyView {
    let chosen = page.console.place.word(what);
    let known = load(page.console, 0, |client| async move { client.providers().await });
    let list = format!("known-{what}");
    let options = move || {
        let providers = known.get().unwrap_or_default();
        let names: Vec<String> = match what {
            "provider" => providers.into_iter().map(|provider| provider.name).collect(),
            _ => providers.into_iter().flat_map(|provider| provider.models).map(|model| model.id).take(300).collect(),
        };
        names.into_iter().map(|name| view! { <option value=name></option> }).collect_view()
    };
    view! {
        <input
            class="input word-filter"
            type="text"
            dir="auto"
            aria-label=label
            placeholder=label
            list=list.clone()
            spellcheck="false"
            autocomplete="off"
            prop:value=move || chosen.get()
            on:change=move |event| say(what, &event_target_value(&event))
        />
        <datalist id=list>{options}</datalist>
    }
    .into_any()
}

fn keys(page: Requests, say: impl Fn(&'static str, &str) + Copy + Send + 'static) -> AnyView {
    let chosen = page.console.place.word("key");
    let options = move || {
        let mut keys: Vec<(String, String)> =
            page.keys.with(|keys| keys.iter().map(|(id, name)| (id.clone(), name.clone())).collect());
        keys.sort_by_key(|(_, name)| name.to_lowercase());
        let now = chosen.get();
        if !now.is_empty() && now != "none" && !keys.iter().any(|(id, _)| *id == now) {
            keys.push((now.clone(), now.clone()));
        }
        keys.into_iter()
            .take(500)
            .map(|(id, name)| {
                let label: String = name.chars().take(60).collect();
                let selected = id == now;
                view! { <option value=id selected=selected dir="auto">{label}</option> }
            })
            .collect_view()
    };
    view! {
        <select class="select key-filter" aria-label="Key" on:change=move |event| say("key", &event_target_value(&event))>
            <option value="" selected=move || chosen.with(String::is_empty)>"Any key"</option>
            <option value="none" selected=move || chosen.get() == "none">"Without a key"</option>
            {options}
        </select>
    }
    .into_any()
}

/// A link may bring a target along, which has no field of its own.
fn target(page: Requests, say: impl Fn(&'static str, &str) + Copy + Send + 'static) -> AnyView {
    let target = page.console.place.word("target").get();
    if target.is_empty() {
        return ().into_any();
    }
    view! {
        <div class="row wrap">
            <span class="pill plain">"Target: " {crate::console::part::name(target)}</span>
            <button class="button bare slim" on:click=move |_| say("target", "")>"Any target"</button>
        </div>
    }
    .into_any()
}

/// The same requests as a file.
fn export(page: Requests) -> AnyView {
    let console = page.console;
    let link = move |format: &'static str| {
        move || address("/admin/logs/export", &question(&console.place.query(), Some(console.clock.now())), &[("format", format)])
    };
    view! {
        <a class="button" href=link("csv") download="requests.csv">{icon(Icon::Download)} "CSV"</a>
        <a class="button" href=link("json") download="requests.ndjson">{icon(Icon::Download)} "JSON"</a>
    }
    .into_any()
}

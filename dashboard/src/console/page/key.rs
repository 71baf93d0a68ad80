//! API keys: who may call, what they did, and what it cost.

mod act;
mod create;
mod detail;
mod form;
mod secret;

use ferrogw_api::key::Key;
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::console::Console;
use crate::console::load::{Load, load};
use crate::console::part::icon::{Icon, icon};
use crate::console::part::state::{empty, shown};
use crate::console::part::table::{Column, cell, pages, table};
use crate::console::part::{choice, name, none, pill, search, when_or};
use ferrogw_dashboard::address::{Page, Query};
use ferrogw_dashboard::format::{count, money};
use ferrogw_dashboard::reckoning::key::{Sort, Standing, select};

/// Keys on one page of the list.
const PAGE: usize = 100;

/// What is asked of whoever leaves while a key is made.
const SECRET_LOST: &str = "A secret that is shown only once is on its way. Leave without it?";

/// What the page's parts look at.
#[derive(Clone, Copy)]
pub(super) struct Keys {
    console: Console,
    keys: Load<Vec<Key>>,
    /// A secret that was just made; nobody can see it again.
    secret: RwSignal<Option<Key>>,
}

pub(super) fn view(console: Console) -> AnyView {
    let keys = load(console, 10, |client| async move { client.keys().await });
    let page = Keys { console, keys, secret: RwSignal::new(None) };
    let creating = RwSignal::new(false);
    let chosen = move || match console.place.page() {
        Page::Key(id) => Some(id),
        _ => None,
    };
    view! {
        {toolbar(console, creating)}
        <section class="panel" aria-label="API keys">{shown(keys, 8, move |keys| list(page, keys, creating))}</section>
        {move || chosen().map(|id| detail::view(page, id))}
        {create::view(page, creating)}
        {secret::view(page)}
    }
    .into_any()
}

fn toolbar(console: Console, creating: RwSignal<bool>) -> AnyView {
    let (typed, standing) = (console.place.word("q"), standing(console));
    let say = move |name: &'static str, value: &str| {
        let query: Query = console.place.query_now().with(name, value);
        console.place.say(&query);
    };
    let options = Standing::ALL.map(|standing| (standing, standing.label())).to_vec();
    let create = move || {
        console.may_write().then(|| {
            view! { <button class="button first" on:click=move |_| creating.set(true)>{icon(Icon::Plus)} "Create key"</button> }
        })
    };
    view! {
        <div class="bar">
            {search("Find by name or id", typed.into(), move |text| say("q", &text))}
            {order(console, say)}
            {choice("Which keys", options, standing.into(), move |standing: Standing| say("keys", standing.word()))}
            <span class="grow"></span>
            {create}
        </div>
    }
    .into_any()
}

fn order(console: Console, say: impl Fn(&'static str, &str) + Send + 'static) -> AnyView {
    let chosen = console.place.word("sort");
    let options =
        Sort::ALL.map(|(_, word, label)| view! { <option value=word selected=move || chosen.get() == word>{label}</option> });
    view! {
        <select class="select" aria-label="Order" on:change=move |event| say("sort", &event_target_value(&event))>{options.into_iter().collect_view()}</select>
    }
    .into_any()
}

fn standing(console: Console) -> Memo<Standing> {
    let word = console.place.word("keys");
    Memo::new(move |_| Standing::of(&word.get()))
}

fn list(page: Keys, keys: Signal<Vec<Key>>, creating: RwSignal<bool>) -> AnyView {
    let console = page.console;
    let (typed, standing, sort) = (console.place.word("q"), standing(console), console.place.word("sort"));
    let found = Memo::new(move |_| {
        let now = console.clock.now();
        keys.with(|keys| select(keys, &typed.get(), standing.get(), Sort::of(&sort.get()), now))
    });
    let at = RwSignal::new(0);
    let rows = move || {
        let page = at.get().min(found.with(Vec::len).saturating_sub(1) / PAGE);
        found.with(|found| found.iter().skip(page * PAGE).take(PAGE).cloned().collect::<Vec<_>>())
    };
    let columns: Vec<Column> = vec![
        ("Name", ""),
        ("Key", ""),
        ("Scopes", ""),
        ("State", ""),
        ("Created", ""),
        ("Expires", ""),
        ("Last request", ""),
        ("Requests", "number"),
        ("Known cost", "number"),
    ];
    let nothing = Memo::new(move |_| (keys.with(Vec::is_empty), found.with(Vec::is_empty)));
    (move || match nothing.get() {
        (true, _) => no_keys(console, creating),
        (_, true) => empty(Icon::Search, "No key looks like this", "Try a part of its name, or show all keys.", ().into_any()),
        _ => view! {
            {table("API keys", "rows", columns.clone(), rows, row_key, move |key| row(console, key))}
            {pages(Signal::derive(move || found.with(Vec::len)), PAGE, at, "keys")}
        }
        .into_any(),
    })
    .into_any()
}

fn no_keys(console: Console, creating: RwSignal<bool>) -> AnyView {
    let act = if console.may_write() {
        view! { <button class="button first" on:click=move |_| creating.set(true)>"Create a key"</button> }.into_any()
    } else {
        ().into_any()
    };
    empty(
        Icon::Key,
        "No keys yet",
        "Applications present a key with each request. Make one for each of them, so that they can be told apart.",
        act,
    )
}

fn row_key(key: &Key) -> String {
    format!(
        "{} {} {:?} {:?} {:?} {:?} {:?} {:?} {}",
        key.id, key.name, key.scopes, key.expires_at, key.revoked_at, key.last_used_at, key.usage_count, key.cost_usd, key.key
    )
}

fn row(console: Console, key: Key) -> AnyView {
    let target = Page::Key(key.id.clone());
    let path = target.path();
    let id = path.clone();
    let chosen = move || console.place.page().path() == id;
    let open = move |event: leptos::ev::MouseEvent| console.place.open(&event, &target.with(&console.place.query_now()));
    let scopes = key.scopes.iter().map(|scope| pill("plain", scope.as_str())).collect_view();
    let last = last_request(console, &key);
    let uses =
        key.usage_count.map_or_else(|| none("The request log is away or disabled").into_any(), |uses| count(uses).into_any());
    view! {
        <tr class:chosen=chosen on:click=open>
            {cell("Name", "lead", view! { <a class="open" href=path>{name(key.name)}</a> })}
            {cell("Key", "spare", view! { <code class="quiet nowrap">{key.key}</code> })}
            {cell("Scopes", "", view! { <div class="row">{scopes}</div> })}
            {cell("State", "half", state(console, key.revoked_at, key.expires_at))}
            {cell("Created", "half spare", when_or(console, Some(key.created_at), ""))}
            {cell("Expires", "half", when_or(console, key.expires_at, "Never"))}
            {cell("Last request", "spare", last)}
            {cell("Requests", "number", uses)}
            {cell("Known cost", "number", key.cost_usd.map_or_else(|| none("Unknown"), |spent| money(Some(spent)).into_any()))}
        </tr>
    }
    .into_any()
}

/// When the request log last saw a key. Of the admin API it knows nothing.
pub(super) fn last_request(console: Console, key: &Key) -> AnyView {
    let why = if key.usage_count.is_none() { "Unknown: the request log is away or disabled" } else { "No request yet" };
    when_or(console, key.last_used_at, why)
}

/// Whether a key can be used; expiry is judged by the control plane's clock.
pub(super) fn state(console: Console, revoked: Option<OffsetDateTime>, expires: Option<OffsetDateTime>) -> AnyView {
    (move || match (revoked, expires) {
        (Some(_), _) => pill("bad", "Revoked"),
        (_, Some(end)) if end <= console.clock.now() => pill("warn", "Expired"),
        _ => pill("good", "Active"),
    })
    .into_any()
}

//! Who is signed in, and putting an end to it.

use ferrogw_api::session::{Session, Sessions};
use leptos::prelude::*;

use crate::console::Console;
use crate::console::act::Act;
use crate::console::load::{Load, load};
use crate::console::part::dialog::{cancel, dialog};
use crate::console::part::icon::Icon;
use crate::console::part::state::{empty, shown};
use crate::console::part::table::{Column, cell, table};
use crate::console::part::{name, none, pill, when, when_or, wrong};

pub(super) fn view(console: Console) -> AnyView {
    let sessions = load(console, 10, |client| async move { client.sessions().await });
    let ending_all = RwSignal::new(false);
    let all = move || {
        console
            .may_write()
            .then(|| view! { <button class="button danger" on:click=move |_| ending_all.set(true)>"End all sessions"</button> })
    };
    view! {
        <div class="bar">
            <p class="second grow">"A session ends an hour after it was last used, a day after it began, and with the key that opened it."</p>
            {all}
        </div>
        <section class="panel" aria-label="Sessions">{shown(sessions, 4, move |now| list(console, sessions, now))}</section>
        {end_all(console, sessions, ending_all)}
    }
    .into_any()
}

fn list(console: Console, load: Load<Sessions>, sessions: Signal<Sessions>) -> AnyView {
    let act = Act::new(console);
    let columns: Vec<Column> = vec![
        ("Who", ""),
        ("Began", ""),
        ("Last used", ""),
        ("Ends at the latest", ""),
        ("From", ""),
        ("Browser", ""),
        ("", "tight"),
    ];
    let nothing = Memo::new(move |_| sessions.with(|sessions| sessions.data.is_empty()));
    (move || {
        if nothing.get() {
            return empty(Icon::Monitor, "Nobody is signed in", "You are here with a key itself.", ().into_any());
        }
        let key = |session: &Session| format!("{} {:?}", session.id, session.last_seen_at);
        view! {
            {wrong(act.fault)}
            {table("Sessions", "", columns.clone(), move || sessions.with(|sessions| sessions.data.clone()), key, move |session| row(console, load, act, session))}
        }
        .into_any()
    })
    .into_any()
}

fn row(console: Console, load: Load<Sessions>, act: Act, session: Session) -> AnyView {
    let id = session.id.clone();
    let end = move |_| {
        let (client, id) = (console.client(), id.clone());
        act.run(async move { client.end_session(&id).await }, move |()| {
            console.toasts.done("The session is ended.");
            load.again();
        });
    };
    let current = session.current;
    let button = move || {
        let end = end.clone();
        (console.may_write() && !current).then(|| view! { <button class="button slim danger" on:click=end>"End"</button> })
    };
    let mine = current.then(|| pill("info", "This one"));
    let source = session.source_ip.clone().map_or_else(|| none("Unknown"), |address| view! { <code>{address}</code> }.into_any());
    view! {
        <tr>
            {cell("Who", "lead", view! { <span class="row">{name(session.subject.clone())}{mine}</span> })}
            {cell("Began", "half", when(console, session.created_at))}
            {cell("Last used", "half", when_or(console, session.last_seen_at, "Within its first minute"))}
            {cell("Ends at the latest", "", when(console, session.expires_at))}
            {cell("From", "", source)}
            {cell("Browser", "", session.user_agent.clone().map_or_else(|| none("Unknown"), agent))}
            {cell("", "tight", view! { {button} })}
        </tr>
    }
    .into_any()
}

/// A browser in a few words; pointing at it tells all that it says of itself.
fn agent(text: String) -> AnyView {
    let title: String = text.chars().take(300).collect();
    view! { <span title=title>{name(ferrogw_dashboard::reckoning::agent::short(&text))}</span> }.into_any()
}

fn end_all(console: Console, load: Load<Sessions>, open: RwSignal<bool>) -> AnyView {
    let act = Act::new(console);
    let go = move |_| {
        let client = console.client();
        act.run(async move { client.end_sessions().await }, move |ended| {
            open.set(false);
            console.toasts.done(format!("{} sessions are ended.", ended.revoked));
            load.again();
        });
    };
    dialog(open, act, "End all sessions?", "", move || {
        act.fault.set(None);
        view! {
            <div class="dialog-body">
                <p class="second">"Everybody has to sign in again, you too. Keys themselves are not affected."</p>
                {wrong(act.fault)}
            </div>
            <div class="dialog-foot">
                {cancel(open, act, "Cancel")}
                <button class="button first danger" disabled=move || act.busy.get() on:click=go>"End all"</button>
            </div>
        }
        .into_any()
    })
}

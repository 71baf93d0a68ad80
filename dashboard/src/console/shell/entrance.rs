//! The way in.

use ferrogw_api::Client;
use ferrogw_config::Secret;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::console::act::Act;
use crate::console::fault::Fault;
use crate::console::part::icon::{Icon, icon, mark};
use crate::console::{Console, browser, session};
use ferrogw_dashboard::address::{Page, safe_next};

pub(super) fn view(console: Console) -> AnyView {
    let next = move || safe_next(console.place.query_now().get("next"));
    view! {
        <main class="entrance">
            <div class="entrance-card stack">
                <p class="brand">{mark()} "ferrogw"</p>
                <div>
                    <h1>"Sign in"</h1>
                    <p class="second">"With an API key that may administer or read, or with the master key."</p>
                </div>
                {form(console, move || session::entered(console, move || console.place.go(&next())))}
                {super::account::appearance(console)}
            </div>
        </main>
    }
    .into_any()
}

/// The key, and what is wrong with it. The key goes into one request and is kept nowhere.
pub(super) fn form(console: Console, then: impl Fn() + Copy + 'static) -> AnyView {
    let act = Act::new(console);
    let key = RwSignal::new(String::new());
    let shown = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let secret = Secret::new(key.get_untracked().trim().to_owned());
        match Client::new(&browser::origin(), Some(&secret)) {
            Ok(client) => act.run(async move { client.sign_in(true).await }, move |_| {
                key.set(String::new());
                then();
            }),
            Err(unusable) => act.fault.set(Some(Fault::Missing(sentence(&unusable.to_string())))),
        }
    };
    let wrong = move || act.fault.get().map(|fault| explain(&fault));
    view! {
        <form class="stack" on:submit=submit>
            <div class="field">
                <label for="key">"Key"</label>
                <div class="row">
                    <input
                        class="input mono"
                        id="key"
                        name="key"
                        type=move || if shown.get() { "text" } else { "password" }
                        autocomplete="current-password"
                        spellcheck="false"
                        required
                        autofocus
                        aria-describedby="key-wrong"
                        aria-invalid=move || act.fault.with(Option::is_some).to_string()
                        prop:value=move || key.get()
                        on:input=move |event| key.set(event_target_value(&event))
                    />
                    <button
                        type="button"
                        class="button only"
                        aria-label=move || if shown.get() { "Hide the key" } else { "Show the key" }
                        on:click=move |_| shown.update(|shown| *shown = !*shown)
                    >
                        {move || icon(if shown.get() { Icon::EyeOff } else { Icon::Eye })}
                    </button>
                </div>
                <div id="key-wrong" role="alert">{move || wrong().map(|text| view! { <p class="wrong">{text}</p> })}</div>
            </div>
            <button class="button first wide" disabled=move || act.busy.get()>
                {move || if act.busy.get() { "Signing in …" } else { "Sign in" }}
            </button>
        </form>
    }
    .into_any()
}

fn explain(fault: &Fault) -> String {
    match fault {
        Fault::SignedOut => "This key is unknown, revoked or expired.".to_owned(),
        Fault::Forbidden(_) => {
            "This key may use models, but neither administer nor read. Use one with admin or read_only.".to_owned()
        }
        Fault::Refused(refusal) if refusal.code == "rate_limit_exceeded" => {
            "Too many attempts from this address. Wait a few seconds and try again.".to_owned()
        }
        Fault::Away(_) => "The control plane cannot be reached. Try again in a moment.".to_owned(),
        other => other.message().to_owned(),
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).chain(['.']).collect()
}

/// Where the way out of a lapsed session leads.
pub(super) fn path(console: Console) -> String {
    match console.place.page_now() {
        Page::SignIn => Page::SignIn.path(),
        _ => session::way_in(console),
    }
}

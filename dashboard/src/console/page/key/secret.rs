//! A key's secret, shown once.

use crate::console::effect::effect;
use ferrogw_api::key::{Key, Scope};
use leptos::prelude::*;

use super::Keys;
use crate::console::browser;
use crate::console::load::load;
use crate::console::part::copy::{code, copy};
use crate::console::part::dialog::insistent;
use crate::console::part::name;
use ferrogw_dashboard::reckoning::api::address;

/// What is asked of whoever leaves while it is shown.
const UNSEEN_AGAIN: &str = "The key is shown only this once. Leave without it?";

pub(super) fn view(page: Keys) -> AnyView {
    let open = RwSignal::new(false);
    effect(move || {
        let shown = page.secret.with(Option::is_some);
        if shown {
            page.console.place.guard(Some(UNSEEN_AGAIN));
        } else {
            page.console.place.release(UNSEEN_AGAIN);
        }
        open.set(shown);
    });
    on_cleanup(move || page.console.place.release(UNSEEN_AGAIN));
    let workers = load(page.console, 30, |client| async move { client.workers().await });
    let api = Signal::derive(move || address(workers.get().as_ref(), &browser::origin()));
    insistent(open, "Store this key now", move || {
        page.secret.get_untracked().map_or_else(|| ().into_any(), |key| content(page, key, api))
    })
}

fn content(page: Keys, key: Key, api: Signal<String>) -> AnyView {
    let stored = RwSignal::new(false);
    let secret = key.key.clone();
    let tried = secret.clone();
    let curl = key.scopes.iter().any(|scope| *scope != Scope::ReadOnly).then(|| {
        let text = move || format!("curl {}/v1/models \\\n  -H \"Authorization: Bearer {tried}\"", api.get());
        code(page.console, "Try it where the gateway's API is", Signal::derive(text))
    });
    view! {
        <div class="dialog-body">
            <p>{name(key.name)}</p>
            <p class="second">"This is the only time that the key is shown. The gateway keeps nothing but its fingerprint."</p>
            <div class="secret">
                <code id="secret">{key.key}</code>
                {copy(page.console, "Copy the key", move || secret.clone())}
            </div>
            {curl}
            <label class="check">
                <input type="checkbox" id="stored" on:change=move |event| stored.set(event_target_checked(&event)) />
                <span>"I have stored the key where it is needed"</span>
            </label>
        </div>
        <div class="dialog-foot">
            <button class="button first" disabled=move || !stored.get() on:click=move |_| page.secret.set(None)>"Done"</button>
        </div>
    }
    .into_any()
}

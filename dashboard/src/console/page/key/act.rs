//! What can be done to a key.

use ferrogw_api::key::{Key, KeyChange};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::Keys;
use super::form::{Draft, Life, fields};
use crate::console::act::Act;
use crate::console::part::confirm::{Danger, confirm};
use crate::console::part::dialog::{cancel, dialog};
use crate::console::part::wrong;
use ferrogw_dashboard::address::Page;
use ferrogw_dashboard::range::rfc3339;

/// The buttons, and what they open.
pub(super) fn view(page: Keys, key: &Key) -> AnyView {
    let [editing, rotating, revoking, deleting] = [(); 4].map(|()| RwSignal::new(false));
    let act = Act::new(page.console);
    let (live, dead) = (key.active, !key.active);
    let danger = |verb, consequence| Danger { name: key.name.clone(), id: key.id.clone(), verb, consequence };
    let id = StoredValue::new(key.id.clone());
    view! {
        <div class="row wrap">
            {live.then(|| view! { <button class="button" on:click=move |_| editing.set(true)>"Edit"</button> })}
            {live.then(|| view! { <button class="button" on:click=move |_| rotating.set(true)>"Rotate"</button> })}
            {live.then(|| view! { <button class="button danger" on:click=move |_| revoking.set(true)>"Revoke"</button> })}
            {dead.then(|| view! { <button class="button danger" on:click=move |_| deleting.set(true)>"Delete"</button> })}
        </div>
        {edit(page, key.clone(), editing)}
        {confirm(
            rotating,
            danger("Rotate", "The key gets a new secret, which is shown once. Whoever uses the old one is refused within a second."),
            act,
            move || rotate(page, act, id.get_value(), rotating),
        )}
        {confirm(
            revoking,
            danger("Revoke", "Whoever uses the key is refused within a second, for good. What it did stays in the log."),
            act,
            move || revoke(page, act, id.get_value(), revoking),
        )}
        {confirm(
            deleting,
            danger("Delete", "The key leaves the list. What it did stays in the log under its id."),
            act,
            move || delete(page, act, id.get_value(), deleting),
        )}
    }
    .into_any()
}

fn rotate(page: Keys, act: Act, id: String, open: RwSignal<bool>) {
    let client = page.console.client();
    act.run_through(super::SECRET_LOST, async move { client.rotate_key(&id).await }, move |key| {
        let _ = open.try_set(false);
        page.secret.set(Some(key));
        page.keys.again();
    });
}

fn revoke(page: Keys, act: Act, id: String, open: RwSignal<bool>) {
    let client = page.console.client();
    act.run(async move { client.revoke_key(&id).await }, move |()| {
        open.set(false);
        page.console.toasts.done("The key is revoked.");
        page.keys.again();
    });
}

fn delete(page: Keys, act: Act, id: String, open: RwSignal<bool>) {
    let client = page.console.client();
    act.run(async move { client.delete_key(&id).await }, move |()| {
        open.set(false);
        page.console.toasts.done("The key is deleted.");
        page.keys.again();
        page.console.place.go(&Page::Keys.with(&page.console.place.query_now()));
    });
}

fn edit(page: Keys, key: Key, open: RwSignal<bool>) -> AnyView {
    let act = Act::new(page.console);
    dialog(open, act, "Edit the key", "", move || {
        let life = key.expires_at.map_or(Life::Forever, Life::Kept);
        let draft = Draft::new(key.name.clone(), key.scopes.clone(), life);
        act.fault.set(None);
        let id = key.id.clone();
        let submit = move |event: SubmitEvent| {
            event.prevent_default();
            let end = draft.end(page.console);
            let change = KeyChange {
                name: draft.name.get_untracked().trim().to_owned(),
                scopes: draft.scope_words(),
                clear_expiration: end.is_none(),
                expires_at: end.map(rfc3339),
            };
            let (client, id) = (page.console.client(), id.clone());
            act.run(async move { client.update_key(&id, &change).await }, move |_| {
                open.set(false);
                page.console.toasts.done("The key is changed.");
                page.keys.again();
            });
        };
        view! {
            <form on:submit=submit>
                <div class="dialog-body">{fields(draft)} {wrong(act.fault)}</div>
                <div class="dialog-foot">
                    {cancel(open, act, "Cancel")}
                    <button class="button first" disabled=move || act.busy.get() || !draft.is_whole()>"Save"</button>
                </div>
            </form>
        }
        .into_any()
    })
}

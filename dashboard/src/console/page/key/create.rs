//! Making a key.

use ferrogw_api::key::{NewKey, Scope};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::Keys;
use super::form::{Draft, Life, fields};
use crate::console::act::Act;
use crate::console::part::dialog::{cancel, dialog};
use crate::console::part::wrong;

pub(super) fn view(page: Keys, open: RwSignal<bool>) -> AnyView {
    let act = Act::new(page.console);
    dialog(open, act, "Create an API key", "", move || {
        let draft = Draft::new(String::new(), vec![Scope::Inference], Life::Forever);
        act.fault.set(None);
        let submit = move |event: SubmitEvent| {
            event.prevent_default();
            let new = NewKey {
                name: draft.name.get_untracked().trim().to_owned(),
                scopes: draft.scope_words(),
                expires_at: draft.end(page.console),
            };
            let client = page.console.client();
            act.run_through(super::SECRET_LOST, async move { client.create_key(&new).await }, move |key| {
                let _ = open.try_set(false);
                page.secret.set(Some(key));
                page.keys.again();
            });
        };
        view! {
            <form on:submit=submit>
                <div class="dialog-body">{fields(draft)} {wrong(act.fault)}</div>
                <div class="dialog-foot">
                    {cancel(open, act, "Cancel")}
                    <button class="button first" disabled=move || act.busy.get() || !draft.is_whole()>"Create key"</button>
                </div>
            </form>
        }
        .into_any()
    })
}

//! Going back to an earlier version, which becomes the newest one.

use crate::console::effect::effect;
use ferrogw_api::client::Change;
use ferrogw_api::config::History;
use leptos::prelude::*;

use super::compare::between;
use crate::console::Console;
use crate::console::act::Act;
use crate::console::load::Load;
use crate::console::part::dialog::dialog;
use crate::console::part::{why, wrong};

pub(super) fn view(console: Console, load: Load<History>, newest: Memo<u64>, rolling: RwSignal<Option<u64>>) -> AnyView {
    let act = Act::new(console);
    let open = RwSignal::new(false);
    effect(move || open.set(rolling.with(Option::is_some)));
    effect(move || {
        // Only what changes is set: the two would otherwise call each other for ever.
        if !open.get() && rolling.with_untracked(Option::is_some) {
            rolling.set(None);
        }
    });
    dialog(open, "Roll back", "wide", move || {
        let Some(version) = rolling.get_untracked() else { return ().into_any() };
        act.fault.set(None);
        let in_force = newest.get_untracked();
        let note = RwSignal::new(String::new());
        let go = move |_| {
            let client = console.client();
            let change = Change { if_version: Some(in_force), note: note.get_untracked() };
            act.run(async move { client.rollback(version, &change).await }, move |done| {
                open.set(false);
                console.toasts.done(format!("Version {} is in force: what version {version} said.", done.version));
                let query = console.place.query_now().with("version", "").with("against", "");
                console.place.say(&query);
                load.again();
            });
        };
        view! {
            <div class="dialog-body">
                <p class="second">
                    {format!("What version {version} said is put in force again, as version {}. Nothing of the history is lost.", in_force + 1)}
                </p>
                <h3>"What changes"</h3>
                {between(console, in_force, version)}
                {why(note)}
                {wrong(act.fault)}
            </div>
            <div class="dialog-foot">
                <button class="button" on:click=move |_| open.set(false)>"Cancel"</button>
                <button class="button first" disabled=move || act.busy.get() on:click=go>{format!("Roll back to version {version}")}</button>
            </div>
        }
        .into_any()
    })
}

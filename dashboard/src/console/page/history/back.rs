//! Going back to an earlier version, which becomes the newest one.

use crate::console::effect::effect;
use ferrogw_api::client::Change;
use ferrogw_api::config::History;
use leptos::prelude::*;

use super::compare::between;
use crate::console::Console;
use crate::console::act::Act;
use crate::console::load::Load;
use crate::console::page::configuration::rival;
use crate::console::part::dialog::{cancel, dialog};
use crate::console::part::{why, wrong};

/// What a roll back looks at.
#[derive(Clone, Copy)]
struct Way {
    console: Console,
    history: Load<History>,
    act: Act,
    open: RwSignal<bool>,
    /// The version in force, as far as is known.
    newest: Memo<u64>,
    /// The version that was in force when the reader looked at what would change.
    base: RwSignal<u64>,
}

pub(super) fn view(console: Console, history: Load<History>, newest: Memo<u64>, rolling: RwSignal<Option<u64>>) -> AnyView {
    let (act, open) = (Act::new(console), RwSignal::new(false));
    let way = Way { console, history, act, open, newest, base: RwSignal::new(0) };
    effect(move || open.set(rolling.with(Option::is_some)));
    effect(move || {
        // Only what changes is set: the two would otherwise call each other for ever.
        if !open.get() && rolling.with_untracked(Option::is_some) {
            rolling.set(None);
        }
    });
    effect(move || {
        if act.fault.with(|fault| fault.as_ref().is_some_and(|fault| fault.code() == "version_conflict")) {
            history.again();
        }
    });
    dialog(open, act, "Roll back", "wide", move || {
        let Some(version) = rolling.get_untracked() else { return ().into_any() };
        act.fault.set(None);
        way.base.set(newest.get_untracked());
        content(way, version)
    })
}

fn content(way: Way, version: u64) -> AnyView {
    let Way { console, act, open, newest, base, .. } = way;
    // Somebody may be faster while this is looked at.
    let newer = Memo::new(move |_| Some(newest.get()).filter(|newest| *newest != base.get()));
    let note = RwSignal::new(String::new());
    let consequence = move || {
        let next = base.get() + 1;
        format!("What version {version} said is put in force again, as version {next}. Nothing of the history is lost.")
    };
    view! {
        <div class="dialog-body">
            {move || newer.get().map(|theirs| conflict(way, theirs))}
            <p class="second">{consequence}</p>
            <h3>"What changes"</h3>
            {move || between(console, base.get(), version)}
            {why(note)}
            {move || act.fault.get().filter(|fault| fault.code() != "version_conflict").map(|_| wrong(act.fault))}
        </div>
        <div class="dialog-foot">
            {cancel(open, act, "Cancel")}
            <button
                class="button first"
                disabled=move || act.busy.get() || newer.with(Option::is_some)
                on:click=move |_| roll_back(way, version, note.get_untracked())
            >
                {format!("Roll back to version {version}")}
            </button>
        </div>
    }
    .into_any()
}

/// Their change, and how to go on.
fn conflict(way: Way, theirs: u64) -> AnyView {
    let adopt = move |_| {
        way.act.fault.set(None);
        way.base.set(theirs);
    };
    view! {
        {rival(theirs, "Below is what they changed. Rolling back takes it away again.")}
        {between(way.console, way.base.get_untracked(), theirs)}
        <div class="row wrap">
            <button class="button" on:click=adopt>{format!("Compare with version {theirs}")}</button>
        </div>
    }
    .into_any()
}

fn roll_back(way: Way, version: u64, note: String) {
    let Way { console, history, act, open, base, .. } = way;
    let client = console.client();
    let change = Change { if_version: Some(base.get_untracked()), note };
    act.run(async move { client.rollback(version, &change).await }, move |done| {
        open.set(false);
        console.toasts.done(format!("Version {} is in force: what version {version} said.", done.version));
        let query = console.place.query_now().with("version", "").with("against", "");
        console.place.say(&query);
        history.again();
    });
}

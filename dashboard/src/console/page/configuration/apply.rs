//! Putting a text in force: first what would change, then whether somebody else was faster.

use crate::console::effect::effect;
use ferrogw_api::client::{Change, Current};
use ferrogw_config::Syntax;
use leptos::prelude::*;

use super::{Base, Desk, rival};
use crate::console::act::Act;
use crate::console::fault::Fault;
use crate::console::load::Load;
use crate::console::part::dialog::{cancel, dialog};
use crate::console::part::diff::diff;
use crate::console::part::icon::{Icon, icon};
use crate::console::part::{why, wrong};
use ferrogw_dashboard::yaml;

pub(super) fn view(desk: Desk, current: Load<Current>) -> AnyView {
    let act = Act::new(desk.console);
    // A refusal says more than the check here did, e.g. because the server is newer.
    effect(move || match act.fault.get() {
        Some(Fault::Refused(refusal)) if refusal.code == "invalid_config" => desk.editor.issues.set(refusal.issues),
        Some(Fault::Refused(refusal)) if refusal.code == "version_conflict" => current.again(),
        _ => {}
    });
    dialog(desk.reviewing, act, "Review the changes", "wide", move || {
        act.fault.set(None);
        content(desk, current, act)
    })
}

fn content(desk: Desk, current: Load<Current>, act: Act) -> AnyView {
    // Somebody may be faster while this is looked at.
    let newer = Memo::new(move |_| {
        let current = current.get()?;
        let version = desk.base.with(|base| base.version);
        (current.version > version).then(|| Base::of(&current))
    });
    view! {
        <div class="dialog-body">
            {move || newer.get().map(|theirs| conflict(desk, act, theirs))}
            <h3>{move || format!("What you would change in version {}", desk.base.with(|base| base.version))}</h3>
            {move || mine(desk)}
            {why(desk.note)}
            {move || act.fault.get().filter(|fault| fault.code() != "version_conflict").map(|_| wrong(act.fault))}
        </div>
        <div class="dialog-foot">
            {cancel(desk.reviewing, act, "Back to the text")}
            <button
                class="button first"
                disabled=move || act.busy.get() || desk.checker.busy.get() || newer.with(Option::is_some) || desk.errors() != 0
                on:click=move |_| apply(desk, current, act)
            >
                {move || if act.busy.get() { "Applying …" } else { "Put in force" }}
            </button>
        </div>
    }
    .into_any()
}

/// Both sides are written in the same way, so that only what they say differs.
fn mine(desk: Desk) -> AnyView {
    let before = desk.base.with(Base::plain);
    let (after, understood) = match desk.document() {
        Some(document) => (yaml::write(&document), true),
        None => (desk.editor.text.get().to_string(), false),
    };
    if understood && before == after {
        return view! { <p class="note">{icon(Icon::Hint)}"Nothing but its layout or its remarks. Putting it in force would change nothing."</p> }.into_any();
    }
    diff(&before, &after)
}

/// Their change, and how to go on.
fn conflict(desk: Desk, act: Act, theirs: Base) -> AnyView {
    let (before, after) = (desk.base.with(Base::plain), theirs.plain());
    let version = theirs.version;
    let adopt = {
        let theirs = theirs.clone();
        move |_| {
            act.fault.set(None);
            desk.base.set(theirs.clone());
        }
    };
    let give_way = {
        let theirs = theirs.clone();
        move |_| {
            desk.base.set(theirs.clone());
            desk.discard();
            desk.reviewing.set(false);
        }
    };
    view! {
        {rival(version, "Below is what they changed. Your text does not contain it unless you put it there.")}
        {diff(&before, &after)}
        <div class="row wrap">
            <button class="button" on:click=adopt>{format!("Compare mine with version {version}")}</button>
            <button class="button" on:click=give_way>"Discard mine and take theirs"</button>
        </div>
    }
    .into_any()
}

fn apply(desk: Desk, current: Load<Current>, act: Act) {
    let client = desk.console.client();
    let text = desk.editor.text.get_untracked().to_string();
    let (syntax, version) = (desk.editor.syntax.get_untracked(), desk.base.with_untracked(|base| base.version));
    let change = Change { if_version: Some(version), note: desk.note.get_untracked() };
    let document = untrack(|| desk.document());
    let then = {
        let text = text.clone();
        move |written: ferrogw_api::config::Written| {
            desk.reviewing.set(false);
            desk.note.set(String::new());
            desk.console.toasts.done(format!("Version {} is in force.", written.version));
            settle(desk, Base { version: written.version, text, document }, syntax);
            current.again();
        }
    };
    act.run(async move { client.apply(text, syntax, &change).await }, then);
}

/// What was applied is what the next text is about to replace. YAML stays as it was typed, with its remarks. JSON is laid out anew:
/// the text in either syntax is then made of the document.
fn settle(desk: Desk, applied: Base, syntax: Syntax) {
    match (syntax, applied.document) {
        (Syntax::Json, Some(document)) => {
            desk.base.set(Base::of(&Current { config: Some(document), version: applied.version }));
            desk.discard();
        }
        (_, document) => desk.base.set(Base { document, ..applied }),
    }
}

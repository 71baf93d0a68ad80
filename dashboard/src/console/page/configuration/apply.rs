//! Putting a text in force: first what would change, then whether somebody else was faster.

use crate::console::effect::effect;
use ferrogw_api::client::{Change, Current};
use leptos::prelude::*;

use super::{Base, Desk};
use crate::console::act::Act;
use crate::console::fault::Fault;
use crate::console::load::Load;
use crate::console::part::dialog::dialog;
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
    dialog(desk.reviewing, "Review the changes", "wide", move || {
        act.fault.set(None);
        content(desk, current, act)
    })
}

fn content(desk: Desk, current: Load<Current>, act: Act) -> AnyView {
    // Somebody may be faster while this is looked at.
    let rival = Memo::new(move |_| {
        let current = current.get()?;
        let version = desk.base.with(|base| base.version);
        (current.version != version).then(|| Base::of(&current))
    });
    view! {
        <div class="dialog-body">
            {move || rival.get().map(|theirs| conflict(desk, act, theirs))}
            <h3>{move || format!("What you would change in version {}", desk.base.with(|base| base.version))}</h3>
            {move || mine(desk)}
            {why(desk.note)}
            {move || act.fault.get().filter(|fault| fault.code() != "version_conflict").map(|_| wrong(act.fault))}
        </div>
        <div class="dialog-foot">
            <button class="button" on:click=move |_| desk.reviewing.set(false)>"Back to the text"</button>
            <button
                class="button first"
                disabled=move || act.busy.get() || rival.with(Option::is_some) || desk.errors() != 0
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
    let before = desk.base.with(|base| base.document.as_ref().map(yaml::write)).unwrap_or_default();
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
    let before = desk.base.with(|base| base.text.clone());
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
        <div class="note warn-note" role="alert">
            {icon(Icon::Warning)}
            <div class="grow">
                <strong>{format!("Somebody was faster: version {version} is in force")}</strong>
                <p>"Below is what they changed. Your text does not contain it unless you put it there."</p>
            </div>
        </div>
        <h3>"What they changed"</h3>
        {diff(&before, &theirs.text)}
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
            desk.base.set(Base { version: written.version, text, document });
            current.again();
        }
    };
    act.run(async move { client.apply(text, syntax, &change).await }, then);
}

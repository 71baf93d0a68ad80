//! What version this is, in which syntax it is shown, and what can be done with it.

use ferrogw_config::Syntax;
use leptos::prelude::*;

use super::Desk;
use crate::console::part::copy::copy;
use crate::console::part::{choice, pill};
use ferrogw_dashboard::yaml;

pub(super) fn view(desk: Desk) -> AnyView {
    let version = move || match desk.base.with(|base| (base.version, base.document.is_some())) {
        (_, false) => "Nothing in force".to_owned(),
        (version, true) => format!("Version {version}"),
    };
    let syntaxes = vec![(Syntax::Yaml, "YAML"), (Syntax::Json, "JSON")];
    view! {
        <div class="panel-head">
            <h2>{version}</h2>
            {move || desk.is_changed().then(|| pill("info", "Changed"))}
            <span class="grow"></span>
            {choice("Syntax", syntaxes, desk.editor.syntax.into(), move |syntax| turn(desk, syntax))}
            {copy(desk.console, "Copy the text", move || desk.editor.text.get_untracked().to_string())}
            {move || desk.console.may_write().then(|| buttons(desk))}
        </div>
    }
    .into_any()
}

fn buttons(desk: Desk) -> AnyView {
    let blocked = move || !desk.is_due() || desk.errors() != 0 || desk.checker.busy.get();
    view! {
        <button class="button" disabled=move || !desk.is_changed() on:click=move |_| desk.discard()>"Discard"</button>
        <button class="button first" disabled=blocked on:click=move |_| desk.reviewing.set(true)>"Review and apply"</button>
    }
    .into_any()
}

/// The same in the other syntax. Remarks do not survive, as the other syntax may have none.
fn turn(desk: Desk, syntax: Syntax) {
    if desk.editor.syntax.get_untracked() == syntax {
        return;
    }
    if untrack(|| !desk.is_changed()) {
        desk.editor.replace(&desk.base.with_untracked(|base| base.written(syntax)), syntax);
        return;
    }
    match untrack(|| desk.document()) {
        Some(document) if syntax == Syntax::Yaml => desk.editor.replace(&yaml::write(&document), syntax),
        Some(document) => desk.editor.replace(&serde_json::to_string_pretty(&document).unwrap_or_default(), syntax),
        // A text that is not understood stays as it is; perhaps it is in that syntax already.
        None => desk.editor.syntax.set(syntax),
    }
}

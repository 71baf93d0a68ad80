//! The configuration in force, to be looked at and changed.

mod apply;
pub(super) mod editor;
mod issues;
mod rival;
mod tabs;
mod toolbar;

use crate::console::effect::effect;
use ferrogw_api::client::Current;
use ferrogw_api::provider::Catalog;
use ferrogw_config::{Severity, Syntax};
use leptos::prelude::*;
use serde_json::Value;

use crate::console::Console;
use crate::console::checker::Checker;
use crate::console::load::{Load, load};
use crate::console::part::icon::{Icon, icon};
use crate::console::part::state::shown;
use ferrogw_dashboard::yaml;

use editor::Editor;

pub(super) use rival::rival;
pub(super) use tabs::tabs;

/// What is there to begin with where nothing is in force.
const FIRST: &str = "strategy:\n  mode: fallback\ntargets:\n  - virtual_key: openai\n";

/// What the page's parts look at.
#[derive(Clone, Copy)]
struct Desk {
    console: Console,
    editor: Editor,
    checker: Checker,
    /// What the edited text is about to replace.
    base: RwSignal<Base>,
    /// Whether what will change is being looked at.
    reviewing: RwSignal<bool>,
    /// Why it is changed.
    note: RwSignal<String>,
}

/// A configuration in force, as text.
#[derive(Debug, Clone, PartialEq)]
struct Base {
    version: u64,
    text: String,
    document: Option<Value>,
}

impl Base {
    fn of(current: &Current) -> Self {
        let text = current.config.as_ref().map_or_else(|| FIRST.to_owned(), yaml::write);
        Self { version: current.version, text, document: current.config.clone() }
    }

    /// What it says, laid out as every document that is compared.
    fn plain(&self) -> String {
        self.document.as_ref().map(yaml::write).unwrap_or_default()
    }

    /// The text in a syntax.
    fn written(&self, syntax: Syntax) -> String {
        match (syntax, &self.document) {
            (Syntax::Json, Some(document)) => serde_json::to_string_pretty(document).unwrap_or_default(),
            _ => self.text.clone(),
        }
    }
}

impl Desk {
    /// Whether there is something to put in force.
    fn is_due(self) -> bool {
        self.is_changed() || self.base.with(|base| base.document.is_none())
    }

    /// Whether the text says something else than what it is about to replace.
    fn is_changed(self) -> bool {
        let syntax = self.editor.syntax.get();
        self.editor.text.with(|text| self.base.with(|base| **text != base.written(syntax)))
    }

    /// What the text says, once it was checked and if it can be understood.
    fn document(self) -> Option<Value> {
        self.checker.answer.with(|answer| answer.as_ref()?.document.clone())
    }

    fn errors(self) -> usize {
        self.editor.issues.with(|issues| issues.iter().filter(|issue| issue.severity == Severity::Error).count())
    }

    /// Back to what is in force.
    fn discard(self) {
        let syntax = self.editor.syntax.get_untracked();
        self.editor.replace(&self.base.with_untracked(|base| base.written(syntax)), syntax);
    }
}

pub(super) fn view(console: Console) -> AnyView {
    let current = load(console, 10, |client| async move { client.config().await });
    view! {
        {tabs(console)}
        {shown(current, 14, move |_| desk(console, current))}
    }
    .into_any()
}

fn desk(console: Console, current: Load<Current>) -> AnyView {
    let first = current.value.get_untracked().unwrap_or(Current { config: None, version: 0 });
    let base = Base::of(&first);
    let desk = Desk {
        console,
        editor: Editor::new(&base.text, Syntax::Yaml),
        checker: Checker::start(),
        base: RwSignal::new(base),
        reviewing: RwSignal::new(false),
        note: RwSignal::new(String::new()),
    };
    connect(desk);
    follow(desk, current);
    let read_only = Signal::derive(move || !console.may_write());
    view! {
        {move || newer(desk, current)}
        <section class="panel" aria-label="Editor">
            {toolbar::view(desk)}
            {editor::view(desk.editor, read_only)}
            {issues::view(desk)}
        </section>
        {apply::view(desk, current)}
    }
    .into_any()
}

/// The text goes to the thread that checks it, and what that says comes back.
fn connect(desk: Desk) {
    effect(move || desk.editor.text.with(|text| desk.checker.ask(text, desk.editor.syntax.get())));
    effect(move || {
        if let Some(answer) = desk.checker.answer.get() {
            desk.editor.issues.set(answer.issues);
        }
    });
    let schema = load(desk.console, 0, |client| async move { client.config_schema().await });
    effect(move || desk.editor.schema.set(schema.get()));
    let catalog = load(desk.console, 0, |client| async move { client.provider_catalog().await });
    effect(move || {
        let ids = catalog.value.with(|catalog| catalog.as_ref().map(ids)).unwrap_or_default();
        desk.editor.known.set(vec![("virtual_key", ids.clone()), ("provider", ids)]);
    });
    effect(move || {
        let loss = (desk.console.may_write() && desk.is_changed()).then_some("The text was changed and not applied. Leave it?");
        desk.console.place.guard(loss);
    });
    on_cleanup(move || desk.console.place.guard(None));
}

fn ids(catalog: &Catalog) -> Vec<String> {
    let mut served: Vec<_> = catalog.providers.iter().filter(|provider| provider.served).collect();
    served.sort_by_key(|provider| !provider.registered);
    served.into_iter().map(|provider| provider.id.clone()).collect()
}

/// While nothing was typed, the text is what is in force.
fn follow(desk: Desk, current: Load<Current>) {
    effect(move || {
        let Some(current) = current.get() else { return };
        let untouched = untrack(|| !desk.is_changed());
        if untouched && desk.base.with_untracked(|base| base.version != current.version) {
            desk.base.set(Base::of(&current));
            desk.discard();
        }
    });
}

/// Somebody else put another version in force while this text was written.
fn newer(desk: Desk, current: Load<Current>) -> AnyView {
    let version = current.value.with(|current| current.as_ref().map_or(0, |current| current.version));
    if version <= desk.base.with(|base| base.version) {
        return ().into_any();
    }
    view! {
        <div class="note warn-note" role="status">
            {icon(Icon::Warning)}
            <div class="grow">
                <strong>{format!("Version {version} was put in force meanwhile")}</strong>
                <p>"Your text is about an older one. Look at what changed before you apply it."</p>
            </div>
            <button class="button" on:click=move |_| desk.reviewing.set(true)>"Look"</button>
        </div>
    }
    .into_any()
}

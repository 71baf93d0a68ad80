//! A dangerous act is confirmed by typing the name of what it is done to.

use leptos::prelude::*;

use super::dialog::{cancel, dialog};
use super::{name, wrong};
use crate::console::act::Act;

/// What is about to be done.
#[derive(Clone)]
pub(crate) struct Danger {
    /// What it is done to.
    pub(crate) name: String,
    /// Its id, for names that nobody can type.
    pub(crate) id: String,
    /// What the act is called.
    pub(crate) verb: &'static str,
    /// What follows from it.
    pub(crate) consequence: &'static str,
}

impl Danger {
    /// What has to be typed: the name, or the id's end where the name is too long or too odd to be typed.
    fn word(&self) -> String {
        let typable = !self.name.is_empty()
            && self.name.len() <= 40
            && self.name.trim() == self.name
            && self.name.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
        if typable { self.name.clone() } else { self.id.chars().skip(self.id.chars().count().saturating_sub(6)).collect() }
    }
}

/// Asks, and does it.
pub(crate) fn confirm(open: RwSignal<bool>, danger: Danger, act: Act, go: impl Fn() + Copy + Send + Sync + 'static) -> AnyView {
    let title = format!("{} this key?", danger.verb);
    dialog(open, act, title, "", move || {
        let danger = danger.clone();
        let word = danger.word();
        let is_name = word == danger.name;
        let typed = RwSignal::new(String::new());
        let matches = {
            let word = word.clone();
            Memo::new(move |_| typed.with(|typed| typed.trim() == word))
        };
        act.fault.set(None);
        let submit = move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            if matches.get_untracked() {
                go();
            }
        };
        view! {
            <form on:submit=submit>
                <div class="dialog-body">
                    <p>{name(danger.name.clone())}</p>
                    <p class="second">{danger.consequence}</p>
                    <div class="field">
                        <label for="confirm">
                            {if is_name { "To confirm, type the name " } else { "To confirm, type the end of its id, " }}
                            <code>{word}</code>
                        </label>
                        <input
                            class="input"
                            id="confirm"
                            autocomplete="off"
                            spellcheck="false"
                            autofocus
                            prop:value=move || typed.get()
                            on:input=move |event| typed.set(event_target_value(&event))
                        />
                    </div>
                    {wrong(act.fault)}
                </div>
                <div class="dialog-foot">
                    {cancel(open, act, "Cancel")}
                    <button class="button first danger" disabled=move || !matches.get() || act.busy.get()>{danger.verb}</button>
                </div>
            </form>
        }
        .into_any()
    })
}

//! What is said in passing.

use std::time::Duration;

use leptos::prelude::*;

use super::icon::{Icon, icon};

/// How long something stays said; a failure stays longer.
const DONE: Duration = Duration::from_secs(4);
const FAILED: Duration = Duration::from_secs(9);

#[derive(Debug, Clone, PartialEq)]
struct Toast {
    number: u32,
    text: String,
    failed: bool,
}

/// What is being said.
#[derive(Clone, Copy)]
pub(crate) struct Toasts {
    said: RwSignal<Vec<Toast>>,
    /// The last one's number, which none after it has: what ends one must not end another.
    number: StoredValue<u32>,
}

impl Default for Toasts {
    fn default() -> Self {
        Self { said: RwSignal::new(Vec::new()), number: StoredValue::new(0) }
    }
}

impl Toasts {
    /// Something was done.
    pub(crate) fn done(self, text: impl Into<String>) {
        self.say(text.into(), false);
    }

    /// Something was not.
    pub(crate) fn failed(self, text: impl Into<String>) {
        self.say(text.into(), true);
    }

    fn say(self, text: String, failed: bool) {
        let number = self.number.get_value() + 1;
        self.number.set_value(number);
        self.said.update(|toasts| toasts.push(Toast { number, text, failed }));
        set_timeout(move || self.forget(number), if failed { FAILED } else { DONE });
    }

    fn forget(self, number: u32) {
        self.said.update(|toasts| toasts.retain(|toast| toast.number != number));
    }

    pub(crate) fn view(self) -> AnyView {
        let toast = move |Toast { number, text, failed }: Toast| {
            let (picture, tone) = if failed { (Icon::Warning, "bad") } else { (Icon::Check, "good") };
            view! {
                <div class="toast appear">
                    <span class=tone>{icon(picture)}</span>
                    <p class="grow">{text}</p>
                    <button class="button bare slim only" aria-label="Dismiss" on:click=move |_| self.forget(number)>{icon(Icon::Close)}</button>
                </div>
            }
        };
        view! {
            <div class="toasts" role="status" aria-live="polite">
                <For each=move || self.said.get() key=|toast| toast.number children=toast />
            </div>
        }
        .into_any()
    }
}

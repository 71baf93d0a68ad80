//! Putting a text on the clipboard.

use std::time::Duration;

use crate::console::effect::spawn;
use leptos::prelude::*;

use super::icon::{Icon, icon};
use crate::console::{Console, browser};

/// A button that copies.
pub(crate) fn copy(console: Console, label: &'static str, text: impl Fn() -> String + Send + 'static) -> AnyView {
    let copied = RwSignal::new(false);
    let act = move |event: leptos::ev::MouseEvent| {
        event.stop_propagation();
        let text = text();
        spawn(async move {
            if browser::copy(&text).await {
                copied.try_set(true);
                let forget = move || {
                    copied.try_set(false);
                };
                set_timeout(forget, Duration::from_millis(1600));
            } else {
                console.toasts.failed("The browser did not allow copying. Mark the text and copy it by hand.");
            }
        });
    };
    view! {
        <button type="button" class="button bare slim only" aria-label=label title=label on:click=act>
            {move || icon(if copied.get() { Icon::Check } else { Icon::Copy })}
            <span class="unseen" role="status">{move || copied.get().then_some("Copied")}</span>
        </button>
    }
    .into_any()
}

/// A text of several lines with a button to copy it.
pub(crate) fn code(console: Console, label: &'static str, text: Signal<String>) -> AnyView {
    view! {
        <div class="stack tight">
            <div class="row between">
                <span class="field-name">{label}</span>
                {copy(console, "Copy", move || text.get_untracked())}
            </div>
            <pre class="code" tabindex="0" aria-label=label>{move || text.get()}</pre>
        </div>
    }
    .into_any()
}

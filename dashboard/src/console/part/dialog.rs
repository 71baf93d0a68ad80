//! A question that has to be answered before anything else. The browser keeps the focus inside, and gives it back.

use crate::console::effect::effect;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::icon::{Icon, icon};

/// A dialog that is there while `open` says so. `class` is `wide` or nothing.
pub(crate) fn dialog(
    open: RwSignal<bool>,
    title: impl Into<String>,
    class: &'static str,
    content: impl Fn() -> AnyView + Send + 'static,
) -> AnyView {
    build(open, title.into(), class, true, content)
}

/// A dialog that only what is in it can close.
pub(crate) fn insistent(
    open: RwSignal<bool>,
    title: impl Into<String>,
    content: impl Fn() -> AnyView + Send + 'static,
) -> AnyView {
    build(open, title.into(), "", false, content)
}

fn build(
    open: RwSignal<bool>,
    title: String,
    class: &'static str,
    dismissible: bool,
    content: impl Fn() -> AnyView + Send + 'static,
) -> AnyView {
    let is_open = Memo::new(move |_| open.get());
    let show = move || {
        let node = NodeRef::<leptos::html::Dialog>::new();
        effect(move || {
            if let Some(dialog) = node.get()
                && !dialog.open()
            {
                let _ = dialog.show_modal();
            }
        });
        let dismiss = move |event: leptos::ev::Event| {
            event.prevent_default();
            if dismissible {
                open.set(false);
            }
        };
        // A browser closes a dialog at the second Escape whatever is said.
        let close_again = move |_| match node.get_untracked().filter(|_| !dismissible) {
            Some(dialog) => drop(dialog.show_modal()),
            None => open.set(false),
        };
        let outside = move |event: leptos::ev::MouseEvent| {
            let dialog = node.get_untracked().map(JsCast::unchecked_into::<web_sys::EventTarget>);
            if dismissible && event.target() == dialog {
                open.set(false);
            }
        };
        let close = dismissible.then(|| {
            view! {
                <button class="button bare slim only" type="button" aria-label="Close" on:click=move |_| open.set(false)>
                    {icon(Icon::Close)}
                </button>
            }
        });
        view! {
            <dialog
                class=format!("dialog {class}")
                node_ref=node
                aria-label=title.clone()
                on:cancel=dismiss
                on:mousedown=outside
                on:close=close_again
            >
                <div class="dialog-head">
                    <h2>{title.clone()}</h2>
                    {close}
                </div>
                {content()}
            </dialog>
        }
    };
    (move || is_open.get().then(&show)).into_any()
}

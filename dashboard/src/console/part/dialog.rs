//! A question that has to be answered before anything else. The browser keeps the focus inside, and gives it back.

use crate::console::effect::effect;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::icon::{Icon, icon};
use crate::console::act::Act;

/// A dialog that is there while `open` says so, and stays while what is asked for in it is awaited. `class` is `wide` or nothing.
pub(crate) fn dialog(
    open: RwSignal<bool>,
    act: Act,
    title: impl Into<String>,
    class: &'static str,
    content: impl Fn() -> AnyView + Send + 'static,
) -> AnyView {
    build(open, Some(act.busy), title.into(), class, content)
}

/// A dialog that only what is in it can close.
pub(crate) fn insistent(
    open: RwSignal<bool>,
    title: impl Into<String>,
    content: impl Fn() -> AnyView + Send + 'static,
) -> AnyView {
    build(open, None, title.into(), "", content)
}

/// The way out of a dialog, as long as nothing is awaited.
pub(crate) fn cancel(open: RwSignal<bool>, act: Act, label: &'static str) -> AnyView {
    view! {
        <button type="button" class="button" disabled=move || act.busy.get() on:click=move |_| open.set(false)>
            {label}
        </button>
    }
    .into_any()
}

fn cross(open: RwSignal<bool>, busy: RwSignal<bool>) -> AnyView {
    view! {
        <button
            class="button bare slim only"
            type="button"
            aria-label="Close"
            disabled=move || busy.get()
            on:click=move |_| open.set(false)
        >
            {icon(Icon::Close)}
        </button>
    }
    .into_any()
}

/// `busy` says whether an answer is awaited; without it nobody closes the dialog from outside.
fn build(
    open: RwSignal<bool>,
    busy: Option<RwSignal<bool>>,
    title: String,
    class: &'static str,
    content: impl Fn() -> AnyView + Send + 'static,
) -> AnyView {
    let is_open = Memo::new(move |_| open.get());
    let may_close = move || busy.is_some_and(|busy| !busy.get_untracked());
    let show = move || {
        let node = NodeRef::<leptos::html::Dialog>::new();
        effect(move || {
            if let Some(dialog) = node.get()
                && !dialog.open()
            {
                let _ = dialog.show_modal();
            }
        });
        // The browser gives the focus back when a dialog is closed, not when it is taken away.
        on_cleanup(move || {
            if let Some(Some(dialog)) = node.try_get_untracked() {
                dialog.close();
            }
        });
        let dismiss = move |event: leptos::ev::Event| {
            event.prevent_default();
            if may_close() {
                open.set(false);
            }
        };
        // A browser closes a dialog at the second Escape whatever is said.
        let close_again = move |_| match node.try_get_untracked().flatten() {
            Some(dialog) if !may_close() => drop(dialog.show_modal()),
            Some(_) => open.set(false),
            None => {}
        };
        let outside = move |event: leptos::ev::MouseEvent| {
            let dialog = node.get_untracked().map(JsCast::unchecked_into::<web_sys::EventTarget>);
            if may_close() && event.target() == dialog {
                open.set(false);
            }
        };
        let close = busy.map(|busy| cross(open, busy));
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

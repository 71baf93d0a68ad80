//! One thing beside the list that it is from.

use crate::console::effect::effect;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

use super::icon::{Icon, icon};

/// A panel at the side; Escape closes it. It takes the focus, since it is what was asked for, and gives it back in the end: to the
/// link of its row, which leads to `path`.
pub(crate) fn drawer(
    label: &'static str,
    path: String,
    title: AnyView,
    close: impl Fn() + Copy + Send + Sync + 'static,
    content: AnyView,
) -> AnyView {
    let node = NodeRef::<leptos::html::H2>::new();
    effect(move || {
        if let Some(title) = node.get() {
            let _ = title.focus();
        }
    });
    let escape = window_event_listener(ev::keydown, move |event| {
        let above = document().query_selector("dialog[open]").is_ok_and(|dialog| dialog.is_some());
        if event.key() == "Escape" && !above && !event.default_prevented() {
            close();
        }
    });
    on_cleanup(move || {
        escape.remove();
        give_back(&path);
    });
    view! {
        <aside class="drawer" aria-label=label>
            <div class="drawer-head">
                <h2 node_ref=node tabindex="-1">{title}</h2>
                <button class="button bare only" aria-label="Close" on:click=move |_| close()>{icon(Icon::Close)}</button>
            </div>
            <div class="drawer-body">{content}</div>
        </aside>
    }
    .into_any()
}

/// Whoever is somewhere else by now stays there.
fn give_back(path: &str) {
    let document = document();
    // What had the focus may be gone itself.
    let within = document.active_element().is_some_and(|active| active.matches(".drawer *, body").unwrap_or(false));
    let link = document.query_selector(&format!("a.open[href='{path}']")).ok().flatten().filter(|_| within);
    if let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = link.focus();
    }
}

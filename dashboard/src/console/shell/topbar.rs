//! What page this is, for which time, and for whom.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

use super::account;
use crate::console::Console;
use crate::console::part::icon::{Icon, icon};
use crate::console::part::span;

pub(super) fn view(console: Console, drawn: RwSignal<bool>) -> AnyView {
    // The first title is not a change of page, and must not take the focus.
    Effect::new(move |before: Option<&'static str>| {
        let title = console.place.page().title();
        if before.is_some_and(|before| before != title) {
            focus_title();
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
        title
    });
    view! {
        <header class="topbar">
            <button
                class="button bare only menu-button"
                aria-label="Show the pages"
                aria-controls="sidebar"
                aria-expanded=move || drawn.get().to_string()
                on:click=move |_| drawn.update(|drawn| *drawn = !*drawn)
            >
                {icon(Icon::Menu)}
            </button>
            <h1 id="title" tabindex="-1">{move || console.place.page().title()}</h1>
            <span class="grow"></span>
            {move || console.place.page().has_range().then(|| span::picker(console))}
            {account::view(console)}
        </header>
    }
    .into_any()
}

/// Puts the reader's focus where a page begins.
pub(super) fn focus_title() {
    if let Some(title) = document().get_element_by_id("title").and_then(|title| title.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = title.focus();
    }
}

//! Somebody else put a version in force while the reader looked at an older one.

use leptos::prelude::*;

use crate::console::part::icon::{Icon, icon};

/// Says so, and what follows from it.
pub(in crate::console::page) fn rival(version: u64, text: &'static str) -> AnyView {
    view! {
        <div class="note warn-note" role="alert">
            {icon(Icon::Warning)}
            <div class="grow">
                <strong>{format!("Somebody was faster: version {version} is in force")}</strong>
                <p>{text}</p>
            </div>
        </div>
        <h3>"What they changed"</h3>
    }
    .into_any()
}

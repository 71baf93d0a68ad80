//! The editor and the history are two sides of one thing.

use leptos::prelude::*;

use crate::console::Console;
use ferrogw_dashboard::address::Page;

pub(in crate::console::page) fn tabs(console: Console) -> AnyView {
    let tab = move |page: Page, label: &'static str| {
        let path = page.path();
        let here = move || (console.place.page() == page).then_some("page");
        view! { <a class="tab" href=path aria-current=here>{label}</a> }
    };
    view! {
        <nav class="tabs" aria-label="Configuration">
            {tab(Page::Configuration, "In force")}
            {tab(Page::History, "History")}
        </nav>
    }
    .into_any()
}

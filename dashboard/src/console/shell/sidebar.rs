//! Where one can go.

use leptos::prelude::*;

use crate::console::Console;
use crate::console::part::icon::{Icon, icon, mark};
use ferrogw_dashboard::address::Page;

type Entry = (Page, Icon, &'static str);

fn groups() -> [(&'static str, Vec<Entry>); 3] {
    [
        (
            "Observe",
            vec![
                (Page::Overview, Icon::Gauge, "Overview"),
                (Page::Requests, Icon::List, "Requests"),
                (Page::Providers, Icon::Cloud, "Providers"),
                (Page::Workers, Icon::Server, "Workers"),
            ],
        ),
        (
            "Steer",
            vec![
                (Page::Configuration, Icon::Sliders, "Configuration"),
                (Page::Keys, Icon::Key, "API keys"),
                (Page::Audit, Icon::Shield, "Audit trail"),
            ],
        ),
        ("Try", vec![(Page::Playground, Icon::Play, "Playground")]),
    ]
}

pub(super) fn view(console: Console) -> AnyView {
    let lists = groups().map(|(title, entries)| {
        let links = entries.into_iter().map(|entry| link(console, entry)).collect_view();
        view! {
            <div class="nav-list">
                <p class="nav-title" aria-hidden="true">{title}</p>
                <ul aria-label=title>{links}</ul>
            </div>
        }
    });
    let fold_label = move || if console.appearance.narrow.get() { "Widen the sidebar" } else { "Narrow the sidebar" };
    view! {
        <nav class="sidebar" id="sidebar" aria-label="Pages">
            <a class="brand" href=Page::Overview.path() aria-label="ferrogw, overview">
                {mark()}
                <span class="label">"ferrogw"</span>
            </a>
            {lists.into_iter().collect_view()}
            <div class="sidebar-foot">
                <button
                    class="button bare only collapse"
                    aria-label=fold_label
                    title=fold_label
                    on:click=move |_| console.appearance.fold()
                >
                    {icon(Icon::Panel)}
                </button>
            </div>
        </nav>
    }
    .into_any()
}

fn link(console: Console, (page, picture, label): Entry) -> AnyView {
    let path = page.path();
    let here = move || is_within(&console.place.page(), &page).then_some("page");
    view! {
        <li>
            <a class="nav-link" href=path aria-current=here title=label>
                {icon(picture)}
                <span class="label">{label}</span>
            </a>
        </li>
    }
    .into_any()
}

/// Whether a page is this entry's, or below it.
fn is_within(page: &Page, entry: &Page) -> bool {
    let parent = match page {
        Page::Request(_) => &Page::Requests,
        Page::Key(_) => &Page::Keys,
        Page::History => &Page::Configuration,
        other => other,
    };
    parent == entry
}

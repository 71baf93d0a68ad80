//! The pages. Each is built when it is gone to, and gone when it is left.

mod audit;
mod configuration;
mod history;
mod key;
mod overview;
mod playground;
mod provider;
mod request;
mod session;
mod worker;

use leptos::prelude::*;

use super::Console;
use super::part::icon::Icon;
use super::part::state;
use crate::address::Page;

/// Pages that are one and the same while details are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Overview,
    Requests,
    Configuration,
    History,
    Keys,
    Providers,
    Workers,
    Playground,
    Audit,
    Sessions,
    Nowhere,
}

impl Family {
    fn of(page: &Page) -> Self {
        match page {
            Page::Overview => Self::Overview,
            Page::Requests | Page::Request(_) => Self::Requests,
            Page::Configuration => Self::Configuration,
            Page::History => Self::History,
            Page::Keys | Page::Key(_) => Self::Keys,
            Page::Providers => Self::Providers,
            Page::Workers => Self::Workers,
            Page::Playground => Self::Playground,
            Page::Audit => Self::Audit,
            Page::Sessions => Self::Sessions,
            Page::SignIn | Page::Nowhere(_) => Self::Nowhere,
        }
    }
}

/// The page that the address says.
pub(super) fn view(console: Console) -> AnyView {
    let family = Memo::new(move |_| Family::of(&console.place.page()));
    (move || match family.get() {
        Family::Overview => overview::view(console),
        Family::Requests => request::view(console),
        Family::Configuration => configuration::view(console),
        Family::History => history::view(console),
        Family::Keys => key::view(console),
        Family::Providers => provider::view(console),
        Family::Workers => worker::view(console),
        Family::Playground => playground::view(console),
        Family::Audit => audit::view(console),
        Family::Sessions => session::view(console),
        Family::Nowhere => nowhere(),
    })
    .into_any()
}

fn nowhere() -> AnyView {
    let back = view! { <a class="button" href=Page::Overview.path()>"To the overview"</a> }.into_any();
    let text = "The address may be old, or a letter of it may be missing.";
    view! { <div class="panel">{state::empty(Icon::Search, "There is no such page", text, back)}</div> }.into_any()
}

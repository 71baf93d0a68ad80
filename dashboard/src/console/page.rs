//! The pages. Each is built when it is gone to, and gone when it is left.

mod audit;
mod configuration;
mod history;
mod key;
mod later;
mod overview;
mod playground;
mod provider;
mod request;
mod session;
mod worker;

use crate::console::effect::spawn;
use leptos::prelude::*;

use super::Console;
use super::part::icon::Icon;
use super::part::state;
use ferrogw_dashboard::address::Page;

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

/// The page that the address says. What is not there yet is fetched first.
pub(super) fn view(console: Console) -> AnyView {
    let family = Memo::new(move |_| Family::of(&console.place.page()));
    let later = RwSignal::new(Later::Away);
    (move || match (family.get(), later.get()) {
        (Family::Overview, _) => overview::view(console),
        (Family::Nowhere, _) => nowhere(),
        (family, Later::Here) => later::view(console, family),
        (_, Later::Missing) => missing(move || fetch(later)),
        (_, Later::Away) => {
            fetch(later);
            view! { <div class="panel panel-body">{state::skeleton(8)}</div> }.into_any()
        }
    })
    .into_any()
}

/// How it stands with the pages that are not in the first program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Later {
    Away,
    Here,
    Missing,
}

fn fetch(later: RwSignal<Later>) {
    spawn(async move {
        later.set(if later::arrived().await { Later::Here } else { Later::Missing });
    });
}

fn missing(again: impl Fn() + Send + 'static) -> AnyView {
    let again = view! { <button class="button" on:click=move |_| again()>"Try again"</button> }.into_any();
    let text = "The control plane is away, or runs another version by now: then load the whole page again.";
    view! { <div class="panel" role="alert">{state::empty(Icon::Warning, "This page could not be fetched", text, again)}</div> }
        .into_any()
}

fn nowhere() -> AnyView {
    let back = view! { <a class="button" href=Page::Overview.path()>"To the overview"</a> }.into_any();
    let text = "The address may be old, or a letter of it may be missing.";
    view! { <div class="panel">{state::empty(Icon::Search, "There is no such page", text, back)}</div> }.into_any()
}

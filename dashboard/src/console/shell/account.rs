//! Who is signed in, how the page looks, and the way out.

use leptos::prelude::*;

use crate::console::part::icon::{Icon, icon};
use crate::console::part::{name, pill};
use crate::console::theme::Theme;
use crate::console::{Console, session};
use ferrogw_dashboard::address::Page;

pub(super) fn view(console: Console) -> AnyView {
    let subject = move || console.session.caller().map(|caller| caller.subject).unwrap_or_default();
    view! {
        <button class="button bare who" popovertarget="account">
            <span class="unseen">"Account of "</span>
            {icon(Icon::Person)}
            {move || name(subject())}
            {move || role(console)}
        </button>
        <div class="popover account" id="account" popover="auto">
            <div class="stack tight">
                <p class="small quiet">"Signed in as"</p>
                <p class="strong">{move || name(subject())}</p>
                <p>{move || role(console)}</p>
            </div>
            <div class="menu-line"></div>
            {appearance(console)}
            <div class="menu-line"></div>
            <a class="menu-item" href=Page::Sessions.path()>{icon(Icon::Monitor)} "Sessions"</a>
            <button class="menu-item" on:click=move |_| session::leave(console)>{icon(Icon::Exit)} "Sign out"</button>
        </div>
    }
    .into_any()
}

fn role(console: Console) -> AnyView {
    if console.may_write() { pill("info", "Admin") } else { pill("", "Read only") }
}

/// Light, dark, or as the system does.
pub(in crate::console) fn appearance(console: Console) -> AnyView {
    let choices = Theme::ALL.map(|theme| {
        let (picture, label) = match theme {
            Theme::System => (Icon::Monitor, "As the system"),
            Theme::Light => (Icon::Sun, "Light"),
            Theme::Dark => (Icon::Moon, "Dark"),
        };
        view! {
            <button
                type="button"
                aria-label=label
                title=label
                aria-pressed=move || (console.appearance.theme.get() == theme).to_string()
                on:click=move |_| console.appearance.choose(theme)
            >
                {icon(picture)}
            </button>
        }
    });
    view! { <div class="choice" role="group" aria-label="Appearance">{choices.into_iter().collect_view()}</div> }.into_any()
}

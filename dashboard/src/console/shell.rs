//! What is around every page: the sidebar, the bar above, what is said in passing, and the way in.

mod account;
mod entrance;
mod lapsed;
mod sidebar;
mod topbar;

use crate::console::effect::effect;
use leptos::prelude::*;

use super::fault::Fault;
use super::part::icon::{Icon, icon, mark};
use super::session::Standing;
use super::{Console, page, session};
use ferrogw_dashboard::address::Page;

/// Everything.
pub(super) fn root(console: Console) -> AnyView {
    let stage = Memo::new(move |_| match console.session.standing.get() {
        _ if console.place.page() == Page::SignIn => Stage::Entrance,
        Standing::Unknown => Stage::Waiting,
        Standing::Out => Stage::Entrance,
        Standing::In(_) | Standing::Lapsed(_) => Stage::Inside,
    });
    effect(move || match (console.session.standing.get(), console.place.page()) {
        (Standing::Out, page) if page != Page::SignIn => console.place.go(&session::way_in(console)),
        _ => {}
    });
    effect(move || document().set_title(&format!("{} · ferrogw", console.place.page().title())));
    view! {
        {move || match stage.get() {
            Stage::Waiting => waiting(console),
            Stage::Entrance => entrance::view(console),
            Stage::Inside => inside(console),
        }}
        {console.toasts.view()}
    }
    .into_any()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Waiting,
    Entrance,
    Inside,
}

/// Nobody has said yet who the reader is.
fn waiting(console: Console) -> AnyView {
    view! {
        <main class="splash" aria-busy="true">
            {mark()}
            {move || match console.outage.get() {
                None => view! { <p>"Asking the control plane …"</p> }.into_any(),
                Some(fault) => view! {
                    <div class="empty" role="alert">
                        <h1>{fault.title()}</h1>
                        <p>{fault.message().to_owned()}</p>
                    </div>
                }
                .into_any(),
            }}
        </main>
    }
    .into_any()
}

fn inside(console: Console) -> AnyView {
    let drawn = RwSignal::new(false);
    effect(move || {
        console.place.page();
        drawn.set(false);
    });
    view! {
        <div class="shell" class:narrowed=move || console.appearance.narrow.get() class:drawn=move || drawn.get()>
            <a class="skip" href="#page" on:click=move |event| {
                event.prevent_default();
                topbar::focus_title();
            }>"Skip to the page"</a>
            {sidebar::view(console)}
            <div class="scrim" on:click=move |_| drawn.set(false)></div>
            <div>
                {topbar::view(console, drawn)}
                {banner(console)}
                <main class="page" id="page">{page::view(console)}</main>
            </div>
        </div>
        {lapsed::view(console)}
    }
    .into_any()
}

/// While the control plane does not answer, the page says so and keeps what it has.
fn banner(console: Console) -> AnyView {
    let tell = move |fault: Fault| {
        let class = if matches!(fault, Fault::Foreign(_)) { "banner bad-banner" } else { "banner" };
        view! {
            <div class=class role="alert">
                {icon(Icon::Warning)}
                <div class="grow">
                    <strong>{fault.title()}</strong>
                    <p class="whole">{fault.message().to_owned()}</p>
                </div>
                <button class="button slim" on:click=move |_| console.session.renewed.update(|times| *times += 1)>"Try again"</button>
            </div>
        }
    };
    (move || console.outage.get().map(tell)).into_any()
}

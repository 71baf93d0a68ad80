//! A session that ended while the reader was at work: they sign in again above what they were doing, and lose nothing.

use crate::console::effect::effect;
use leptos::prelude::*;

use super::entrance;
use crate::console::part::dialog::insistent;
use crate::console::session::Standing;
use crate::console::{Console, session};

pub(super) fn view(console: Console) -> AnyView {
    let open = RwSignal::new(false);
    effect(move || open.set(console.session.standing.with(|standing| matches!(standing, Standing::Lapsed(_)))));
    let leave = move |_| {
        let way = entrance::path(console);
        console.place.guard(None);
        console.session.standing.set(Standing::Out);
        console.place.go(&way);
    };
    insistent(open, "Your session has ended", move || {
        view! {
            <div class="dialog-body">
                <p class="second">"Sign in again to go on. What you were doing is still here."</p>
                {entrance::form(console, move || session::entered(console, || {}))}
                <button class="button bare" on:click=leave>"Leave this page and sign in as somebody else"</button>
            </div>
        }
        .into_any()
    })
}

//! A key's name, scopes and expiry.

use ferrogw_api::key::Scope;
use leptos::prelude::*;
use time::{Duration, OffsetDateTime};

use crate::console::Console;
use crate::console::part::{choice, moment};

/// How long a key is to live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Life {
    /// As it is now.
    Kept(OffsetDateTime),
    Forever,
    Days(i64),
}

/// What is being filled in.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    pub(super) name: RwSignal<String>,
    pub(super) scopes: RwSignal<Vec<Scope>>,
    pub(super) life: RwSignal<Life>,
}

impl Draft {
    pub(super) fn new(name: String, scopes: Vec<Scope>, life: Life) -> Self {
        Self { name: RwSignal::new(name), scopes: RwSignal::new(scopes), life: RwSignal::new(life) }
    }

    /// Whether it can be sent.
    pub(super) fn is_whole(self) -> bool {
        !self.name.with(|name| name.trim().is_empty()) && !self.scopes.with(Vec::is_empty)
    }

    /// The scopes as the admin API takes them.
    pub(super) fn scope_words(self) -> Vec<String> {
        self.scopes.with_untracked(|scopes| scopes.iter().map(ToString::to_string).collect())
    }

    /// When the key is to end, by the control plane's clock.
    pub(super) fn end(self, console: Console) -> Option<OffsetDateTime> {
        match self.life.get_untracked() {
            Life::Kept(at) => Some(at),
            Life::Forever => None,
            Life::Days(days) => Some(console.clock.at_once() + Duration::days(days)),
        }
    }
}

/// The fields.
pub(super) fn fields(draft: Draft) -> AnyView {
    let mut lives = vec![
        (Life::Forever, "Never"),
        (Life::Days(7), "7 days"),
        (Life::Days(30), "30 days"),
        (Life::Days(90), "90 days"),
        (Life::Days(365), "1 year"),
    ];
    let kept = match draft.life.get_untracked() {
        life @ Life::Kept(at) => {
            lives.insert(0, (life, "As it is"));
            Some(view! { <p class="hint">"Now: " {moment(at)}</p> })
        }
        _ => None,
    };
    view! {
        <div class="field">
            <label for="name">"Name"</label>
            <input
                class="input"
                id="name"
                dir="auto"
                required
                autofocus
                autocomplete="off"
                placeholder="checkout-service, production"
                prop:value=move || draft.name.get()
                on:input=move |event| draft.name.set(event_target_value(&event))
            />
        </div>
        <fieldset class="field">
            <legend>"What it may do"</legend>
            {Scope::ALL.map(|scope| scope_box(draft, scope)).into_iter().collect_view()}
        </fieldset>
        <div class="field">
            <span class="field-name">"Expires"</span>
            {choice("Expires", lives, draft.life.into(), move |life| draft.life.set(life))}
            {kept}
        </div>
    }
    .into_any()
}

fn scope_box(draft: Draft, scope: Scope) -> AnyView {
    let about = match scope {
        Scope::Inference => "Use models. For applications.",
        Scope::ReadOnly => "Look at everything here but secrets, and list models. For people and monitoring.",
        Scope::Admin => "Everything, keys and configuration included.",
    };
    let toggle = move |event: leptos::ev::Event| {
        let on = event_target_checked(&event);
        draft.scopes.update(|scopes| {
            scopes.retain(|known| *known != scope);
            if on {
                scopes.push(scope);
            }
        });
    };
    view! {
        <label class="check">
            <input type="checkbox" prop:checked=move || draft.scopes.with(|scopes| scopes.contains(&scope)) on:change=toggle />
            <span><strong>{scope.as_str()}</strong><br /><span class="hint">{about}</span></span>
        </label>
    }
    .into_any()
}

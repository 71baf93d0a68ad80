//! Trying a model, the way applications would.

mod answer;
mod run;
mod settings;
mod wire;

use ferrogw_api::key::Scope;
use leptos::prelude::*;
use web_sys::AbortController;

use crate::console::Console;
use crate::console::part::icon::{Icon, icon};
use crate::console::part::state::empty;
use crate::console::relay::Head;
use ferrogw_dashboard::reckoning::trial::{Said, Surface, Trial};
use ferrogw_dashboard::stream::Told;

/// What is filled in, and what came of it.
#[derive(Clone, Copy)]
pub(super) struct Bench {
    console: Console,
    surface: RwSignal<Surface>,
    model: RwSignal<String>,
    models: RwSignal<Models>,
    system: RwSignal<String>,
    temperature: RwSignal<String>,
    max_tokens: RwSignal<String>,
    stream: RwSignal<bool>,
    extra: RwSignal<String>,
    /// What is being written.
    draft: RwSignal<String>,
    said: RwSignal<Vec<Said>>,
    outcome: RwSignal<Outcome>,
    /// Ends the request under way.
    stop: StoredValue<Option<AbortController>, LocalStorage>,
}

/// Which models can be asked for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Models {
    Asked,
    Known(Vec<String>),
    /// Nobody said.
    Unknown,
}

/// What came of the last request.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Outcome {
    running: bool,
    told: Told,
    head: Option<Head>,
    /// Why there is no answer, or only a part of one.
    fault: Option<String>,
    first_ms: Option<f64>,
    whole_ms: Option<f64>,
    path: &'static str,
    sent: String,
    received: String,
    /// Whether more was received than is kept.
    cut: bool,
}

impl Bench {
    /// What would be sent now.
    fn trial(self) -> Trial {
        let mut said = self.said.get_untracked();
        let draft = self.draft.get_untracked();
        if !draft.trim().is_empty() {
            said.push(Said { role: "user", text: draft });
        }
        Trial {
            surface: self.surface.get_untracked(),
            model: self.model.get_untracked(),
            system: self.system.get_untracked(),
            said,
            temperature: self.temperature.get_untracked(),
            max_tokens: self.max_tokens.get_untracked(),
            stream: self.stream.get_untracked(),
            extra: self.extra.get_untracked(),
        }
    }
}

pub(super) fn view(console: Console) -> AnyView {
    let allowed = Memo::new(move |_| console.session.caller().is_some_and(|caller| caller.scopes.contains(&Scope::Admin)));
    (move || if allowed.get() { bench(console) } else { refused() }).into_any()
}

fn refused() -> AnyView {
    let text = "Trying a model costs money, so it takes a key with the scope admin. Yours may look at everything else.";
    view! { <div class="panel">{empty(Icon::Play, "Your key may not try models", text, ().into_any())}</div> }.into_any()
}

fn bench(console: Console) -> AnyView {
    let text = || RwSignal::new(String::new());
    let bench = Bench {
        console,
        surface: RwSignal::new(Surface::Chat),
        model: text(),
        models: RwSignal::new(Models::Asked),
        system: text(),
        temperature: text(),
        max_tokens: text(),
        stream: RwSignal::new(true),
        extra: text(),
        draft: text(),
        said: RwSignal::new(Vec::new()),
        outcome: RwSignal::new(Outcome::default()),
        stop: StoredValue::new_local(None),
    };
    run::list_models(bench);
    on_cleanup(move || run::stop(bench));
    view! {
        <div class="bench">
            {settings::view(bench)}
            <div class="stack">
                <section class="panel" aria-label="Conversation">
                    {answer::view(bench)}
                    {compose(bench)}
                </section>
                {wire::view(bench)}
            </div>
        </div>
    }
    .into_any()
}

fn compose(bench: Bench) -> AnyView {
    let running = move || bench.outcome.with(|outcome| outcome.running);
    let keys = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            run::send(bench);
        }
    };
    view! {
        <div class="compose">
            <textarea
                class="input"
                dir="auto"
                rows="3"
                aria-label="What to say"
                placeholder="Say something"
                prop:value=move || bench.draft.get()
                on:input=move |event| bench.draft.set(event_target_value(&event))
                on:keydown=keys
            ></textarea>
            <div class="row between">
                <span class="hint">"Ctrl+Enter sends."</span>
                <div class="row">
                    <button class="button" on:click=move |_| run::forget(bench)>"Clear"</button>
                    {move || if running() {
                        view! { <button class="button" on:click=move |_| run::stop(bench)>{icon(Icon::Stop)} "Stop"</button> }.into_any()
                    } else {
                        view! { <button class="button first" on:click=move |_| run::send(bench)>{icon(Icon::Play)} "Send"</button> }.into_any()
                    }}
                </div>
            </div>
        </div>
    }
    .into_any()
}

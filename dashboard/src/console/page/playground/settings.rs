//! Which model, and how.

use leptos::prelude::*;

use super::{Bench, Models};
use crate::console::part::choice;
use ferrogw_dashboard::reckoning::trial::Surface;

pub(super) fn view(bench: Bench) -> AnyView {
    let surfaces = vec![(Surface::Chat, "Chat"), (Surface::Completion, "Completion"), (Surface::Embedding, "Embedding")];
    let is_chat = move || bench.surface.get() == Surface::Chat;
    let generates = move || bench.surface.get() != Surface::Embedding;
    let system = move || is_chat().then(|| area("system", "System", "How the model is to behave", bench.system));
    let numbers = move || {
        generates().then(|| {
            view! {
                <div class="grid-2 tight-2">
                    {number("temperature", "Temperature", bench.temperature)}
                    {number("max-tokens", "Most tokens", bench.max_tokens)}
                </div>
                <label class="check">
                    <input type="checkbox" prop:checked=move || bench.stream.get() on:change=move |event| bench.stream.set(event_target_checked(&event)) />
                    <span>"Stream the answer"</span>
                </label>
            }
        })
    };
    view! {
        <section class="panel" aria-label="Settings">
            <div class="panel-body stack">
                {choice("API", surfaces, bench.surface.into(), move |surface| bench.surface.set(surface))}
                {model(bench)}
                {system}
                {numbers}
                {area("extra", "Further members", "{\"top_p\": 0.9}", bench.extra)}
            </div>
        </section>
    }
    .into_any()
}

fn model(bench: Bench) -> AnyView {
    let options = move || match bench.models.get() {
        Models::Known(ids) => ids.into_iter().map(|id| view! { <option value=id></option> }).collect_view().into_any(),
        Models::Asked | Models::Unknown => ().into_any(),
    };
    let known = move || {
        bench.models.with(|models| match models {
            Models::Asked => "Asking which models there are …".to_owned(),
            Models::Known(ids) => format!("{} models can be asked for", ids.len()),
            Models::Unknown => "Which models there are could not be asked; name one".to_owned(),
        })
    };
    view! {
        <div class="field">
            <label for="model">"Model"</label>
            <input
                class="input mono"
                id="model"
                list="models"
                dir="auto"
                spellcheck="false"
                autocomplete="off"
                prop:value=move || bench.model.get()
                on:input=move |event| bench.model.set(event_target_value(&event))
            />
            <datalist id="models">{options}</datalist>
            <span class="hint">{known}</span>
        </div>
    }
    .into_any()
}

fn area(id: &'static str, label: &'static str, placeholder: &'static str, text: RwSignal<String>) -> AnyView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <textarea
                class="input"
                id=id
                rows="2"
                dir="auto"
                spellcheck="false"
                placeholder=placeholder
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
            ></textarea>
        </div>
    }
    .into_any()
}

fn number(id: &'static str, label: &'static str, text: RwSignal<String>) -> AnyView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                class="input"
                id=id
                inputmode="decimal"
                autocomplete="off"
                placeholder="As usual"
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
            />
        </div>
    }
    .into_any()
}

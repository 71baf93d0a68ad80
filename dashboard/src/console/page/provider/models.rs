//! The models of one provider and their prices.

use ferrogw_api::provider::{Model, Pricing};
use leptos::prelude::*;

use crate::console::Console;
use crate::console::part::copy::copy;
use crate::console::part::icon::{Icon, icon};
use crate::console::part::table::{Column, cell, pages, table};
use crate::console::part::{name, none, search};
use ferrogw_dashboard::format::compact;

/// Models on one page.
const PAGE: usize = 25;

/// A list that is there when it is opened.
pub(super) fn fold(console: Console, models: Signal<Vec<Model>>) -> AnyView {
    let open = RwSignal::new(false);
    let count = move || models.with(Vec::len);
    let toggle = move |event: leptos::ev::Event| {
        open.set(event_target::<web_sys::HtmlDetailsElement>(&event).open());
    };
    view! {
        <details on:toggle=toggle>
            <summary class="panel-head">{icon(Icon::Chevron)} {move || format!("{} models", count())}</summary>
            {move || open.get().then(|| list(console, models))}
        </details>
    }
    .into_any()
}

fn list(console: Console, models: Signal<Vec<Model>>) -> AnyView {
    let typed = RwSignal::new(String::new());
    let at = RwSignal::new(0);
    let found = Memo::new(move |_| {
        let text = typed.get().trim().to_lowercase();
        models.with(|models| models.iter().filter(|model| model.id.to_lowercase().contains(&text)).cloned().collect::<Vec<_>>())
    });
    let rows = move || {
        let page = at.get().min(found.with(Vec::len).saturating_sub(1) / PAGE);
        found.with(|found| found.iter().skip(page * PAGE).take(PAGE).cloned().collect::<Vec<_>>())
    };
    let columns: Vec<Column> = vec![
        ("Model", ""),
        ("Context", "number"),
        ("Longest answer", "number"),
        ("Input, per million", "number"),
        ("Output", "number"),
        ("Cache read", "number"),
        ("Cache write", "number"),
    ];
    view! {
        <div class="bar panel-body">{search("Find a model", typed.into(), move |text| typed.set(text))}</div>
        {table("Models", "", columns, rows, |model| model.id.clone(), move |model| row(console, model))}
        {pages(Signal::derive(move || found.with(Vec::len)), PAGE, at, "models")}
    }
    .into_any()
}

fn row(console: Console, model: Model) -> AnyView {
    #[expect(clippy::cast_precision_loss, reason = "a figure of three digits")]
    let tokens = |number: Option<u64>| number.map_or_else(|| none("Unknown"), |number| compact(number as f64).into_any());
    let pricing = model.pricing;
    let price = move |pick: fn(Pricing) -> Option<f64>, why| {
        pricing.and_then(pick).map_or_else(|| none(why), |price| format!("${price}").into_any())
    };
    let id = model.id.clone();
    view! {
        <tr>
            {cell("Model", "lead", view! { <span class="row">{name(model.id)}{copy(console, "Copy the id", move || id.clone())}</span> })}
            {cell("Context", "number", tokens(model.context_window))}
            {cell("Longest answer", "number", tokens(model.max_output_tokens))}
            {cell("Input, per million", "number", price(|pricing| Some(pricing.input), "Unknown, which is not free"))}
            {cell("Output", "number", price(|pricing| Some(pricing.output), "Unknown, which is not free"))}
            {cell("Cache read", "number", price(|pricing| pricing.cache_read, "As input"))}
            {cell("Cache write", "number", price(|pricing| pricing.cache_write, "As input"))}
        </tr>
    }
    .into_any()
}

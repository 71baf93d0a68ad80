//! Targets of one provider, summed over the workers.

use ferrogw_api::provider::Target;
use leptos::prelude::*;

use crate::console::Console;
use crate::console::part::table::{Column, cell, table};
use crate::console::part::{name, none, pill};
use ferrogw_dashboard::address::{Page, Query};
use ferrogw_dashboard::format::{count, percent, span};

pub(super) fn list(_console: Console, targets: Signal<Vec<Target>>) -> AnyView {
    let columns: Vec<Column> = vec![
        ("Target", ""),
        ("State", ""),
        ("Workers", "number"),
        ("In flight", "number"),
        ("Attempts", "number"),
        ("Failed", "number"),
        ("Latency", "number"),
        ("Last failure", ""),
    ];
    let empty = Memo::new(move |_| targets.with(Vec::is_empty));
    (move || {
        if empty.get() {
            return view! { <p class="panel-body quiet">"No target of the configuration names it, or no worker reports one."</p> }.into_any();
        }
        table("Targets", "", columns.clone(), move || targets.get(), |target| format!("{target:?}"), row)
    })
    .into_any()
}

fn row(target: Target) -> AnyView {
    let state = match (target.workers, target.misconfigured) {
        (0, _) => pill("bad", "No credential found"),
        (_, 0) if target.failing > 0 => pill("bad", "Failing"),
        (_, 0) => pill("good", "Ready"),
        (_, refused) => pill("bad", format!("Refused to {refused} worker{}", if refused == 1 { "" } else { "s" })),
    };
    let failed = if target.failures == 0 { "" } else { "warn" };
    let error = target
        .last_error
        .clone()
        .map_or_else(|| none("It never failed"), |error| view! { <span class="second">{name(error)}</span> }.into_any());
    let logs = Page::Requests.with(&Query::default().with("target", &target.name));
    view! {
        <tr>
            {cell("Target", "half lead", view! { <a class="open" href=logs>{name(target.name)}</a> })}
            {cell("State", "half lead", state)}
            {cell("Workers", "number", count(target.workers))}
            {cell("In flight", "number", count(target.in_flight))}
            {cell("Attempts", "number", count(target.requests))}
            {cell("Failed", "number", view! { <span class=failed>{percent(target.failures, target.requests)}</span> })}
            {cell("Latency", "number", target.latency_ms.map_or_else(|| none("Nothing was measured yet"), |millis| span(millis).into_any()))}
            {cell("Last failure", "", error)}
        </tr>
    }
    .into_any()
}

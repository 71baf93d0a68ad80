//! What was said, and what is being answered.

use leptos::prelude::*;

use super::{Bench, Outcome};
use crate::console::part::icon::{Icon, icon};
use crate::console::part::name;
use crate::console::part::state::empty;
use ferrogw_dashboard::address::{Page, Query};
use ferrogw_dashboard::format::{count, span};

pub(super) fn view(bench: Bench) -> AnyView {
    let nothing = Memo::new(move |_| {
        let outcome = bench.outcome.with(|outcome| outcome.running || outcome.fault.is_some() || !outcome.told.text.is_empty());
        bench.said.with(Vec::is_empty) && !outcome
    });
    let said = move || bench.said.get().into_iter().map(|said| one(said.role, said.text)).collect_view();
    view! {
        {move || nothing.get().then(|| {
            let text = "What you send goes to a worker with a key of its own that ends within minutes, and shows among the requests.";
            empty(Icon::Play, "Try a model", text, ().into_any())
        })}
        <div role="log" aria-label="What was said">{said}</div>
        {move || bench.outcome.with(current)}
        {move || bench.outcome.with(measured)}
    }
    .into_any()
}

fn one(role: &'static str, text: String) -> AnyView {
    let who = if role == "user" { "You" } else { "Model" };
    view! {
        <div class="said">
            <span class="small">{who}</span>
            <div class="whole" dir="auto">{text}</div>
        </div>
    }
    .into_any()
}

/// What is not part of the conversation yet.
fn current(outcome: &Outcome) -> AnyView {
    let told = &outcome.told;
    let reasoning = (!told.reasoning.is_empty()).then(|| {
        view! { <details class="said"><summary class="small">"Reasoning"</summary><div class="whole second" dir="auto">{told.reasoning.clone()}</div></details> }
    });
    let text = (!told.text.is_empty()).then(|| one("assistant", told.text.clone()));
    let tools = (!told.tools.is_empty()).then(|| {
        let calls = told.tools.iter().map(|call| view! { <pre class="code">{call.clone()}</pre> }).collect_view();
        view! { <div class="said"><span class="small">"Wants to call"</span>{calls}</div> }
    });
    let waiting = (outcome.running && told.text.is_empty() && told.reasoning.is_empty()).then(|| {
        view! { <div class="said" role="status"><span class="small">"Waiting for the first word …"</span></div> }
    });
    let fault = outcome.fault.clone().map(|fault| {
        view! { <div class="said" role="alert"><p class="wrong">{icon(Icon::Warning)}<span class="whole">{fault}</span></p></div> }
    });
    view! {
        {reasoning}
        {text}
        {tools}
        {waiting}
        {fault}
    }
    .into_any()
}

/// How long it took, what was used, and who answered.
fn measured(outcome: &Outcome) -> AnyView {
    if outcome.running || outcome.head.is_none() {
        return ().into_any();
    }
    let head = outcome.head.clone();
    let mut facts: Vec<String> = Vec::new();
    facts.extend(head.as_ref().map(|head| head.status.to_string()));
    facts.extend(outcome.first_ms.map(|millis| format!("first word after {}", span(millis))));
    facts.extend(outcome.whole_ms.map(|millis| format!("{} in all", span(millis))));
    facts.extend(outcome.told.usage.map(|usage| format!("{} tokens in, {} out", count(usage.prompt), count(usage.completion))));
    facts.extend(outcome.told.finish.clone().map(|reason| format!("ended by {reason}")));
    let model = outcome.told.model.clone().map(|model| view! { <span>{name(model)}</span> });
    // What no worker answered is recorded nowhere.
    let answered = head.and_then(|head| head.worker.zip(head.request_id)).map(|(worker, id)| {
        let link = Page::Requests.with(&Query::default().with("q", &id));
        view! { <span class="quiet">"by worker "{name(worker)}</span> <a href=link>"Its record"</a> }
    });
    view! {
        <div class="said">
            <div class="row wrap small">{model}<span class="second">{facts.join(" · ")}</span>{answered}</div>
        </div>
    }
    .into_any()
}

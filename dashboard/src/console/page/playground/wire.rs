//! What was really sent and received, and how to send it from elsewhere.

use leptos::prelude::*;
use serde_json::Value;

use super::Bench;
use crate::console::browser;
use crate::console::load::load;
use crate::console::part::choice;
use crate::console::part::copy::code;
use ferrogw_dashboard::reckoning::api::address;
use ferrogw_dashboard::snippet::Language;

/// Which side is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Request,
    Response,
    Snippet(Language),
}

pub(super) fn view(bench: Bench) -> AnyView {
    let side = RwSignal::new(Side::Request);
    let workers = load(bench.console, 30, |client| async move { client.workers().await });
    let sent = Memo::new(move |_| bench.outcome.with(|outcome| outcome.sent.clone()));
    let mut sides = vec![(Side::Request, "Request"), (Side::Response, "Response")];
    sides.extend(Language::ALL.map(|language| (Side::Snippet(language), language.name())));
    let text = Signal::derive(move || match side.get() {
        Side::Request => sent.get(),
        Side::Response => bench.outcome.with(|outcome| outcome.received.clone()),
        Side::Snippet(language) => {
            let body: Value = serde_json::from_str(&sent.get()).unwrap_or_default();
            let origin = address(workers.get().as_ref(), &browser::origin());
            language.snippet(&origin, bench.outcome.with(|outcome| outcome.path), &body)
        }
    });
    let cut = Memo::new(move |_| bench.outcome.with(|outcome| outcome.cut));
    let label = move || match side.get() {
        Side::Request => "What was sent",
        Side::Response if cut.get() => "What came back, of which only the first 400 kB are kept",
        Side::Response => "What came back",
        Side::Snippet(_) => "The same with a key of yours, where the gateway's API is",
    };
    let body = move || (!sent.with(String::is_empty)).then(|| view! { {move || code(bench.console, label(), text)} });
    view! {
        <section class="panel" aria-label="On the wire">
            <div class="panel-head">
                <h2>"On the wire"</h2>
                <span class="grow"></span>
                {choice("What to look at", sides, side.into(), move |chosen| side.set(chosen))}
            </div>
            <div class="panel-body">
                {move || sent.with(String::is_empty).then(|| view! { <p class="quiet">"Nothing was sent yet."</p> })}
                {body}
            </div>
        </section>
    }
    .into_any()
}

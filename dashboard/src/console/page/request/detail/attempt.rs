//! What was tried, in order, and how long each try took.

use ferrogw_api::log::{Attempt, LogEntry};
use leptos::prelude::*;

use crate::console::part::{name, pill};
use ferrogw_dashboard::format::span;
use ferrogw_dashboard::reckoning::log::share;

pub(super) fn list(entry: &LogEntry) -> AnyView {
    if entry.attempts.is_empty() {
        return view! { <p class="quiet">"It reached no provider."</p> }.into_any();
    }
    let attempts = entry.attempts.iter().enumerate().map(|(at, attempt)| one(at, attempt, entry)).collect_view();
    view! { <ol class="attempts">{attempts}</ol> }.into_any()
}

fn one(at: usize, attempt: &Attempt, entry: &LogEntry) -> AnyView {
    let good = attempt.outcome == "ok";
    let status = if attempt.status == 0 { "no answer".to_owned() } else { attempt.status.to_string() };
    let outcome = if good { "ok".to_owned() } else { attempt.outcome.clone() };
    let message = (!attempt.message.is_empty()).then(|| view! { <p class="whole second small">{attempt.message.clone()}</p> });
    let (begin, length) = share(attempt, entry);
    let bar = view! {
        <div class="timeline" aria-hidden="true">
            <svg viewBox="0 0 1000 8" preserveAspectRatio="none">
                <rect
                    class=if good { "fill-2" } else { "fill-bad" }
                    x=format!("{:.0}", begin * 1000.0)
                    width=format!("{:.0}", (length * 1000.0).max(4.0))
                    height="8"
                />
            </svg>
        </div>
    };
    view! {
        <li class="attempt">
            <div class="row wrap">
                <span class="quiet">{format!("{}.", at + 1)}</span>
                <span class="strong">{name(attempt.target.clone())}</span>
                <span class="quiet">{name(attempt.model.clone())}</span>
                <span class="grow"></span>
                {pill(if good { "good" } else { "bad" }, format!("{status} · {outcome}"))}
            </div>
            {bar}
            <p class="quiet small">{format!("Began after {}, took {}", span(attempt.started_ms), span(attempt.duration_ms))}</p>
            {message}
        </li>
    }
    .into_any()
}

//! One request: what was tried, what was used, and what it cost.

mod attempt;
mod price;

use ferrogw_api::log::LogDetail;
use leptos::prelude::*;

use super::{Requests, key, status};
use crate::console::load::load;
use crate::console::part::copy::copy;
use crate::console::part::drawer::drawer;
use crate::console::part::icon::{Icon, icon};
use crate::console::part::state::shown;
use crate::console::part::{fact, moment, name, none};
use ferrogw_dashboard::address::{Page, Query};
use ferrogw_dashboard::format::{count, span};

pub(super) fn view(page: Requests, id: String) -> AnyView {
    let console = page.console;
    let wanted = id.clone();
    let detail = load(console, 0, move |client| {
        let id = wanted.clone();
        async move { client.log(&id).await }
    });
    let close = move || console.place.go(&Page::Requests.with(&console.place.query_now()));
    let title = view! { <span class="row">"Request " <code class="small">{id.clone()}</code></span> }.into_any();
    let body = shown(detail, 10, move |detail| (move || detail.with(|detail| content(page, detail))).into_any());
    drawer("Request", Page::Request(id).path(), title, close, body)
}

fn content(page: Requests, detail: &LogDetail) -> AnyView {
    let entry = &detail.entry;
    let message = (!entry.error_message.is_empty()).then(|| {
        view! {
            <div class="note bad-note">
                {icon(Icon::Warning)}
                <div class="grow">
                    <strong>{entry.error_code.clone().or_else(|| entry.error_class.clone()).unwrap_or_else(|| "Failed".to_owned())}</strong>
                    <p class="whole">{entry.error_message.clone()}</p>
                </div>
            </div>
        }
    });
    view! {
        <div class="stack">
            {message}
            {facts(page, detail)}
            <section>
                <h3>"Attempts"</h3>
                {attempt::list(entry)}
            </section>
            <section>
                <h3>"Tokens and price"</h3>
                {price::view(detail)}
            </section>
        </div>
    }
    .into_any()
}

fn facts(page: Requests, detail: &LogDetail) -> AnyView {
    let console = page.console;
    let entry = &detail.entry;
    let code = |text: String| {
        let copied = text.clone();
        view! { <span class="row wrap"><code class="whole">{text}</code>{copy(console, "Copy", move || copied.clone())}</span> }
            .into_any()
    };
    let renamed = (entry.requested_model != entry.model).then(|| fact("Asked for", name(entry.requested_model.clone())));
    let millis = |millis: Option<f64>, why| millis.map_or_else(|| none(why), |millis| span(millis).into_any());
    let same =
        Page::Requests.with(&Query::default().with("key", if entry.api_key_id.is_empty() { "none" } else { &entry.api_key_id }));
    let repairs = (detail.repairs > 0)
        .then(|| fact("Mended", format!("{} frames of the stream", count(u64::from(detail.repairs))).into_any()));
    let worker = detail.worker_name.clone().unwrap_or_else(|| detail.worker_id.clone());
    view! {
        <dl class="facts">
            {fact("Status", status(entry))}
            {fact("Arrived", moment(entry.created_at))}
            {fact("API", entry.surface.clone().into_any())}
            {fact("Model", name(entry.model.clone()))}
            {renamed}
            {fact("Target", view! { <span class="row wrap">{name(entry.target.clone())}<span class="quiet">{name(entry.provider.clone())}</span></span> }.into_any())}
            {fact("Key", view! { <a href=same>{key(page, entry.api_key_id.clone())}</a> }.into_any())}
            {fact("Streamed", if entry.stream { "Yes" } else { "No" }.into_any())}
            {entry.client_gone.then(|| fact("Ended by", "The caller, who hung up".into_any()))}
            {entry.finish_reason.clone().map(|reason| fact("Finished by", name(reason)))}
            {fact("First content", millis(entry.ttft_ms, "Not streamed, or there was none"))}
            {fact("Duration", millis(entry.duration_ms, "Unknown"))}
            {repairs}
            {fact("Worker", view! { <a href=Page::Workers.path()>{name(worker)}</a> }.into_any())}
            {fact("Configuration", format!("Version {}", entry.version).into_any())}
            {fact("Request id", code(entry.trace_id.clone()))}
            {fact("Record id", code(entry.id.clone()))}
        </dl>
    }
    .into_any()
}

//! Requests as they arrive.

use crate::console::effect::effect;
use ferrogw_api::log::{LogEntry, LogSkipped};
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};

use super::{Requests, rows};
use crate::console::part::icon::Icon;
use crate::console::part::state::empty;
use ferrogw_dashboard::format::count;
use ferrogw_dashboard::reckoning::log::{address, question};

/// Requests that are kept on the page.
const MOST: usize = 200;

/// A stream of requests; it ends with the part that opened it.
struct Stream {
    source: EventSource,
    _said: [Closure<dyn Fn(MessageEvent)>; 2],
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}

pub(super) fn switch(page: Requests) -> AnyView {
    let label = move || if page.live.get() { "Live" } else { "Follow live" };
    view! {
        <button class="button" aria-pressed=move || page.live.get().to_string() on:click=move |_| page.live.update(|live| *live = !*live)>
            <span class="live-dot" class:on=move || page.live.get()></span>
            {label}
        </button>
    }
    .into_any()
}

/// Opens the stream when it is wanted, anew when the filters change, and closes it. A broken one is opened again by the browser.
pub(super) fn follow(page: Requests) {
    let stream = StoredValue::new_local(None::<Stream>);
    effect(move || {
        let wanted = page.live.get();
        let question = question(&page.console.place.query(), None);
        stream.set_value(None);
        page.arrived.set(Vec::new());
        page.skipped.set(0);
        if wanted {
            stream.set_value(open(page, &address("/admin/logs/tail", &question, &[])));
        }
    });
}

fn open(page: Requests, address: &str) -> Option<Stream> {
    let source = EventSource::new(address).ok()?;
    let said = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let entry = event.data().as_string().and_then(|text| serde_json::from_str::<LogEntry>(&text).ok());
        if let Some(entry) = entry {
            page.arrived.update(|arrived| {
                if !arrived.iter().any(|known| known.id == entry.id) {
                    arrived.insert(0, entry);
                    arrived.truncate(MOST);
                }
            });
        }
    });
    let left_out = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let told = event.data().as_string().and_then(|text| serde_json::from_str::<LogSkipped>(&text).ok());
        page.skipped.update(|skipped| *skipped += told.map_or(0, |told| told.records));
    });
    source.add_event_listener_with_callback("record", said.as_ref().unchecked_ref()).ok()?;
    source.add_event_listener_with_callback("skipped", left_out.as_ref().unchecked_ref()).ok()?;
    Some(Stream { source, _said: [said, left_out] })
}

pub(super) fn view(page: Requests) -> AnyView {
    let nothing = Memo::new(move |_| page.arrived.with(Vec::is_empty));
    let content = move || {
        if nothing.get() {
            return empty(Icon::Inbox, "Waiting for requests", "They show here as they end.", ().into_any());
        }
        rows(page, page.arrived.into())
    };
    view! {
        <section class="panel" aria-label="Requests as they arrive">
            {content}
            <div class="panel-foot">
                <span>{move || format!("The last {} since it is followed", page.arrived.with(Vec::len))}</span>
                {move || skipped(page.skipped.get())}
            </div>
        </section>
    }
    .into_any()
}

fn skipped(records: u64) -> AnyView {
    let text = || format!("{} came too quickly to be shown; the log has them", count(records));
    (records > 0).then(|| view! { <span class="warn">{text()}</span> }).into_any()
}

//! Requests as they arrive.

use std::time::Duration;

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

/// How long a stream that was given up stays so.
const PAUSE: Duration = Duration::from_secs(5);

/// A stream of requests; it ends with the part that opened it.
struct Stream {
    source: EventSource,
    _said: [Closure<dyn Fn(MessageEvent)>; 4],
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}

pub(super) fn switch(page: Requests) -> AnyView {
    let label = move || match (page.live.get(), page.connected.get()) {
        (false, _) => "Follow live",
        (true, true) => "Live",
        (true, false) => "Connecting …",
    };
    view! {
        <button class="button" aria-pressed=move || page.live.get().to_string() on:click=move |_| page.live.update(|live| *live = !*live)>
            <span class="live-dot" class:on=move || page.connected.get()></span>
            {label}
        </button>
    }
    .into_any()
}

/// Opens the stream when it is wanted, anew when the filters change or it was given up, and closes it.
pub(super) fn follow(page: Requests) {
    let stream = StoredValue::new_local(None::<Stream>);
    let followed = StoredValue::new(String::new());
    effect(move || {
        let asked = address("/admin/logs/tail", &question(&page.console.place.query(), None), &[]);
        let wanted = if page.live.get() { asked } else { String::new() };
        page.console.session.renewed.track();
        page.reopened.track();
        stream.set_value(None);
        page.connected.set(false);
        if followed.get_value() != wanted {
            page.arrived.set(Vec::new());
            page.skipped.set(0);
        }
        if !wanted.is_empty() {
            stream.set_value(open(page, &wanted));
        }
        followed.set_value(wanted);
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
    // The browser itself tries again where a connection breaks, and gives up where something else than a stream answers.
    let broken = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let given_up = event.target().and_then(|target| target.dyn_into::<EventSource>().ok());
        if given_up.is_some_and(|source| source.ready_state() == EventSource::CLOSED) {
            let again = move || {
                let _ = page.reopened.try_update(|times| *times += 1);
            };
            set_timeout(again, PAUSE);
        }
        let _ = page.connected.try_set(false);
    });
    let opened = Closure::<dyn Fn(MessageEvent)>::new(move |_: MessageEvent| {
        let _ = page.connected.try_set(true);
    });
    source.add_event_listener_with_callback("error", broken.as_ref().unchecked_ref()).ok()?;
    source.add_event_listener_with_callback("open", opened.as_ref().unchecked_ref()).ok()?;
    source.add_event_listener_with_callback("record", said.as_ref().unchecked_ref()).ok()?;
    source.add_event_listener_with_callback("skipped", left_out.as_ref().unchecked_ref()).ok()?;
    Some(Stream { source, _said: [said, left_out, broken, opened] })
}

pub(super) fn view(page: Requests) -> AnyView {
    let nothing = Memo::new(move |_| page.arrived.with(Vec::is_empty));
    let content = move || {
        if nothing.get() {
            let title = if page.connected.get() { "Waiting for requests" } else { "Connecting …" };
            return empty(Icon::Inbox, title, "They show here as they end.", ().into_any());
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

//! Requests as they arrive.

use std::time::Duration;

use crate::console::effect::{effect, spawn};
use ferrogw_api::log::{LogEntry, LogQuery, LogSkipped};
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};

use super::{Requests, rows};
use crate::console::clock::offset;
use crate::console::fault::Fault;
use crate::console::part::icon::Icon;
use crate::console::part::state::empty;
use ferrogw_dashboard::format::{clock, count};
use ferrogw_dashboard::reckoning::log::{address, question};

/// Requests that are kept on the page.
const MOST: usize = 200;

/// How long a stream that was given up stays so.
const PAUSE: Duration = Duration::from_secs(5);

/// How the way stands that requests arrive by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Opening,
    Open,
    /// The control plane answers, and gives no stream.
    Refused,
}

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
    let label = move || match (page.live.get(), page.way.get()) {
        (false, _) => "Follow live",
        (true, Way::Open) => "Live",
        (true, Way::Opening | Way::Refused) => "Connecting …",
    };
    view! {
        <button class="button" aria-pressed=move || page.live.get().to_string() on:click=move |_| page.live.update(|live| *live = !*live)>
            <span class="live-dot" class:on=move || page.way.get() == Way::Open></span>
            {label}
        </button>
    }
    .into_any()
}

/// Opens the stream when it is wanted, anew when the filters change or it was given up, and closes it.
pub(super) fn follow(page: Requests) {
    let stream = StoredValue::new_local(None::<Stream>);
    let followed = StoredValue::new(String::new());
    let begun = StoredValue::new(false);
    // Of the page's address only what the stream is asked for is looked at, so that nothing else interrupts it.
    let wanted = Memo::new(move |_| {
        let asked = address("/admin/logs/tail", &question(&page.console.place.query(), None), &[]);
        if page.live.get() { asked } else { String::new() }
    });
    effect(move || {
        let wanted = wanted.get();
        page.console.session.renewed.track();
        page.reopened.track();
        stream.set_value(None);
        close(page);
        if followed.get_value() != wanted {
            page.arrived.set(Vec::new());
            page.skipped.set(0);
            page.resumed.set(None);
            begun.set_value(false);
            page.way.set(Way::Opening);
        }
        if !wanted.is_empty() {
            stream.set_value(open(page, begun, &wanted));
        }
        followed.set_value(wanted);
    });
}

/// Nothing arrives at the moment.
fn close(page: Requests) {
    if page.way.try_get_untracked() == Some(Way::Open) {
        page.way.set(Way::Opening);
    }
}

/// `begun` says whether the stream was open before.
fn open(page: Requests, begun: StoredValue<bool>, address: &str) -> Option<Stream> {
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
            ask_why(page);
        }
        close(page);
    });
    let opened = Closure::<dyn Fn(MessageEvent)>::new(move |_: MessageEvent| {
        if begun.try_get_value() == Some(true) {
            page.resumed.set(Some(page.console.clock.at_once()));
        }
        begun.set_value(true);
        page.way.set(Way::Open);
        page.console.heard(None);
    });
    source.add_event_listener_with_callback("error", broken.as_ref().unchecked_ref()).ok()?;
    source.add_event_listener_with_callback("open", opened.as_ref().unchecked_ref()).ok()?;
    source.add_event_listener_with_callback("record", said.as_ref().unchecked_ref()).ok()?;
    source.add_event_listener_with_callback("skipped", left_out.as_ref().unchecked_ref()).ok()?;
    Some(Stream { source, _said: [said, left_out, broken, opened] })
}

/// A stream that was given up does not say why; an ordinary question is told. What passes is tried again, what does not ends it.
fn ask_why(page: Requests) {
    let since = Some(page.console.clock.at_once());
    let asked = LogQuery { limit: Some(1), cursor: None, since, ..question(&page.console.place.query_now(), None) };
    let turn = page.reopened.try_get_untracked();
    spawn(async move {
        let outcome = page.console.client().logs(&asked).await.map_err(Fault::from);
        page.console.heard(outcome.as_ref().err());
        match outcome {
            Ok(_) | Err(Fault::Broken(_)) if page.way.try_get_untracked() == Some(Way::Opening) => page.way.set(Way::Refused),
            Ok(_) => {}
            Err(fault) if fault.is_outage() || fault == Fault::SignedOut => {}
            Err(fault) => {
                if page.live.try_set(false).is_none() {
                    page.console.toasts.failed(fault.message());
                }
                return;
            }
        }
        // Others may have opened it anew meanwhile, and have a turn of their own.
        let again = move || {
            if page.reopened.try_get_untracked() == turn {
                open_again(page);
            }
        };
        set_timeout(again, PAUSE);
    });
}

/// Whoever is signed out would only be refused, again and again; once they have signed in it is opened anyway.
fn open_again(page: Requests) {
    if page.console.session.is_in() && page.way.try_get_untracked().is_some_and(|way| way != Way::Open) {
        page.reopened.update(|times| *times += 1);
    }
}

pub(super) fn view(page: Requests) -> AnyView {
    let nothing = Memo::new(move |_| page.arrived.with(Vec::is_empty));
    let content = move || {
        if nothing.get() {
            let (title, text) = match page.way.get() {
                Way::Opening => ("Connecting …", "They show here as they end."),
                Way::Open => ("Waiting for requests", "They show here as they end."),
                Way::Refused => (
                    "They cannot be followed now",
                    "As many follow as may, the log is away, or a proxy holds the stream back. It is tried again every few seconds.",
                ),
            };
            return empty(Icon::Inbox, title, text, ().into_any());
        }
        rows(page, page.arrived.into())
    };
    view! {
        <section class="panel" aria-label="Requests as they arrive">
            {content}
            <div class="panel-foot">
                <span>{move || since(page)}</span>
                {move || skipped(page.skipped.get())}
            </div>
        </section>
    }
    .into_any()
}

/// How many there are, and whether some may be missing.
fn since(page: Requests) -> String {
    let told = format!("The last {} since it is followed", page.arrived.with(Vec::len));
    match page.resumed.get() {
        None => told,
        Some(at) => format!("{told}; it was interrupted until {}, and what came then is in the log", clock(at, offset(at))),
    }
}

fn skipped(records: u64) -> AnyView {
    let text = || format!("{} came too quickly to be shown; the log has them", count(records));
    (records > 0).then(|| view! { <span class="warn">{text()}</span> }).into_any()
}

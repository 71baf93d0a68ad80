//! What pages are made of.

pub(crate) mod chart;
pub(crate) mod confirm;
pub(crate) mod copy;
pub(crate) mod dialog;
pub(crate) mod diff;
pub(crate) mod drawer;
pub(crate) mod icon;
pub(crate) mod span;
pub(crate) mod state;
pub(crate) mod table;
pub(crate) mod toast;

use leptos::prelude::*;
use time::OffsetDateTime;

use super::{Console, clock};
use ferrogw_api::config::LONGEST_NOTE;
use ferrogw_dashboard::format::{self, Moment};

/// A short mark: `good`, `warn`, `bad`, `info`, `plain` or nothing in particular.
pub(crate) fn pill(tone: &'static str, text: impl Into<String>) -> AnyView {
    view! { <span class=format!("pill {tone}")>{text.into()}</span> }.into_any()
}

/// A name that somebody chose: of any length, in any direction, on one line.
pub(crate) fn name(text: impl Into<String>) -> AnyView {
    let text = text.into();
    // Where it is cut off, the whole can be read by pointing at it; nobody reads ten kilobytes there.
    let title: String = text.chars().take(300).collect();
    view! { <bdi class="name" dir="auto" title=title>{excerpt(&text)}</bdi> }.into_any()
}

/// As much of a text as can be of use on one line.
fn excerpt(text: &str) -> String {
    const MOST: usize = 400;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// How long ago something was; pointing at it tells when exactly.
pub(crate) fn when(console: Console, at: OffsetDateTime) -> AnyView {
    let moment = Moment::of(at, clock::offset(at));
    let title = format!("{} ({})", moment.local, moment.exact);
    let relative = move || {
        let now = console.clock.now();
        format::until(at, now).unwrap_or_else(|| format::ago(at, now))
    };
    view! { <time class="nowrap" datetime=ferrogw_dashboard::range::rfc3339(at) title=title>{relative}</time> }.into_any()
}

/// When something happened, to the second; the date is told where it is not today's.
pub(crate) fn stamp(console: Console, at: OffsetDateTime) -> AnyView {
    let offset = clock::offset(at);
    let exact = Moment::of(at, offset).exact;
    let text = format::stamp(at, console.clock.at_once(), offset);
    view! { <time class="nowrap" datetime=ferrogw_dashboard::range::rfc3339(at) title=exact>{text}</time> }.into_any()
}

/// Date and time.
pub(crate) fn moment(at: OffsetDateTime) -> AnyView {
    let moment = Moment::of(at, clock::offset(at));
    view! { <time class="nowrap" datetime=ferrogw_dashboard::range::rfc3339(at) title=moment.exact>{moment.local}</time> }
        .into_any()
}

/// What stands where something never was, or is not known.
pub(crate) fn none(why: &'static str) -> AnyView {
    view! { <span class="quiet" title=why>{format::UNKNOWN}<span class="unseen">{why}</span></span> }.into_any()
}

/// A moment, or why there is none.
pub(crate) fn when_or(console: Console, at: Option<OffsetDateTime>, why: &'static str) -> AnyView {
    at.map_or_else(|| none(why), |at| when(console, at))
}

/// A choice between a few, one of which is chosen.
pub(crate) fn choice<T: Copy + PartialEq + Send + Sync + 'static>(
    label: &'static str,
    options: Vec<(T, &'static str)>,
    chosen: Signal<T>,
    choose: impl Fn(T) + Copy + Send + 'static,
) -> AnyView {
    let option = move |(value, text): (T, &'static str)| {
        view! {
            <button type="button" aria-pressed=move || (chosen.get() == value).to_string() on:click=move |_| choose(value)>{text}</button>
        }
    };
    view! { <div class="choice" role="group" aria-label=label>{options.into_iter().map(option).collect_view()}</div> }.into_any()
}

/// A field to find something by typing a part of it.
pub(crate) fn search(label: &'static str, text: Signal<String>, changed: impl Fn(String) + Send + 'static) -> AnyView {
    field(label, text, changed, |_| {})
}

/// A field to find what is called exactly so, which is looked for once it was typed.
pub(crate) fn exact(label: &'static str, text: Signal<String>, changed: impl Fn(String) + Send + 'static) -> AnyView {
    field(label, text, |_| {}, changed)
}

fn field(
    label: &'static str,
    text: Signal<String>,
    typing: impl Fn(String) + Send + 'static,
    typed: impl Fn(String) + Send + 'static,
) -> AnyView {
    view! {
        <div class="search">
            {icon::icon(icon::Icon::Search)}
            <input
                class="input"
                type="search"
                aria-label=label
                placeholder=label
                spellcheck="false"
                prop:value=move || text.get()
                on:input=move |event| typing(event_target_value(&event))
                on:change=move |event| typed(event_target_value(&event))
            />
        </div>
    }
    .into_any()
}

/// A field for why something is changed, which may stay empty.
pub(crate) fn why(note: RwSignal<String>) -> AnyView {
    view! {
        <div class="field">
            <label for="why">"Why"</label>
            <input
                class="input"
                id="why"
                dir="auto"
                autocomplete="off"
                maxlength=LONGEST_NOTE
                placeholder="For the history; may stay empty"
                prop:value=move || note.get()
                on:input=move |event| note.set(event_target_value(&event))
            />
        </div>
    }
    .into_any()
}

/// A fact and what it is called.
pub(crate) fn fact(label: &'static str, value: AnyView) -> AnyView {
    view! {
        <dt>{label}</dt>
        <dd>{value}</dd>
    }
    .into_any()
}

/// A figure that stands for itself.
pub(crate) fn tile(label: &'static str, figure: String, below: AnyView) -> AnyView {
    view! {
        <div class="tile">
            <dt>{label}</dt>
            <dd>{figure}</dd>
            <dd class="small">{below}</dd>
        </div>
    }
    .into_any()
}

/// What the control plane said about a failed act.
pub(crate) fn wrong(fault: RwSignal<Option<super::fault::Fault>>) -> AnyView {
    view! {
        <div role="alert">
            {move || {
                fault.get().map(|fault| view! { <p class="wrong">{icon::icon(icon::Icon::Warning)}<span class="whole">{fault.message().to_owned()}</span></p> })
            }}
        </div>
    }
    .into_any()
}

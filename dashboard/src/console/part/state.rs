//! What is shown instead of data: that it is on its way, that there is none, that it could not be had.

use leptos::prelude::*;

use super::icon::{Icon, icon};
use crate::console::fault::Fault;
use crate::console::load::Load;

/// Data is on its way; so many lines of it.
pub(crate) fn skeleton(lines: usize) -> AnyView {
    let lines = (0..lines).map(|_| view! { <i></i> }).collect_view();
    view! { <div class="skeleton" role="status" aria-label="Loading">{lines}</div> }.into_any()
}

/// There is none.
pub(crate) fn empty(picture: Icon, title: &'static str, text: impl Into<String>, act: AnyView) -> AnyView {
    view! {
        <div class="empty">
            {icon(picture)}
            <h2>{title}</h2>
            <p>{text.into()}</p>
            {act}
        </div>
    }
    .into_any()
}

/// It could not be had.
pub(crate) fn failed(fault: &Fault, again: impl Fn() + Send + 'static) -> AnyView {
    let retry = !matches!(fault, Fault::Disabled(_) | Fault::Missing(_));
    let button = retry.then(|| view! { <button class="button" on:click=move |_| again()>"Try again"</button> });
    view! {
        <div class="empty" role="alert">
            {icon(if matches!(fault, Fault::Disabled(_)) { Icon::Hint } else { Icon::Warning })}
            <h2>{fault.title()}</h2>
            <p>{fault.message().to_owned()}</p>
            {button}
        </div>
    }
    .into_any()
}

/// What was read, or what stands in its place. Once there is something it stays, faded while it may be old.
pub(crate) fn shown<T, Content>(load: Load<T>, lines: usize, content: Content) -> AnyView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    Content: Fn(Signal<T>) -> AnyView + Send + 'static,
{
    let phase = Memo::new(move |_| match load.value.with(Option::is_some) {
        true => Phase::Here,
        false => load.fault.get().map_or(Phase::Waiting, Phase::Failed),
    });
    let fault = Memo::new(move |_| load.fault.get());
    (move || match phase.get() {
        Phase::Waiting => skeleton(lines),
        Phase::Failed(fault) => failed(&fault, move || load.again()),
        Phase::Here => {
            let first = load.value.get_untracked();
            let value = Memo::new(move |last: Option<&T>| {
                load.value
                    .get()
                    .or_else(|| last.cloned())
                    .or_else(|| first.clone())
                    .expect("a value that was here does not leave")
            });
            view! {
                <div class="shown" class:faded=move || fault.with(Option::is_some)>
                    {stale("This may be old.", fault)}
                    {content(value.into())}
                </div>
            }
            .into_any()
        }
    })
    .into_any()
}

/// What follows from a fault, and why; of an outage the banner says why.
pub(crate) fn stale(what: &'static str, fault: Memo<Option<Fault>>) -> AnyView {
    let line = move |fault: Fault| {
        let more = (!fault.is_silence()).then(|| format!(". {}", fault.message()));
        view! { <p class="stale small second" role="status">{what}" "{fault.title()}{more}</p> }
    };
    (move || fault.get().map(line)).into_any()
}

#[derive(Clone, PartialEq)]
enum Phase {
    Waiting,
    Failed(Fault),
    Here,
}

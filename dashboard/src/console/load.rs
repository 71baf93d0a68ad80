//! Something that is read from the control plane, and read again.

use std::pin::Pin;
use std::time::Duration;

use crate::console::effect::effect;
use crate::console::effect::spawn;
use ferrogw_api::{Client, Error};
use leptos::prelude::*;

use super::fault::Fault;
use super::{Console, browser};

/// What was read, and how that went. Old values stay while new ones are fetched, and when fetching fails.
pub(crate) struct Load<T: Send + Sync + 'static> {
    /// The last value.
    pub(crate) value: RwSignal<Option<T>>,
    /// Why there is no newer one.
    pub(crate) fault: RwSignal<Option<Fault>>,
    /// Whether an answer is awaited.
    pub(crate) busy: RwSignal<bool>,
    again: RwSignal<u32>,
}

impl<T: Send + Sync + 'static> Clone for Load<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Load<T> {}

impl<T: Clone + PartialEq + Send + Sync + 'static> Load<T> {
    /// Reads it again.
    pub(crate) fn again(self) {
        self.again.update(|times| *times += 1);
    }

    /// The last value, for whoever wants to hear of the next.
    pub(crate) fn get(self) -> Option<T> {
        self.value.get()
    }

    fn settle(self, console: Console, outcome: Result<T, Fault>) {
        console.heard(outcome.as_ref().err());
        self.busy.set(false);
        match outcome {
            Ok(value) => {
                self.fault.set(None);
                // What did not change is not drawn again: a reader may have marked or focused a part of it.
                if self.value.with_untracked(|old| old.as_ref() != Some(&value)) {
                    self.value.set(Some(value));
                }
            }
            Err(fault) => self.fault.set(Some(fault)),
        }
    }
}

/// Reads something now, whenever what `ask` looks at changes, and every so many seconds (0: not by itself).
pub(crate) fn load<T, Asked>(console: Console, seconds: u64, ask: impl Fn(Client) -> Asked + 'static) -> Load<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
    Asked: Future<Output = Result<T, Error>> + 'static,
{
    begin(console, seconds, Box::new(move |client| Box::pin(ask(client))))
}

type Ask<T> = Box<dyn Fn(Client) -> Pin<Box<dyn Future<Output = Result<T, Error>>>>>;

fn begin<T: Clone + PartialEq + Send + Sync + 'static>(console: Console, seconds: u64, ask: Ask<T>) -> Load<T> {
    let load =
        Load { value: RwSignal::new(None), fault: RwSignal::new(None), busy: RwSignal::new(true), again: RwSignal::new(0) };
    let turn = StoredValue::new(0_u32);
    effect(move || {
        load.again.track();
        console.session.renewed.track();
        let asked = ask(console.client());
        let mine = turn.try_update_value(|turn| {
            *turn += 1;
            *turn
        });
        load.busy.set(true);
        spawn(async move {
            let outcome = asked.await;
            // The part may be gone by now, or may have asked for something else.
            if mine.is_some() && turn.try_get_value() == mine {
                load.settle(console, outcome.map_err(Fault::from));
            }
        });
    });
    if seconds > 0 {
        browser::every(Duration::from_secs(seconds), move || {
            // Whoever is signed out would only be refused, again and again.
            if console.session.is_in() && !load.busy.get_untracked() {
                load.again();
            }
        });
    } else {
        retry_when_away(load);
    }
    load
}

/// What is read once is tried again while the control plane is away.
fn retry_when_away<T: Clone + PartialEq + Send + Sync + 'static>(load: Load<T>) {
    browser::every(Duration::from_secs(5), move || {
        if !load.busy.get_untracked() && load.fault.with_untracked(|fault| fault.as_ref().is_some_and(Fault::is_outage)) {
            load.again();
        }
    });
}

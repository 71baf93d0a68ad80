//! Something that is asked of the control plane: one at a time, with what came of it.

use std::pin::Pin;

use crate::console::effect::spawn;
use ferrogw_api::Error;
use leptos::prelude::*;

use super::Console;
use super::fault::Fault;

/// A change under way, or the last one.
#[derive(Clone, Copy)]
pub(crate) struct Act {
    console: Console,
    /// Whether the answer is awaited.
    pub(crate) busy: RwSignal<bool>,
    /// Why it failed.
    pub(crate) fault: RwSignal<Option<Fault>>,
}

impl Act {
    pub(crate) fn new(console: Console) -> Self {
        Self { console, busy: RwSignal::new(false), fault: RwSignal::new(None) }
    }

    /// Does it, unless one is under way, and then what follows from success. Who has left by then hears of it only if it failed.
    pub(crate) fn run<T: 'static>(self, asked: impl Future<Output = Result<T, Error>> + 'static, then: impl FnOnce(T) + 'static) {
        self.begin(Box::pin(asked), Box::new(then), None);
    }

    /// The same for what is told only once: it follows even where the part that asked is gone, and leaving the page meanwhile takes a
    /// second thought, since `loss` would be lost.
    pub(crate) fn run_through<T: 'static>(
        self,
        loss: &'static str,
        asked: impl Future<Output = Result<T, Error>> + 'static,
        then: impl FnOnce(T) + 'static,
    ) {
        self.begin(Box::pin(asked), Box::new(then), Some(loss));
    }

    fn begin<T: 'static>(
        self,
        asked: Pin<Box<dyn Future<Output = Result<T, Error>>>>,
        then: Box<dyn FnOnce(T)>,
        loss: Option<&'static str>,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.fault.set(None);
        if loss.is_some() {
            self.console.place.guard(loss);
        }
        spawn(async move {
            let outcome = asked.await.map_err(Fault::from);
            self.console.heard(outcome.as_ref().err());
            let left = self.busy.try_set(false).is_some();
            if let Some(loss) = loss {
                self.console.place.release(loss);
            }
            match outcome.map_err(Fault::of_change) {
                Ok(value) if !left || loss.is_some() => then(value),
                Ok(_) => {}
                Err(fault) if left => self.console.toasts.failed(fault.message()),
                Err(fault) => self.fault.set(Some(fault)),
            }
        });
    }
}

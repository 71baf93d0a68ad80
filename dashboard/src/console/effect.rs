//! Effects and futures, each begun by one piece of code. The library would make a copy of its own for every one of them.

use std::pin::Pin;

use leptos::prelude::*;

/// Does something now, and whenever what it looked at changes.
pub(crate) fn effect(act: impl FnMut() + 'static) {
    let mut act: Box<dyn FnMut()> = Box::new(act);
    Effect::new(move |_: Option<()>| act());
}

/// Begins a future that nobody waits for.
pub(crate) fn spawn(future: impl Future<Output = ()> + 'static) {
    let future: Pin<Box<dyn Future<Output = ()>>> = Box::pin(future);
    leptos::task::spawn_local(future);
}

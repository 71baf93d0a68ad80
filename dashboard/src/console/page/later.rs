//! Pages that are fetched when one of them is first gone to, so that the first page is soon there. What is marked here, and all that it
//! alone needs, is cut off by the bundler into a file of its own. It is one file: parts of it would hold much of each other.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use leptos::prelude::*;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use super::{Family, audit, configuration, history, key, playground, provider, request, session, worker};
use crate::console::Console;

#[wasm_split(pages, fallible, preload(fetch))]
fn page(console: Console, family: Family) -> Result<AnyView, SplitLoaderError> {
    Ok(match family {
        Family::Requests => request::view(console),
        Family::Configuration => configuration::view(console),
        Family::History => history::view(console),
        Family::Keys => key::view(console),
        Family::Providers => provider::view(console),
        Family::Workers => worker::view(console),
        Family::Playground => playground::view(console),
        Family::Audit => audit::view(console),
        Family::Sessions => session::view(console),
        Family::Overview | Family::Nowhere => ().into_any(),
    })
}

/// Fetches them. Gives whether they are here.
pub(super) async fn arrived() -> bool {
    fetch().await.is_ok()
}

/// Shows one of them, once they are here.
pub(super) fn view(console: Console, family: Family) -> AnyView {
    // What was fetched answers at once, and so within whatever asks: what a page starts ends with it.
    match pin!(page(console, family)).as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(view)) => view,
        Poll::Ready(Err(_)) | Poll::Pending => ().into_any(),
    }
}

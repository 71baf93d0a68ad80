//! Where the reader is. Links are ordinary links; those within the console are followed without leaving the page.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue};

use super::browser;
use ferrogw_dashboard::address::{BASE, Page, Query};

/// Where the reader is.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    page: RwSignal<Page>,
    query: RwSignal<Query>,
    /// What would be lost by leaving.
    guard: RwSignal<Option<&'static str>>,
}

impl Place {
    pub(super) fn here() -> Self {
        let place = Self { page: RwSignal::new(page()), query: RwSignal::new(query()), guard: RwSignal::new(None) };
        let back = window_event_listener(ev::popstate, move |_| place.follow_browser());
        let click = window_event_listener(ev::click, move |event| place.follow(&event));
        let leave = window_event_listener(ev::beforeunload, move |event| {
            if place.guard.get_untracked().is_some() {
                event.prevent_default();
            }
        });
        on_cleanup(move || [back, click, leave].into_iter().for_each(WindowListenerHandle::remove));
        place
    }

    /// The page.
    pub(crate) fn page(self) -> Page {
        self.page.get()
    }

    /// The page, once.
    pub(crate) fn page_now(self) -> Page {
        self.page.get_untracked()
    }

    /// What the address says besides.
    pub(crate) fn query(self) -> Query {
        self.query.get()
    }

    /// What the address says besides, once.
    pub(crate) fn query_now(self) -> Query {
        self.query.get_untracked()
    }

    /// One word of it.
    pub(crate) fn word(self, name: &'static str) -> Memo<String> {
        Memo::new(move |_| self.query.with(|query| query.get(name).unwrap_or_default().to_owned()))
    }

    /// Goes somewhere else, unless something would be lost and the reader minds.
    pub(crate) fn go(self, address: &str) {
        let path = address.split('?').next().unwrap_or_default();
        if self.may_go(&Page::at(path)) && history().push_state_with_url(&JsValue::NULL, "", Some(address)).is_ok() {
            self.look();
        }
    }

    /// Goes where a row leads, also in place of the link within it. Whoever clicks a link with a key held wants it elsewhere.
    pub(crate) fn open(self, event: &web_sys::MouseEvent, address: &str) {
        if is_plain(event) {
            event.prevent_default();
            self.go(address);
        }
    }

    /// The same page with another query; going back skips the old one.
    pub(crate) fn say(self, query: &Query) {
        let address = self.page_now().with(query);
        if history().replace_state_with_url(&JsValue::NULL, "", Some(&address)).is_ok() {
            self.look();
        }
    }

    /// Says what would be lost by leaving.
    pub(crate) fn guard(self, loss: Option<&'static str>) {
        self.guard.set(loss);
    }

    /// This is no longer lost; what somebody else said meanwhile stays said.
    pub(crate) fn release(self, loss: &'static str) {
        if self.guard.get_untracked() == Some(loss) {
            self.guard.set(None);
        }
    }

    /// Whether nothing would be lost by leaving the page, or the reader does not mind.
    pub(super) fn may_leave(self) -> bool {
        self.guard.get_untracked().is_none_or(browser::confirm)
    }

    /// The browser has gone back or forward by itself. Who minds stays where they were.
    fn follow_browser(self) {
        if self.may_go(&page()) {
            self.look();
        } else {
            let here = self.page_now().with(&self.query_now());
            let _ = history().push_state_with_url(&JsValue::NULL, "", Some(&here));
        }
    }

    fn look(self) {
        // Whoever hears of the page may look at the query, so that comes first.
        let (page, query) = (page(), query());
        if self.query.with_untracked(|old| *old != query) {
            self.query.set(query);
        }
        if self.page.with_untracked(|old| *old != page) {
            self.page.set(page);
        }
    }

    /// Pages of one title are one page, of which nothing is lost.
    fn may_go(self, to: &Page) -> bool {
        if to.title() == self.page_now().title() {
            return true;
        }
        let may = self.may_leave();
        if may {
            self.guard.set(None);
        }
        may
    }

    fn follow(self, event: &web_sys::MouseEvent) {
        if !is_plain(event) {
            return;
        }
        let Some(target) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else { return };
        let Ok(Some(link)) = target.closest("a[href]") else { return };
        let Some(href) = link.get_attribute("href") else { return };
        let inside = href == BASE || href.strip_prefix(BASE).is_some_and(|rest| rest.starts_with(['/', '?']));
        if inside && !link.has_attribute("target") && !link.has_attribute("download") {
            event.prevent_default();
            self.go(&href);
        }
    }
}

/// Whether a click is one that follows a link here, and nobody followed it yet.
fn is_plain(event: &web_sys::MouseEvent) -> bool {
    let modified = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    !event.default_prevented() && event.button() == 0 && !modified
}

fn history() -> web_sys::History {
    window().history().expect("a page has a history")
}

fn page() -> Page {
    Page::at(&location().pathname().unwrap_or_default())
}

fn query() -> Query {
    Query::of(&location().search().unwrap_or_default())
}

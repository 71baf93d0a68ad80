//! What is asked of the browser directly.

use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Scheme, host and port of this page.
pub(crate) fn origin() -> String {
    location().origin().unwrap_or_default()
}

/// What was kept under a name; nothing where the browser keeps nothing.
pub(crate) fn recall(name: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(name).ok()?
}

/// Keeps a value under a name, where the browser keeps anything.
pub(crate) fn remember(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(name, value);
    }
}

/// Takes an element away.
pub(crate) fn remove(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        element.remove();
    }
}

/// Sets an attribute of the document's root.
pub(crate) fn mark_root(name: &str, value: Option<&str>) {
    let Some(root) = document().document_element() else { return };
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}

/// What a `<meta>` element of the page says.
pub(crate) fn meta(name: &str) -> Option<String> {
    let element = document().query_selector(&format!("meta[name='{name}']")).ok()??;
    element.get_attribute("content")
}

/// Whether nobody can see the page.
pub(crate) fn is_hidden() -> bool {
    document().hidden()
}

/// Puts a text on the clipboard; whether that worked.
pub(crate) async fn copy(text: &str) -> bool {
    // Only pages that came over TLS or from this machine have one.
    let clipboard = js_sys::Reflect::get(&window().navigator(), &JsValue::from_str("clipboard")).unwrap_or_default();
    if clipboard.is_object() {
        let clipboard: web_sys::Clipboard = clipboard.unchecked_into();
        if JsFuture::from(clipboard.write_text(text)).await.is_ok() {
            return true;
        }
    }
    copy_by_selection(text).unwrap_or(false)
}

/// The old way: select the text somewhere and have it copied.
fn copy_by_selection(text: &str) -> Result<bool, JsValue> {
    let document: web_sys::HtmlDocument = document().unchecked_into();
    let area: web_sys::HtmlTextAreaElement = document.create_element("textarea")?.unchecked_into();
    area.set_value(text);
    area.set_class_name("unseen");
    // Within an open dialog, only what belongs to it can be selected.
    let home = document.query_selector("dialog[open]")?.map(JsCast::unchecked_into).or_else(|| document.body());
    home.ok_or(JsValue::NULL)?.append_child(&area)?;
    area.select();
    let copied = document.exec_command("copy");
    area.remove();
    copied
}

/// Types a text into the field that has the focus, so that the browser can take it back again.
pub(crate) fn type_text(text: &str) -> bool {
    let document: web_sys::HtmlDocument = document().unchecked_into();
    document.exec_command_with_show_ui_and_value("insertText", false, text).unwrap_or(false)
}

/// Asks before something is lost.
pub(crate) fn confirm(question: &str) -> bool {
    window().confirm_with_message(question).unwrap_or(true)
}

/// Does something again and again while the part that asked for it is there and the page can be seen, and as soon as it is seen again.
pub(crate) fn every(period: Duration, work: impl Fn() + 'static) {
    repeat(period, Rc::new(work));
}

fn repeat(period: Duration, work: Rc<dyn Fn()>) {
    let due = move || {
        if !is_hidden() {
            work();
        }
    };
    let seen = window_event_listener_untyped("visibilitychange", {
        let due = due.clone();
        move |_| due()
    });
    let handle = set_interval_with_handle(due, period).ok();
    on_cleanup(move || {
        seen.remove();
        if let Some(handle) = handle {
            handle.clear();
        }
    });
}

/// Calls back with an element's width, now and whenever it changes, while the part that asked is there.
pub(crate) fn watch_width(element: &web_sys::Element, changed: impl Fn(f64) + 'static) {
    let seen = Closure::<dyn Fn(js_sys::Array)>::new(move |entries: js_sys::Array| {
        let entry: web_sys::ResizeObserverEntry = entries.get(0).unchecked_into();
        changed(entry.content_rect().width());
    });
    if let Ok(observer) = web_sys::ResizeObserver::new(seen.as_ref().unchecked_ref()) {
        observer.observe(element);
        let held = StoredValue::new_local(Some((observer, seen)));
        on_cleanup(move || {
            if let Some(Some((observer, _))) = held.try_update_value(Option::take) {
                observer.disconnect();
            }
        });
    }
}

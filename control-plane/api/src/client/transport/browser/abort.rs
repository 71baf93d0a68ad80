//! Ending a call that takes too long, or that nobody waits for.

use std::time::Duration;

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{AbortController, AbortSignal};

use super::TransportError;

/// Ends its call when it is dropped; a call that has ended does not mind.
#[derive(Debug)]
pub(super) struct Abort {
    controller: AbortController,
    signal: AbortSignal,
    timeout: Option<Duration>,
}

impl Abort {
    pub(super) fn after(timeout: Option<Duration>) -> Result<Self, TransportError> {
        let controller = AbortController::new()?;
        let signal = match timeout {
            Some(timeout) => either(&controller.signal(), timeout)?,
            None => controller.signal(),
        };
        Ok(Self { controller, signal, timeout })
    }

    pub(super) fn signal(&self) -> &AbortSignal {
        &self.signal
    }

    /// What to say about what was thrown.
    pub(super) fn reason(&self, thrown: JsValue) -> TransportError {
        match self.timeout {
            Some(timeout) if self.signal.aborted() => TransportError(format!("no answer came within {} s", timeout.as_secs())),
            _ => thrown.into(),
        }
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        self.controller.abort();
    }
}

/// `AbortSignal.any([signal, AbortSignal.timeout(…)])`, or the signal alone where a browser has no such thing.
fn either(signal: &AbortSignal, timeout: Duration) -> Result<AbortSignal, JsValue> {
    let class = Reflect::get(&js_sys::global(), &JsValue::from_str("AbortSignal"))?;
    let method = |name: &str| Reflect::get(&class, &JsValue::from_str(name)).ok()?.dyn_into::<Function>().ok();
    let (Some(any), Some(after)) = (method("any"), method("timeout")) else { return Ok(signal.clone()) };
    #[expect(clippy::cast_precision_loss, reason = "a few seconds")]
    let millis = timeout.as_millis() as f64;
    let timer = after.call1(&class, &JsValue::from_f64(millis))?;
    Ok(any.call1(&class, &js_sys::Array::of2(signal, &timer))?.unchecked_into())
}

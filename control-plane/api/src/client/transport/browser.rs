//! A browser's own way to make a call, under the names that `reqwest` has for it.

mod abort;
mod address;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use js_sys::{Function, Promise, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestCache, RequestCredentials, RequestInit, RequestRedirect};

use abort::Abort;
pub use address::Url;

/// No answer came.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct TransportError(String);

impl TransportError {
    /// As it is: it names no address.
    pub(in crate::client) fn without_url(self) -> Self {
        self
    }
}

impl From<JsValue> for TransportError {
    fn from(thrown: JsValue) -> Self {
        let told = thrown.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
        Self(told.or_else(|| thrown.as_string()).unwrap_or_else(|| "the browser gave no reason".to_owned()))
    }
}

/// The browser.
#[derive(Debug, Clone)]
pub(in crate::client) struct Client {
    /// By how many milliseconds this machine's clock is behind the other side's; the smallest number: unknown.
    behind: Arc<AtomicI64>,
}

impl Default for Client {
    fn default() -> Self {
        Self { behind: Arc::new(AtomicI64::new(i64::MIN)) }
    }
}

impl Client {
    pub(in crate::client) fn request(&self, method: Method, url: Url) -> RequestBuilder {
        let behind = Arc::clone(&self.behind);
        RequestBuilder { method, url, headers: Vec::new(), body: None, timeout: None, fault: None, behind }
    }

    pub(in crate::client) fn clock_behind(&self) -> Option<time::Duration> {
        let behind = self.behind.load(Ordering::Relaxed);
        (behind != i64::MIN).then(|| time::Duration::milliseconds(behind))
    }
}

/// A call that is not made yet.
#[derive(Debug)]
pub(in crate::client) struct RequestBuilder {
    method: Method,
    url: Url,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Option<String>,
    timeout: Option<Duration>,
    fault: Option<TransportError>,
    behind: Arc<AtomicI64>,
}

impl RequestBuilder {
    pub(in crate::client) fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    pub(in crate::client) fn header(mut self, name: HeaderName, value: impl TryInto<HeaderValue>) -> Self {
        match value.try_into() {
            Ok(value) => self.headers.push((name, value)),
            Err(_) => self.fault = Some(TransportError("a header holds what no header can carry".to_owned())),
        }
        self
    }

    pub(in crate::client) fn query(mut self, query: &impl Serialize) -> Self {
        match serde_urlencoded::to_string(query) {
            Ok(pairs) => self.url.append(&pairs),
            Err(error) => self.fault = Some(TransportError(error.to_string())),
        }
        self
    }

    pub(in crate::client) fn json(self, body: &impl Serialize) -> Self {
        match serde_json::to_string(body) {
            Ok(text) => self.header(http::header::CONTENT_TYPE, HeaderValue::from_static("application/json")).body(text),
            Err(error) => Self { fault: Some(TransportError(error.to_string())), ..self },
        }
    }

    pub(in crate::client) fn body(mut self, text: String) -> Self {
        self.body = Some(text);
        self
    }

    /// Makes the call. It ends when it has taken too long, or when nobody waits for it any more.
    pub(in crate::client) async fn send(self) -> Result<Response, TransportError> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let abort = Abort::after(self.timeout)?;
        let init = RequestInit::new();
        init.set_method(self.method.as_str());
        init.set_credentials(RequestCredentials::SameOrigin);
        init.set_redirect(RequestRedirect::Manual);
        init.set_cache(RequestCache::NoStore);
        init.set_signal(Some(abort.signal()));
        let headers = Headers::new()?;
        for (name, value) in &self.headers {
            headers.append(name.as_str(), value.to_str().unwrap_or_default())?;
        }
        init.set_headers(&headers);
        if let Some(body) = &self.body {
            init.set_body(&JsValue::from_str(body));
        }
        let response = JsFuture::from(fetch(self.url.as_str(), &init)?).await.map_err(|thrown| abort.reason(thrown))?;
        let response: web_sys::Response = response.unchecked_into();
        if let Some(behind) = behind(&response) {
            self.behind.store(behind, Ordering::Relaxed);
        }
        Ok(Response { headers: Answered(response.headers()), inner: response, abort })
    }
}

/// `fetch` of a window or of a worker, whichever this is.
fn fetch(url: &str, init: &RequestInit) -> Result<Promise, JsValue> {
    let global = js_sys::global();
    let fetch: Function = Reflect::get(&global, &JsValue::from_str("fetch"))?.dyn_into()?;
    fetch.call2(&global, &JsValue::from_str(url), init)?.dyn_into()
}

/// How far this machine's clock is behind the one that dated the answer.
#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
fn behind(response: &web_sys::Response) -> Option<i64> {
    let date = response.headers().get("date").ok().flatten()?;
    let there = js_sys::Date::parse(&date);
    there.is_finite().then(|| (there - js_sys::Date::now()) as i64)
}

/// The headers of an answer, as the browser keeps them.
#[derive(Debug)]
pub(in crate::client) struct Answered(Headers);

impl Answered {
    pub(in crate::client) fn get(&self, name: &str) -> Option<HeaderValue> {
        self.0.get(name).ok().flatten()?.try_into().ok()
    }
}

/// An answer whose body has not been read yet.
#[derive(Debug)]
pub(in crate::client) struct Response {
    inner: web_sys::Response,
    headers: Answered,
    abort: Abort,
}

impl Response {
    /// A redirect that was not followed has the status 0 in a browser, which is no status.
    pub(in crate::client) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.inner.status()).unwrap_or(StatusCode::FOUND)
    }

    pub(in crate::client) fn headers(&self) -> &Answered {
        &self.headers
    }

    pub(in crate::client) async fn bytes(self) -> Result<Bytes, TransportError> {
        let buffer = JsFuture::from(self.inner.array_buffer()?).await.map_err(|thrown| self.abort.reason(thrown))?;
        Ok(Uint8Array::new(&buffer).to_vec().into())
    }
}

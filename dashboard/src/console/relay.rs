//! Requests to models by way of the control plane, which relays them to a worker. Answers are read as they come.

use js_sys::{Reflect, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, ReadableStreamDefaultReader, RequestInit, Response};

/// What came before the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) status: u16,
    /// The worker that answered.
    pub(crate) worker: Option<String>,
    pub(crate) request_id: Option<String>,
    /// Whether the body is a stream of events.
    pub(crate) events: bool,
}

/// An answer that is being read.
pub(crate) struct Answer {
    pub(crate) head: Head,
    reader: Option<ReadableStreamDefaultReader>,
}

/// Sends a request; `None` for the body means that something is only read.
pub(crate) async fn send(path: &str, body: Option<&str>, stop: &AbortController) -> Result<Answer, String> {
    open(path, body, stop).await.map_err(|thrown| told(&thrown))
}

async fn open(path: &str, body: Option<&str>, stop: &AbortController) -> Result<Answer, JsValue> {
    let init = RequestInit::new();
    init.set_signal(Some(&stop.signal()));
    if let Some(body) = body {
        let headers = Headers::new()?;
        headers.append("content-type", "application/json")?;
        headers.append("x-ferrogw-request", "dashboard")?;
        init.set_method("POST");
        init.set_headers(&headers);
        init.set_body(&JsValue::from_str(body));
    }
    let response = JsFuture::from(window().fetch_with_str_and_init(&format!("/admin/playground/{path}"), &init)).await?;
    let response: Response = response.dyn_into()?;
    let header = |name: &str| response.headers().get(name).ok().flatten();
    let head = Head {
        status: response.status(),
        worker: header("x-ferrogw-worker"),
        request_id: header("x-request-id"),
        events: header("content-type").is_some_and(|kind| kind.starts_with("text/event-stream")),
    };
    let reader = response.body().map(|body| body.get_reader().unchecked_into());
    Ok(Answer { head, reader })
}

impl Answer {
    /// The next part of the body; `None`: that was all.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<u8>>, String> {
        let Some(reader) = &self.reader else { return Ok(None) };
        let part = JsFuture::from(reader.read()).await.map_err(|thrown| told(&thrown))?;
        let done = Reflect::get(&part, &"done".into()).is_ok_and(|done| done.is_truthy());
        if done {
            return Ok(None);
        }
        let bytes = Reflect::get(&part, &"value".into()).map_err(|thrown| told(&thrown))?;
        Ok(Some(Uint8Array::new(&bytes).to_vec()))
    }

    /// Everything that is left.
    pub(crate) async fn rest(&mut self) -> Result<Vec<u8>, String> {
        let mut all = Vec::new();
        while let Some(part) = self.next().await? {
            all.extend(part);
        }
        Ok(all)
    }
}

fn told(thrown: &JsValue) -> String {
    let error = thrown.dyn_ref::<js_sys::Error>();
    match error {
        Some(error) if error.name() == "AbortError" => "Stopped.".to_owned(),
        Some(error) => String::from(error.message()),
        None => "The connection broke.".to_owned(),
    }
}

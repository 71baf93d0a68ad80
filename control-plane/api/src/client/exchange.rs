//! One request and its answer.

use http::header::{CONTENT_TYPE, DATE, ETAG, IF_MATCH, LOCATION};
use http::{Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::Error;
use super::path::Path;
use super::transport::{RequestBuilder, Response, TransportError, Url};
use crate::Envelope;

/// Longest part of an unintelligible answer that is quoted.
const QUOTE: usize = 120;

/// A request that is not sent yet.
pub(super) struct Exchange {
    pub(super) request: RequestBuilder,
    pub(super) method: Method,
    pub(super) path: Path,
    pub(super) url: Url,
    /// A status that counts as a success besides the usual ones.
    pub(super) also: Option<StatusCode>,
}

/// A record and the version it was read at.
pub(super) struct Tagged<T> {
    pub(super) value: T,
    pub(super) version: Option<u64>,
}

/// An answer that was taken for a success.
pub(super) struct Answer {
    status: StatusCode,
    version: Option<u64>,
    pub(super) date: Option<String>,
    body: Vec<u8>,
}

impl Exchange {
    pub(super) fn query(mut self, query: &impl Serialize) -> Self {
        self.request = self.request.query(query);
        self
    }

    pub(super) fn body(mut self, body: &impl Serialize) -> Self {
        self.request = self.request.json(body);
        self
    }

    pub(super) fn text(mut self, content_type: &'static str, text: String) -> Self {
        self.request = self.request.header(CONTENT_TYPE, content_type).body(text);
        self
    }

    /// The write is only wanted if `version` is still in force.
    pub(super) fn only_if(mut self, version: Option<u64>) -> Self {
        if let Some(version) = version {
            self.request = self.request.header(IF_MATCH, format!("\"{version}\""));
        }
        self
    }

    /// Sends, and reads the record that a success has to carry.
    pub(super) async fn json<T: DeserializeOwned>(self) -> Result<T, Error> {
        self.tagged().await.map(|tagged| tagged.value)
    }

    /// As [`Self::json`], where an answer of this status carries the record too.
    pub(super) async fn json_at<T: DeserializeOwned>(mut self, status: StatusCode) -> Result<T, Error> {
        self.also = Some(status);
        self.json().await
    }

    /// Sends, and reads the record and its entity tag.
    pub(super) async fn tagged<T: DeserializeOwned>(self) -> Result<Tagged<T>, Error> {
        let (method, path) = (self.method.clone(), self.path.clone());
        let answer = self.succeed().await?;
        Ok(Tagged { value: answer.record(method, &path)?, version: answer.version })
    }

    /// Sends, makes sure that the answer carries a `T`, and gives the answer's head.
    pub(super) async fn dated<T: DeserializeOwned>(self) -> Result<Answer, Error> {
        let (method, path) = (self.method.clone(), self.path.clone());
        let answer = self.succeed().await?;
        answer.record::<T>(method, &path)?;
        Ok(answer)
    }

    /// Sends, where a success may carry nothing; what it does carry has to be a `T` all the same.
    pub(super) async fn nothing<T: DeserializeOwned>(self) -> Result<(), Error> {
        let (method, path) = (self.method.clone(), self.path.clone());
        let answer = self.succeed().await?;
        if answer.body.trim_ascii().is_empty() {
            return Ok(());
        }
        answer.record::<T>(method, &path).map(|_| ())
    }

    async fn succeed(self) -> Result<Answer, Error> {
        let (base, also) = (origin(&self.url), self.also);
        let unreachable = |source: TransportError| Error::Unreachable { base, source: source.without_url() };
        let response = self.accepted(also).await?;
        let (status, version) = (response.status(), version(&response));
        let date = header(&response, DATE.as_str());
        let body = response.bytes().await.map_err(unreachable)?.to_vec();
        Ok(Answer { status, version, date, body })
    }

    /// Sends, and gives a success whose body is still to come.
    #[cfg(not(target_arch = "wasm32"))]
    pub(super) async fn open(self) -> Result<Response, Error> {
        self.accepted(None).await
    }

    /// Sends, and gives what is a success, or has the status `also`.
    async fn accepted(self, also: Option<StatusCode>) -> Result<Response, Error> {
        let Self { request, method, path, url, .. } = self;
        if !url.path().ends_with(path.as_str()) {
            return Err(Error::Id { path: path.to_string() });
        }
        let unreachable = |source: TransportError| Error::Unreachable { base: origin(&url), source: source.without_url() };
        let response = request.send().await.map_err(unreachable)?;
        let (status, version) = (response.status(), version(&response));
        if status.is_redirection() {
            return Err(Error::Unexpected { method, path: path.to_string(), reason: redirected(&response) });
        }
        if status.is_success() || also == Some(status) {
            return Ok(response);
        }
        let request_id = header(&response, "x-request-id");
        let page = header(&response, CONTENT_TYPE.as_str()).is_some_and(|kind| kind.starts_with("text/html"));
        let body = response.bytes().await.map_err(unreachable)?.to_vec();
        let path = path.to_string();
        Err(match serde_json::from_slice::<Envelope>(&body) {
            Ok(envelope) => Error::Refused { method, path, status, problem: Box::new(envelope.error), version, request_id },
            Err(_) if page => Error::Unexpected { method, path, reason: format!("{status} with a web page: {}", quote(&body)) },
            Err(_) => Error::Unexpected { method, path, reason: format!("{status}: {}", quote(&body)) },
        })
    }
}

impl Answer {
    fn record<T: DeserializeOwned>(&self, method: Method, path: &Path) -> Result<T, Error> {
        let Self { status, body, .. } = self;
        let odd = |reason: String| Error::Unexpected { method, path: path.to_string(), reason };
        if body.trim_ascii().is_empty() {
            return Err(odd(format!("{status} without a body where a record is due; nothing is known to have been done")));
        }
        serde_json::from_slice(body).map_err(|error| {
            odd(format!("{status} with a body that is not what the admin API answers ({error}): {}", quote(body)))
        })
    }
}

/// The part of an address that says where somebody was looked for.
pub(super) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// The number in the answer's entity tag.
fn version(response: &Response) -> Option<u64> {
    header(response, ETAG.as_str()).as_deref().and_then(tagged_version)
}

/// The number in an entity tag, which a proxy that compresses answers has made a weak one.
pub(super) fn tagged_version(tag: &str) -> Option<u64> {
    tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"').parse().ok()
}

fn header(response: &Response, name: &str) -> Option<String> {
    response.headers().get(name)?.to_str().ok().map(str::to_owned)
}

fn redirected(response: &Response) -> String {
    let status = response.status();
    let target = header(response, LOCATION.as_str()).unwrap_or_else(|| "an unnamed place".to_owned());
    format!("{status} to {target}; redirects are not followed, so that the API key goes nowhere else: check the gateway's URL")
}

/// The beginning of a body, fit for a terminal.
fn quote(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let text: String = text.trim().chars().take(QUOTE).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.is_empty() { "no body".to_owned() } else { format!("`{text}`") }
}

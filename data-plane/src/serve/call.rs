//! What is put to one target: the request as its provider wants it, ready to be sent as often as it takes.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use ferrogw_config::policy::AttemptLimits;
use ferrogw_llm::{Answer, Failure, FailureClass, Operation, Request};
use ferrogw_providers::{Call, Decoder, Encoded, completions};
use http::uri::Uri;
use http::{HeaderMap, Method, StatusCode};
use http_body_util::Full;

use super::LARGE;
use super::walk::Miss;
use crate::snapshot::{Offer, Target};

/// Which version of its API a provider is to speak.
const VERSION: &str = "anthropic-version";

/// One request, spelt for one target.
#[derive(Clone)]
pub(super) struct Prepared {
    target: Arc<Target>,
    model: Arc<str>,
    /// What was spelt: the client's own request, or the chat request that asks the same.
    request: Arc<Request>,
    /// The client asked for a text completion and chat answers.
    pub by_way_of_chat: bool,
    now_unix: i64,
    uri: Uri,
    encoded: Encoded,
}

impl Prepared {
    /// Spells `request` for `offer`; off the core's runtime where it is large.
    pub(super) async fn new(offer: &Offer, request: &Arc<Request>) -> Result<Self, Miss> {
        let (target, model, request) = (Arc::clone(&offer.target), Arc::clone(&offer.model), Arc::clone(request));
        match request.object().raw().len() > LARGE {
            true => elsewhere(move || Self::spell(target, model, request)).await,
            false => Self::spell(target, model, request),
        }
    }

    fn spell(target: Arc<Target>, model: Arc<str>, request: Arc<Request>) -> Result<Self, Miss> {
        let by_way_of_chat = request.operation() == Operation::Completions && !target.speaks(Operation::Completions, &model);
        let request = if by_way_of_chat { Arc::new(completions::to_chat(&request)?) } else { request };
        let now_unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let now_unix = i64::try_from(now_unix).unwrap_or_default();
        let encoded = target.wire.encode(&Call { provider: target.provider, model: &model, request: &request, now_unix })?;
        let Some(uri) = target.access().and_then(|access| access.endpoint.uri(encoded.path)) else {
            return Err(Miss::Failed(Failure::ours(FailureClass::Connection, "the target has no address that can be asked")));
        };
        Ok(Self { target, model, request, by_way_of_chat, now_unix, uri, encoded })
    }

    /// Whether the answer is to be streamed.
    pub(super) fn streams(&self) -> bool {
        self.request.streams() && self.request.operation() != Operation::Embeddings
    }

    /// The time limits of an attempt.
    pub(super) fn limits(&self) -> &AttemptLimits {
        if self.streams() { &self.target.streamed } else { &self.target.whole }
    }

    /// The HTTP request, once more.
    pub(super) fn http(&self) -> http::Request<Full<Bytes>> {
        let mut request = http::Request::new(Full::new(self.encoded.body.clone()));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.target.access().map(|access| access.headers.clone()).unwrap_or_default();
        let headers = request.headers_mut();
        for (name, value) in &self.encoded.headers {
            // The operator's version of an API wins; names of its betas add up.
            if name != VERSION || !headers.contains_key(name) {
                headers.append(name.clone(), value.clone());
            }
        }
        request
    }

    /// Members of the request that mean nothing to the provider and were left out.
    pub(super) fn dropped(&self) -> &[String] {
        &self.encoded.dropped
    }

    /// Reads a whole answer; off the core's runtime where it is large.
    pub(super) async fn decode(&self, body: Bytes) -> Result<Answer, Failure> {
        if body.len() <= LARGE {
            return self.read(body);
        }
        let this = self.clone();
        elsewhere(move || this.read(body)).await
    }

    fn read(&self, body: Bytes) -> Result<Answer, Failure> {
        let answer = self.target.wire.decode(&self.call(), body)?;
        if self.by_way_of_chat { completions::from_chat(answer) } else { Ok(answer) }
    }

    /// A reader of the stream that answers.
    pub(super) fn decoder(&self) -> Box<dyn Decoder> {
        self.target.wire.decoder(&self.call())
    }

    /// The failure that a refusal tells of.
    pub(super) fn failure(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Failure {
        self.target.wire.failure(status, headers, body)
    }

    fn call(&self) -> Call<'_> {
        Call { provider: self.target.provider, model: &self.model, request: &self.request, now_unix: self.now_unix }
    }
}

/// Runs `work` on a thread of its own, so that the streams of this core go on.
async fn elsewhere<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(unfinished) => std::panic::resume_unwind(unfinished.into_panic()),
    }
}

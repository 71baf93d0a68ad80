//! What every wire can do.

use bytes::Bytes;
use ferrogw_config::catalog::Provider;
use ferrogw_llm::{Answer, Chunk, Failure, Malformed, Observed, Request, StreamFault};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::frame::Event;

/// One attempt, as a wire sees it: everything that an encoding depends on.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The catalog entry of the target's provider.
    pub provider: &'static Provider,
    /// The model in the provider's own spelling.
    pub model: &'a str,
    /// What the client asks.
    pub request: &'a Request,
    /// Seconds since 1970, for answers whose provider gives no date.
    pub now_unix: i64,
}

/// A request as the provider wants it. Address and credentials are added by whoever sends it.
#[derive(Debug, Clone)]
pub struct Encoded {
    /// Below the target's base URL, without a leading slash, e.g. `chat/completions`.
    pub path: &'static str,
    /// Headers beyond `content-type: application/json` and the credential.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The JSON body.
    pub body: Bytes,
    /// Members of the request that mean nothing to this provider and were left out, for whoever reports that.
    pub dropped: Vec<String>,
}

/// Why a request cannot be put to this provider at all; a 400 in the client's dialect, and nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The body is not what its operation needs.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// The provider cannot honour a member; `Display` says which and what to do.
    #[error("`{param}` {detail}")]
    Unsupported {
        /// The member at fault, e.g. `messages[2].content[0]`.
        param: String,
        /// The end of the sentence that begins with the member: `is not supported by …; …`.
        detail: String,
    },
}

/// Whether a stream goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// More frames may come.
    More,
    /// The provider told the end; whatever follows is ignored.
    Done,
}

/// How one family of providers spells.
pub trait Wire: Send + Sync + 'static {
    /// Spells a request.
    ///
    /// # Errors
    ///
    /// [`Refusal`] where the provider cannot be asked this.
    fn encode(&self, call: &Call<'_>) -> Result<Encoded, Refusal>;

    /// Reads a whole answer (status 2xx) into canonical spelling.
    ///
    /// # Errors
    ///
    /// [`Failure`] of class `Malformed` when the body is no answer, or the failure that a 2xx body reports.
    fn decode(&self, call: &Call<'_>, body: Bytes) -> Result<Answer, Failure>;

    /// A fresh reader of a streamed answer.
    fn decoder(&self, call: &Call<'_>) -> Box<dyn Decoder>;

    /// Reads a refusal (status other than 2xx). Never fails: what cannot be read becomes the status's own phrase.
    fn failure(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Failure;
}

/// Reads the frames of one stream.
pub trait Decoder: Send {
    /// Reads one event, appending any number of chunks to `out`.
    ///
    /// # Errors
    ///
    /// [`StreamFault`] when the stream cannot go on; chunks appended before stay valid.
    fn push(&mut self, event: &Event, out: &mut Vec<Chunk>) -> Result<Progress, StreamFault>;

    /// Called once when the provider's bytes end without [`Progress::Done`]: complete all the same, or truncated?
    ///
    /// # Errors
    ///
    /// [`StreamFault::Truncated`] when the end was not told.
    fn finish(&mut self, out: &mut Vec<Chunk>) -> Result<(), StreamFault>;

    /// What was observed so far.
    fn observed(&self) -> &Observed;
}

//! One request's account: written exactly once, whatever became of the request.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use ferrogw_llm::{NanoDollars, Operation, Usage};
use ferrogw_process::telemetry::Parent;
use smallvec::SmallVec;
use uuid::Uuid;

/// Everything that is kept of a finished request.
#[derive(Debug, Clone)]
pub struct Record {
    /// UUIDv7, minted when the request arrived.
    pub id: Uuid,
    /// `X-Request-ID`, 32 hex digits; the id's own unless the client sent one.
    pub request_id: String,
    /// The caller's span, where it named one.
    pub parent: Option<Parent>,
    /// When it arrived.
    pub started: SystemTime,
    /// From arrival to the last byte handed to the client.
    pub duration: Duration,
    /// From arrival to the first content of a stream; `None`: not streamed, or none came.
    pub first_content: Option<Duration>,
    /// What was asked for.
    pub operation: Operation,
    /// The model as the client spelt it.
    pub requested_model: String,
    /// The model as it went to the provider; empty: it never did.
    pub model: Arc<str>,
    /// The provider that answered, or was tried last; empty: none was.
    pub provider: &'static str,
    /// The target that answered, or was tried last; empty: none was.
    pub target: Arc<str>,
    /// The caller's key.
    pub key_id: Option<Uuid>,
    /// The HTTP status that the client was told (200 for a stream that failed after its head).
    pub status: u16,
    /// Whether a stream was asked for.
    pub stream: bool,
    /// The client hung up before the end.
    pub client_gone: bool,
    /// Why the model stopped, in canonical words.
    pub finish_reason: Option<String>,
    /// Why the request failed; `None`: it did not.
    pub error: Option<RecordedError>,
    /// Tokens; `None`: the provider did not say.
    pub usage: Option<Usage>,
    /// Cost; `None`: unknown, which is not free.
    pub cost: Option<NanoDollars>,
    /// Which price was applied, e.g. `catalog:openai/gpt-4o`.
    pub price_rule: Option<Arc<str>>,
    /// Every try at a target, in order.
    pub attempts: SmallVec<[Attempt; 1]>,
    /// The generation that the request was served under.
    pub generation: u64,
    /// Frames that were supplied or mended.
    pub repairs: u32,
}

impl Record {
    /// The trace that the request belongs to: its caller's, or one of its own.
    #[must_use]
    pub fn trace(&self) -> u128 {
        let own = || u128::from_str_radix(&self.request_id, 16).unwrap_or_else(|_| self.id.as_u128());
        self.parent.as_ref().map_or_else(own, |parent| parent.trace)
    }

    /// The request's own span: the random half of its id.
    #[must_use]
    pub fn span(&self) -> u64 {
        // The id's variant bits are in there, so it is not 0.
        self.id.as_u64_pair().1
    }

    /// The span of its attempt number `index`, from 0. It is known before the attempt is over, so that a provider can be told.
    #[must_use]
    pub fn attempt_span(&self, index: usize) -> u64 {
        self.span() ^ (index as u64 + 1)
    }
}

/// Why a request failed. Texts are redacted.
#[derive(Debug, Clone)]
pub struct RecordedError {
    /// A failure class (`ferrogw_llm::FailureClass::name`) or one of ours (`client_gone`, `rejected` …).
    pub class: &'static str,
    /// The error envelope's `code`.
    pub code: String,
    /// The error envelope's `message`.
    pub message: String,
}

/// One try at one target.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The target.
    pub target: Arc<str>,
    /// Its provider.
    pub provider: &'static str,
    /// The model in the provider's spelling.
    pub model: Arc<str>,
    /// The provider's status; 0: none came.
    pub status: u16,
    /// `ok`, or the failure's class.
    pub outcome: &'static str,
    /// The failure's message, redacted; empty on success.
    pub message: String,
    /// From the request's arrival to the try's start.
    pub started: Duration,
    /// How long the try took: to its answer's end, on a stream to its first content or failure.
    pub duration: Duration,
}

impl Attempt {
    /// Whether it brought an answer.
    #[must_use]
    pub fn went_well(&self) -> bool {
        self.outcome == "ok"
    }
}

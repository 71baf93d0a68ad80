//! A request's account: filled in as things happen, handed over once, and handed over all the same when the client hangs up.

use std::sync::Arc;
use std::time::Duration;

use ferrogw_llm::{Failure, Observed, Operation};
use ferrogw_providers::price::price;
use http::StatusCode;
use smallvec::SmallVec;
use tokio::time::Instant;

use super::Identity;
use crate::plane::Core;
use crate::record::{Attempt, Record, RecordedError};
use crate::rejection::Rejection;
use crate::snapshot::{Offer, Pricing, Snapshot};

/// What a request that was not heard to its end is recorded as.
const CLIENT_GONE: &str = "client_gone";

/// The account of one request. Closing it consumes it; dropping it unclosed means that the client went away,
/// or that the gateway itself broke.
#[derive(Debug)]
pub(crate) struct Account(Option<Open>);

#[derive(Debug)]
struct Open {
    core: Arc<Core>,
    snapshot: Arc<Snapshot>,
    arrived: Instant,
    /// When the attempt under way began.
    tried: Instant,
    pricing: Option<Pricing>,
    record: Record,
}

impl Account {
    pub(super) fn open(core: Arc<Core>, snapshot: Arc<Snapshot>, operation: Operation, identity: Identity) -> Self {
        let record = blank(operation, identity, snapshot.generation);
        let arrived = Instant::now();
        Self(Some(Open { core, snapshot, arrived, tried: arrived, pricing: None, record }))
    }

    /// When the request arrived.
    pub(crate) fn arrived(&self) -> Instant {
        self.get().arrived
    }

    pub(crate) fn record(&self) -> &Record {
        &self.get().record
    }

    pub(super) fn record_mut(&mut self) -> &mut Record {
        &mut self.get_mut().record
    }

    /// An attempt begins. Should nobody be there to hear its outcome, this is how it is recorded.
    pub(crate) fn tries(&mut self, offer: &Offer) {
        let open = self.get_mut();
        open.tried = Instant::now();
        open.pricing.clone_from(&offer.pricing);
        open.record.target = Arc::clone(&offer.target.name);
        open.record.model = Arc::clone(&offer.model);
        open.record.provider = offer.target.provider.id;
        open.record.attempts.push(Attempt {
            target: Arc::clone(&offer.target.name),
            provider: offer.target.provider.id,
            model: Arc::clone(&offer.model),
            status: 0,
            outcome: CLIENT_GONE,
            message: String::new(),
            started: open.tried - open.arrived,
            duration: Duration::ZERO,
        });
    }

    /// The attempt under way brought its answer, or a stream's first content; how long it took.
    pub(crate) fn tried_well(&mut self) -> Duration {
        let open = self.get_mut();
        let elapsed = open.tried.elapsed();
        if let Some(attempt) = open.record.attempts.last_mut() {
            (attempt.status, attempt.outcome, attempt.duration) = (StatusCode::OK.as_u16(), "ok", elapsed);
        }
        elapsed
    }

    /// The attempt under way, or the stream that it became, failed.
    pub(crate) fn tried_in_vain(&mut self, failure: &Failure) {
        let open = self.get_mut();
        if let Some(attempt) = open.record.attempts.last_mut() {
            attempt.status = failure.status.map_or(attempt.status, |status| status.as_u16());
            (attempt.outcome, attempt.duration) = (failure.class.name(), open.tried.elapsed());
            attempt.message.clone_from(&failure.message);
        }
    }

    /// A failure whose texts hold none of our secrets, whatever the provider quoted.
    pub(crate) fn redacts(&self, failure: Failure) -> Failure {
        let redactor = &self.get().snapshot.routes.redactor;
        let hide = |text: String| redactor.redact(&text).into_owned();
        Failure {
            message: hide(failure.message),
            kind: failure.kind.map(hide),
            param: failure.param.map(hide),
            code: failure.code.map(hide),
            ..failure
        }
    }

    /// A stream's first content is there.
    pub(crate) fn first_content(&mut self) {
        let open = self.get_mut();
        open.record.first_content = Some(open.arrived.elapsed());
    }

    /// Takes down what was observed of the answer so far: finish reason, usage and, where the price is known, cost. Usage that a stream
    /// told before its end is of its beginning, so what it cost in the end is not known.
    pub(crate) fn observes(&mut self, observed: &Observed) {
        let open = self.get_mut();
        open.record.finish_reason.clone_from(&observed.finish_reason);
        open.record.usage = observed.usage;
        open.record.repairs = observed.repairs;
        let is_whole = !open.record.stream || observed.finish_reason.is_some();
        let (Some(usage), Some(pricing)) = (&observed.usage, &open.pricing) else { return };
        let cost = price(usage, pricing.price).filter(|_| is_whole && !observed.other_tier);
        open.record.price_rule = cost.map(|_| Arc::clone(&pricing.rule));
        open.record.cost = cost;
    }

    /// The request is over and went well.
    pub(crate) fn close(mut self) {
        self.end(StatusCode::OK, None);
    }

    /// The request is over and its client was told why not.
    pub(crate) fn close_refused(mut self, rejection: &Rejection) {
        self.end(rejection.status, Some(told(rejection)));
    }

    /// A stream is over before its end; its client was told 200 long ago.
    pub(crate) fn close_broken(mut self, rejection: &Rejection) {
        self.end(StatusCode::OK, Some(told(rejection)));
    }

    fn end(&mut self, status: StatusCode, error: Option<RecordedError>) {
        let Some(open) = self.0.take() else { return };
        let mut record = open.record;
        (record.status, record.error) = (status.as_u16(), error);
        record.duration = open.arrived.elapsed();
        open.snapshot.routes.plugins.finished(&record);
        open.core.recorder.record(record);
    }

    fn get(&self) -> &Open {
        self.0.as_ref().expect("only closing empties an account, and closing consumes it")
    }

    fn get_mut(&mut self) -> &mut Open {
        self.0.as_mut().expect("only closing empties an account, and closing consumes it")
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        let Some(open) = &mut self.0 else { return };
        let broken = std::thread::panicking().then(|| told(&Rejection::internal()));
        if let Some(attempt) = open.record.attempts.last_mut().filter(|attempt| attempt.outcome == CLIENT_GONE) {
            attempt.duration = open.tried.elapsed();
            attempt.outcome = broken.as_ref().map_or(CLIENT_GONE, |error| error.class);
        }
        let was_told = open.record.first_content.map(|_| StatusCode::OK);
        if let Some(error) = broken {
            return self.end(was_told.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), Some(error));
        }
        open.record.client_gone = true;
        let status = was_told.unwrap_or_else(client_closed);
        let message = "the client hung up before the end".to_owned();
        self.end(status, Some(RecordedError { class: CLIENT_GONE, code: CLIENT_GONE.to_owned(), message }));
    }
}

fn told(rejection: &Rejection) -> RecordedError {
    RecordedError {
        class: rejection.class,
        code: rejection.code.clone().into_owned(),
        message: rejection.message.clone().into_owned(),
    }
}

fn blank(operation: Operation, identity: Identity, generation: u64) -> Record {
    Record {
        id: identity.id,
        request_id: identity.request_id,
        parent: identity.parent,
        started: identity.started,
        duration: Duration::ZERO,
        first_content: None,
        operation,
        requested_model: String::new(),
        model: empty(),
        provider: "",
        target: empty(),
        key_id: None,
        status: 0,
        stream: false,
        client_gone: false,
        finish_reason: None,
        error: None,
        usage: None,
        cost: None,
        price_rule: None,
        attempts: SmallVec::new(),
        generation,
        repairs: 0,
    }
}

/// nginx's status for a client that closed the connection: nobody is told it.
fn client_closed() -> StatusCode {
    StatusCode::from_u16(499).unwrap_or(StatusCode::REQUEST_TIMEOUT)
}

/// The empty name, shared.
fn empty() -> Arc<str> {
    thread_local!(static EMPTY: Arc<str> = Arc::from(""));
    EMPTY.with(Arc::clone)
}

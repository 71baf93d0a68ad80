//! Everything known about the request being served, and its account, which is written exactly once.

mod account;
mod identity;

use std::sync::Arc;

use ferrogw_llm::{Operation, Request};
use http::HeaderMap;
use tokio::time::Instant;

pub(crate) use self::account::Account;
pub(crate) use self::identity::{Identity, REQUEST_ID, TRACEPARENT, TRACESTATE};
use crate::plane::Core;
use crate::record::Record;
use crate::snapshot::keys::Key;
use crate::snapshot::{Offer, Snapshot};

/// Longest model name that a record keeps: a client must not fill the log with it.
pub(crate) const LONGEST_MODEL: usize = 256;

/// The request being served.
#[derive(Debug)]
pub struct Exchange {
    pub(crate) core: Arc<Core>,
    pub(crate) snapshot: Arc<Snapshot>,
    /// When the whole must be over; on a stream, when its first content must be there.
    pub(crate) deadline: Option<Instant>,
    pub(crate) account: Account,
    pub(crate) offers: Arc<[Offer]>,
    /// Members of the request that mean nothing to the target's provider and were not sent.
    pub(crate) dropped: Vec<String>,
    request: Option<Arc<Request>>,
}

impl Exchange {
    /// A request has arrived: its one snapshot is taken and its account opened.
    pub(crate) fn open(core: Arc<Core>, operation: Operation, headers: &HeaderMap) -> Self {
        let snapshot = core.plane.live.load();
        let identity = Identity::of(headers);
        // Only where spans are told of does anybody pass it on.
        let identity = if core.plane.telemetry.is_some() { identity.with_state(headers) } else { identity };
        let account = Account::open(Arc::clone(&core), Arc::clone(&snapshot), operation, identity);
        let deadline = snapshot.routes.request_timeout.map(|within| account.arrived() + within);
        Self { core, snapshot, deadline, account, offers: Arc::new([]), dropped: Vec::new(), request: None }
    }

    /// Notes who asks.
    pub(crate) fn asked_by(&mut self, key: &Key) {
        self.account.record_mut().key_id = Some(key.id);
    }

    /// Notes what is asked, and finds out who could answer.
    pub(crate) fn asks(&mut self, request: Request) -> Arc<Request> {
        let model = request.model();
        self.offers = self.snapshot.routes.offers(model);
        let record = self.account.record_mut();
        record.requested_model = shortened(model).to_owned();
        record.stream = request.streams() && record.operation != Operation::Embeddings;
        let request = Arc::new(request);
        self.request = Some(Arc::clone(&request));
        request
    }

    /// What is asked; `None`: it has not been read yet.
    #[must_use]
    pub fn request(&self) -> Option<&Arc<Request>> {
        self.request.as_ref()
    }

    /// The account so far.
    #[must_use]
    pub fn record(&self) -> &Record {
        self.account.record()
    }
}

fn shortened(model: &str) -> &str {
    &model[..model.floor_char_boundary(LONGEST_MODEL)]
}

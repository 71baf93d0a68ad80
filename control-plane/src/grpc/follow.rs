//! The `Sync` service: one task per worker that keeps it at what is published.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use ferrogw_config::Severity;
use ferrogw_proto::sync::follow_request::Message;
use ferrogw_proto::sync::update::Change;
use ferrogw_proto::sync::{self, FollowRequest, Heartbeat, Hello, Update, sync_server};
use time::OffsetDateTime;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, timeout, timeout_at};
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, Streaming};
use tracing::{debug, info, warn};
use uuid::Uuid;

use super::session::{Refused, Session, Taken};
use super::translate;
use crate::playground::default_url;
use crate::publisher::{KEYS_PER_STEP, Published, Publisher, Refusal, Roster, Running, Worker};
use crate::store::{KeyChanges, Store, StoreError};

/// Updates that a worker has not read yet; one that is this far behind reads nothing any more.
const OUTBOUND: usize = 16;

/// How often a worker hears that the control plane is there; it waits for three of them.
const HEARTBEAT_EVERY: Duration = Duration::from_secs(5);

/// Workers report every two seconds. One that says nothing for this long is gone.
const SILENCE: Duration = Duration::from_secs(15);

pub(super) struct Sync {
    store: Store,
    publisher: Publisher,
    roster: Roster,
    shutdown: CancellationToken,
}

impl Sync {
    pub(super) fn new(store: Store, publisher: Publisher, roster: Roster, shutdown: CancellationToken) -> Self {
        Self { store, publisher, roster, shutdown }
    }
}

#[tonic::async_trait]
impl sync_server::Sync for Sync {
    type FollowStream = ReceiverStream<Result<Update, Status>>;

    async fn follow(&self, call: Request<Streaming<FollowRequest>>) -> Result<Response<Self::FollowStream>, Status> {
        let address = call.remote_addr();
        let (outbound, updates) = mpsc::channel(OUTBOUND);
        let (store, publisher, roster) = (self.store.clone(), self.publisher.clone(), self.roster.clone());
        let shutdown = self.shutdown.clone();
        tokio::spawn(async move {
            let mut inbound = call.into_inner();
            let conversation = async {
                let hello = hello(&mut inbound).await?;
                let mut stream = Stream::open(store, publisher, roster, (hello, address), outbound.clone())?;
                stream.converse(inbound, &shutdown).await
            };
            if let Err(status) = conversation.await {
                let _ = outbound.try_send(Err(status));
            }
        });
        Ok(Response::new(ReceiverStream::new(updates)))
    }
}

/// The first message, which has to be a hello.
async fn hello(inbound: &mut Streaming<FollowRequest>) -> Result<Hello, Status> {
    let first = timeout(SILENCE, inbound.message()).await.map_err(|_| Status::deadline_exceeded("no hello came"))??;
    match first.and_then(|request| request.message) {
        Some(Message::Hello(hello)) => Ok(hello),
        _ => Err(Status::failed_precondition("a stream begins with hello")),
    }
}

/// A worker's stream after its hello.
struct Stream {
    store: Store,
    publisher: Publisher,
    published: watch::Receiver<Arc<Published>>,
    session: Session,
    seat: Seat,
    outbound: mpsc::Sender<Result<Update, Status>>,
    /// The next step of the key table, read but not sent yet.
    step: Option<Arc<KeyChanges>>,
}

/// A worker's place in the roster, given up when the stream ends, however it does.
struct Seat {
    roster: Roster,
    worker: Uuid,
    connection: u64,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.roster.disconnect(self.worker, self.connection);
        info!(worker = %self.worker, "a worker is gone");
    }
}

impl Stream {
    fn open(
        store: Store,
        publisher: Publisher,
        roster: Roster,
        (hello, address): (Hello, Option<SocketAddr>),
        outbound: mpsc::Sender<Result<Update, Status>>,
    ) -> Result<Self, Status> {
        let worker = hello.worker_id.parse().map_err(|_| Status::invalid_argument("worker_id is not a UUID"))?;
        let running = hello.running.clone().unwrap_or_default();
        info!(%worker, name = hello.name, build = hello.build, generation = running.generation, "a worker is connected");
        let connection = roster.connect(newcomer(worker, hello, address), address);
        let published = publisher.published();
        let seat = Seat { roster, worker, connection };
        Ok(Self { store, publisher, published, session: Session::new(running), seat, outbound, step: None })
    }

    async fn converse(&mut self, mut inbound: Streaming<FollowRequest>, shutdown: &CancellationToken) -> Result<(), Status> {
        let mut heartbeats = heartbeats();
        let mut heard = Instant::now();
        loop {
            tokio::select! {
                // Whatever else happens meanwhile does not make a worker talk.
                message = timeout_at(heard + SILENCE, inbound.message()) => {
                    let message = message.map_err(|_| Status::deadline_exceeded("no report came"))??;
                    heard = Instant::now();
                    let Some(request) = message else { return Ok(()) };
                    request.message.into_iter().for_each(|message| self.hear(message));
                }
                changed = self.published.changed() => changed.map_err(|_| Status::unavailable("shutting down"))?,
                () = self.outbound.closed() => return Ok(()),
                () = shutdown.cancelled() => return Ok(()),
                _ = heartbeats.tick() => self.send(Update { nonce: 0, change: Some(Change::Heartbeat(Heartbeat {})) })?,
            }
            self.send_what_is_missing().await?;
        }
    }

    async fn send_what_is_missing(&mut self) -> Result<(), Status> {
        let mut published = self.published.borrow_and_update().clone();
        if self.session.is_ahead_of(&published) && self.publisher.refresh().await.is_ok() {
            published = self.published.borrow_and_update().clone();
        }
        self.session.judge(&published);
        if let Some(from) = self.session.wants_keys_from(&published)
            && let Some(step) = self.key_step(from, &published).await
            && let Some(update) = self.session.send_keys(&step, &published)
        {
            self.step = None;
            self.send(update)?;
        }
        match self.session.send_configuration(&published) {
            Some(update) => self.send(update),
            None => Ok(()),
        }
    }

    /// The step of the key table that begins at `from`: the one that all share, the one read last, or one from the store.
    async fn key_step(&mut self, from: u64, published: &Published) -> Option<Arc<KeyChanges>> {
        let fits = |step: &&Arc<KeyChanges>| step.from == from && (step.more || step.to >= published.key_revision);
        if let Some(step) = published.key_step.iter().chain(&self.step).find(fits) {
            return Some(Arc::clone(step));
        }
        match self.store.key_changes_since(from, KEYS_PER_STEP).await {
            Ok(step) => {
                self.step = Some(Arc::new(step));
                self.step.clone()
            }
            Err(error) => {
                self.complain(&error);
                None
            }
        }
    }

    /// It is tried again with the next report.
    fn complain(&self, error: &StoreError) {
        warn!(worker = %self.seat.worker, %error, "key changes cannot be read; the worker keeps the keys that it has");
    }

    fn hear(&mut self, message: Message) {
        match message {
            Message::Ack(ack) => {
                let taken = self.session.ack(&ack);
                debug!(worker = %self.seat.worker, nonce = ack.nonce, running = ?self.session.running(), "ack");
                let running = running(self.session.running());
                let warnings = translate::issues(ack.warnings, Severity::Warning);
                self.answered(|worker| {
                    if worker.running.generation != running.generation || !warnings.is_empty() {
                        worker.warnings = warnings;
                    }
                    worker.running = running;
                    if worker.refused.as_ref().is_some_and(|refusal| ends(refusal, taken)) {
                        worker.refused = None;
                    }
                });
            }
            Message::Nack(nack) => {
                let refused = self.session.nack(&nack, &self.published.borrow());
                let issues = translate::issues(nack.issues, Severity::Error);
                let generation = match refused {
                    Some(Refused::Configuration { generation }) => Some(generation),
                    Some(Refused::Keys) | None => None,
                };
                let listed: Vec<_> = issues.iter().map(ToString::to_string).collect();
                warn!(worker = %self.seat.worker, generation, issues = listed.join("; "), "a worker refused an update");
                self.answered(|worker| {
                    // A configuration is refused until another is taken; whole tables of keys come anew.
                    let is_less = generation.is_none() && worker.refused.as_ref().is_some_and(|known| known.generation.is_some());
                    if !is_less {
                        worker.refused = Some(Refusal { generation, issues });
                    }
                });
            }
            Message::Report(report) => {
                self.seat.roster.report(self.seat.worker, self.seat.connection, translate::report(report));
            }
            Message::Hello(_) => warn!(worker = %self.seat.worker, "a worker said hello twice"),
        }
    }

    fn answered(&self, change: impl FnOnce(&mut Worker)) {
        self.seat.roster.answer(self.seat.worker, self.seat.connection, change);
    }

    fn send(&self, update: Update) -> Result<(), Status> {
        self.outbound.try_send(Ok(update)).map_err(|_| Status::resource_exhausted("the worker does not read its updates"))
    }
}

/// Whether a worker takes back what it refused: with the next update of its kind, and no other.
fn ends(refusal: &Refusal, taken: Option<Taken>) -> bool {
    match taken {
        Some(Taken::Configuration) => refusal.generation.is_some(),
        Some(Taken::Keys) => refusal.generation.is_none(),
        None => false,
    }
}

fn newcomer(id: Uuid, hello: Hello, address: Option<SocketAddr>) -> Worker {
    let port = u16::try_from(hello.port).unwrap_or_default();
    let url = Some(hello.advertise_url).filter(|url| !url.is_empty());
    Worker {
        id,
        url: url.unwrap_or_else(|| default_url(address, port)),
        name: hello.name,
        build: hello.build,
        connection: None,
        last_seen: OffsetDateTime::now_utc(),
        running: hello.running.as_ref().map(running).unwrap_or_default(),
        refused: None,
        warnings: Vec::new(),
        report: hello.report.map(translate::report).unwrap_or_default(),
    }
}

fn running(running: &sync::Running) -> Running {
    Running { generation: running.generation, key_revision: running.key_revision }
}

/// The first one comes at once.
fn heartbeats() -> Interval {
    let mut heartbeats = interval(HEARTBEAT_EVERY);
    heartbeats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    heartbeats
}

#[cfg(test)]
mod tests;

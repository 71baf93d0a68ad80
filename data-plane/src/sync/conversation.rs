//! One `Follow` stream, from hello to its end. One task owns both directions.

use std::sync::Arc;

use ferrogw_proto::sync::follow_request::Message;
use ferrogw_proto::sync::sync_client::SyncClient;
use ferrogw_proto::sync::update::Change as Sent;
use ferrogw_proto::sync::{FollowRequest, Hello, Update};
use ferrogw_proto::{JOIN_TOKEN_METADATA, sync};
use tokio::sync::mpsc;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, timeout, timeout_at};
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Status, Streaming};

use super::{Follower, REPORT_EVERY, SILENCE};

/// Room for the answers and reports that the other side has not read yet. Answers are few: a stream that is this far behind is dead.
const OUTBOUND: usize = 32;

/// How a stream ended.
#[derive(Debug)]
pub(super) struct Ended {
    /// Whether the other side had spoken.
    pub(super) was_connected: bool,
    /// Why.
    pub(super) reason: Reason,
}

/// Why a stream ended.
#[derive(Debug, thiserror::Error)]
pub(super) enum Reason {
    #[error("{}: {}", .0.code().description(), .0.message())]
    Refused(#[from] Status),
    #[error("it ended the stream")]
    Closed,
    #[error("it was silent for {} s", SILENCE.as_secs())]
    Silent,
    #[error("it does not read the answers")]
    Deaf,
    #[error("this worker is shutting down")]
    Shutdown,
}

pub(super) struct Conversation {
    outbound: mpsc::Sender<FollowRequest>,
    inbound: Streaming<Update>,
    reports: Interval,
    heard: Instant,
}

impl Conversation {
    /// Says hello.
    pub(super) async fn open(follower: &Follower) -> Result<Self, Reason> {
        follower.state().begin_stream();
        let (outbound, requests) = mpsc::channel(OUTBOUND);
        say(&outbound, Message::Hello(hello(follower)))?;
        let mut request = Request::new(ReceiverStream::new(requests));
        request.metadata_mut().insert(JOIN_TOKEN_METADATA, follower.token.clone());
        let mut client = SyncClient::new(follower.link.clone());
        let answer = timeout(SILENCE, client.follow(request)).await.map_err(|_| Reason::Silent)??;
        let now = Instant::now();
        let mut reports = interval_at(now + REPORT_EVERY, REPORT_EVERY);
        reports.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Ok(Self { outbound, inbound: answer.into_inner(), reports, heard: now })
    }

    /// Waits for the next message and deals with it, reporting meanwhile.
    pub(super) async fn next(&mut self, follower: &Follower, shutdown: &CancellationToken) -> Result<(), Reason> {
        let update = loop {
            tokio::select! {
                message = timeout_at(self.heard + SILENCE, self.inbound.message()) => {
                    break message.map_err(|_| Reason::Silent)??.ok_or(Reason::Closed)?;
                }
                () = shutdown.cancelled() => return Err(Reason::Shutdown),
                _ = self.reports.tick() => {
                    // A report that finds no room is outdated by the next one.
                    let _ = say(&self.outbound, Message::Report(report(follower)));
                }
            }
        };
        self.heard = Instant::now();
        self.take(follower, update).await
    }

    /// Applies an update off the runtime's threads (a document may be large), answers, and only then writes it to disk.
    async fn take(&self, follower: &Follower, update: Update) -> Result<(), Reason> {
        let Some(change) = update.change.filter(|change| !matches!(change, Sent::Heartbeat(_))) else { return Ok(()) };
        let (nonce, outbound, state) = (update.nonce, self.outbound.clone(), Arc::clone(&follower.state));
        let applying = tokio::task::spawn_blocking(move || {
            let mut state = super::lock(&state);
            let (answer, keep) = state.apply(nonce, change);
            let said = say(&outbound, answer);
            state.keep(keep);
            said
        });
        match applying.await {
            Ok(said) => said,
            Err(_panicked) => say(&self.outbound, follower.state().refuse_broken(nonce)),
        }
    }
}

fn say(outbound: &mpsc::Sender<FollowRequest>, message: Message) -> Result<(), Reason> {
    outbound.try_send(FollowRequest { message: Some(message) }).map_err(|_| Reason::Deaf)
}

fn hello(follower: &Follower) -> Hello {
    Hello {
        worker_id: follower.dir.id().to_string(),
        name: follower.identity.name.clone(),
        build: follower.identity.build.clone(),
        max_format: ferrogw_config::Document::FORMAT,
        running: Some(follower.state().running()),
        report: Some(report(follower)),
        advertise_url: follower.identity.advertise_url.clone(),
        port: follower.identity.port.into(),
    }
}

fn report(follower: &Follower) -> sync::Report {
    (follower.vitals)().into_proto(follower.identity.started, &follower.spool)
}

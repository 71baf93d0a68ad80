//! The conversation in which a worker hands its accounts over: the `Deliver` client.
//!
//! Batches stay in the spool until their receipt; a new stream begins behind the last one received.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use ferrogw_config::Secret;
use ferrogw_proto::usage::usage_client::UsageClient;
use ferrogw_proto::usage::{Batch, Receipt};
use ferrogw_proto::{JOIN_TOKEN_METADATA, Link};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{sleep, timeout};
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::{Request, Status, Streaming};
use tracing::{debug, info, warn};

use super::backlog::BATCH_ITEMS;
use super::recorder::Bell;
use super::writer::Command;
use crate::sync::backoff::Backoff;
use crate::sync::{InvalidJoinToken, credential};

/// Batches under way at once.
const WINDOW: usize = 4;

/// How long a batch may grow before it is sent: one transaction of the store for many records, and they are still seen at once.
const GATHER: Duration = Duration::from_millis(100);

/// A control plane that gives no receipt for this long is given up; the batches go to the next stream.
const RECEIPT_WITHIN: Duration = Duration::from_secs(30);

/// Delivers what the writer has, and ends it.
pub struct Deliverer {
    commands: mpsc::Sender<Command>,
    unsent: watch::Receiver<u64>,
    bell: Arc<Bell>,
    thread: JoinHandle<()>,
}

/// Why a stream ended.
#[derive(Debug, thiserror::Error)]
enum Ended {
    #[error("everything is delivered")]
    Delivered,
    #[error("{}: {}", .0.code().description(), .0.message())]
    Refused(#[from] Status),
    #[error("it ended the stream")]
    Closed,
    #[error("it gave no receipt for {} s", RECEIPT_WITHIN.as_secs())]
    Silent,
    #[error("the spool's writer has ended")]
    NoWriter,
}

/// How long until what could not be read is tried again. Receipts wait meanwhile.
const UNREADABLE: Duration = Duration::from_secs(1);

impl Deliverer {
    pub(super) fn new(
        commands: mpsc::Sender<Command>,
        unsent: watch::Receiver<u64>,
        bell: Arc<Bell>,
        thread: JoinHandle<()>,
    ) -> Self {
        Self { commands, unsent, bell, thread }
    }

    /// Delivers until `shutdown`; then writes to disk what was recorded, goes on delivering for at most `drain`, and ends the writer.
    /// Cancel `shutdown` when the cores record nothing more.
    ///
    /// # Errors
    ///
    /// [`InvalidJoinToken`], before anything is sent.
    pub async fn run(
        self,
        (link, token): (Link, &Secret<String>),
        shutdown: CancellationToken,
        drain: Duration,
    ) -> Result<(), InvalidJoinToken> {
        let client = Client { link, credential: credential(token)? };
        let mut backoff = Backoff::new();
        let closing = CancellationToken::new();
        tokio::select! {
            () = self.deliver_on(&client, &mut backoff, &closing) => {}
            () = async {
                shutdown.cancelled().await;
                self.ask(Command::Flush).await;
                closing.cancel();
                sleep(drain).await;
            } => {}
        }
        self.end().await;
        Ok(())
    }

    /// Stream after stream, until everything is delivered after `closing`.
    async fn deliver_on(&self, client: &Client, backoff: &mut Backoff, closing: &CancellationToken) {
        let mut away = false;
        loop {
            match self.deliver(client, backoff, closing, &mut away).await {
                Ended::Delivered | Ended::NoWriter => return,
                reason if away => debug!(%reason, "usage is still not delivered"),
                reason => warn!(%reason, "usage is not delivered; it stays in the spool"),
            }
            away = true;
            sleep(backoff.next()).await;
        }
    }

    /// One stream, to its end.
    async fn deliver(&self, client: &Client, backoff: &mut Backoff, closing: &CancellationToken, away: &mut bool) -> Ended {
        match self.stream(client, backoff, closing, away).await {
            Ok(never) => match never {},
            Err(ended) => ended,
        }
    }

    async fn stream(
        &self,
        client: &Client,
        backoff: &mut Backoff,
        closing: &CancellationToken,
        away: &mut bool,
    ) -> Result<std::convert::Infallible, Ended> {
        self.commands.send(Command::Rewind).await.map_err(|_| Ended::NoWriter)?;
        self.bell.wake();
        let (outbound, mut receipts) = client.open().await?;
        let mut in_flight = 0_usize;
        loop {
            tokio::select! {
                receipt = next_receipt(&mut receipts, in_flight) => {
                    self.received(receipt?).await?;
                    in_flight = in_flight.saturating_sub(1);
                    backoff.reset();
                    if std::mem::take(away) {
                        info!("usage is delivered again");
                    }
                }
                ready = self.ready(closing, in_flight), if in_flight < WINDOW => {
                    ready?;
                    match self.ask(Command::Next).await.flatten() {
                        Some(batch) => {
                            outbound.try_send(batch).map_err(|_| Ended::Closed)?;
                            in_flight += 1;
                        }
                        // What is there cannot be read for now.
                        None => sleep(UNREADABLE).await,
                    }
                }
            }
        }
    }

    /// Waits until there is something to send that is worth a batch.
    async fn ready(&self, closing: &CancellationToken, in_flight: usize) -> Result<(), Ended> {
        let mut unsent = self.unsent.clone();
        let mut wait =
            async |least: u64| unsent.wait_for(|unsent| *unsent >= least).await.map(|_| ()).map_err(|_| Ended::NoWriter);
        tokio::select! {
            biased;
            waited = wait(1) => waited?,
            () = closing.cancelled() => return if in_flight == 0 { Err(Ended::Delivered) } else { std::future::pending().await },
        }
        tokio::select! {
            full = wait(BATCH_ITEMS as u64) => full,
            () = sleep(GATHER) => Ok(()),
            () = closing.cancelled() => Ok(()),
        }
    }

    async fn received(&self, receipt: Receipt) -> Result<(), Ended> {
        let sent = self.commands.send(Command::Receive(receipt)).await;
        self.bell.wake();
        sent.map_err(|_| Ended::NoWriter)
    }

    /// Asks the writer; `None`: it has ended.
    async fn ask<T>(&self, question: impl FnOnce(oneshot::Sender<T>) -> Command) -> Option<T> {
        let (answer, answered) = oneshot::channel();
        self.commands.send(question(answer)).await.ok()?;
        self.bell.wake();
        answered.await.ok()
    }

    /// Ends the writer, and waits until all is on disk.
    async fn end(self) {
        drop(self.commands);
        self.bell.wake();
        let joined = tokio::task::spawn_blocking(move || self.thread.join()).await;
        if !matches!(joined, Ok(Ok(()))) {
            warn!("the spool's writer panicked; its last records may be lost");
        }
    }
}

impl std::fmt::Debug for Deliverer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Deliverer({} unsent)", *self.unsent.borrow())
    }
}

/// The next receipt, which has to come soon while one is owed.
async fn next_receipt(receipts: &mut Streaming<Receipt>, owed: usize) -> Result<Receipt, Ended> {
    let message = match owed {
        0 => receipts.message().await,
        _ => timeout(RECEIPT_WITHIN, receipts.message()).await.map_err(|_| Ended::Silent)?,
    };
    message?.ok_or(Ended::Closed)
}

struct Client {
    link: Link,
    credential: MetadataValue<Ascii>,
}

impl Client {
    async fn open(&self) -> Result<(mpsc::Sender<Batch>, Streaming<Receipt>), Ended> {
        let (outbound, batches) = mpsc::channel(WINDOW);
        let mut request = Request::new(ReceiverStream::new(batches));
        request.metadata_mut().insert(JOIN_TOKEN_METADATA, self.credential.clone());
        let mut client = UsageClient::new(self.link.clone());
        let answer = timeout(RECEIPT_WITHIN, client.deliver(request)).await.map_err(|_| Ended::Silent)??;
        Ok((outbound, answer.into_inner()))
    }
}

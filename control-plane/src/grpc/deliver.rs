//! The `Usage` service: what workers account for goes to the store, and what is committed gets its receipt.

use ferrogw_proto::usage::usage_server;
use ferrogw_proto::usage::{Batch, Receipt};
use time::OffsetDateTime;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, Streaming};
use tracing::{error, warn};
use uuid::Uuid;

use super::translate;
use crate::metrics::{Metrics, Reader, Row};
use crate::store::{LogEntry, LogItem, Store, StoreError};

/// Receipts that a worker has not read yet.
const OUTBOUND: usize = 16;

pub(super) struct Usage {
    store: Store,
    metrics: Metrics,
    shutdown: CancellationToken,
}

impl Usage {
    pub(super) fn new(store: Store, metrics: Metrics, shutdown: CancellationToken) -> Self {
        Self { store, metrics, shutdown }
    }
}

#[tonic::async_trait]
impl usage_server::Usage for Usage {
    type DeliverStream = ReceiverStream<Result<Receipt, Status>>;

    async fn deliver(&self, call: Request<Streaming<Batch>>) -> Result<Response<Self::DeliverStream>, Status> {
        let (outbound, receipts) = mpsc::channel(OUTBOUND);
        let (mut intake, shutdown) =
            (Intake { store: self.store.clone(), metrics: self.metrics.clone(), unlogged: 0 }, self.shutdown.clone());
        tokio::spawn(async move {
            if let Err(status) = intake.take_all(call.into_inner(), &outbound, &shutdown).await {
                let _ = outbound.send(Err(status)).await;
            }
        });
        Ok(Response::new(ReceiverStream::new(receipts)))
    }
}

/// One stream of batches.
struct Intake {
    store: Store,
    metrics: Metrics,
    /// Items that went nowhere because no request log is kept.
    unlogged: u64,
}

impl Intake {
    async fn take_all(
        &mut self,
        mut batches: Streaming<Batch>,
        receipts: &mpsc::Sender<Result<Receipt, Status>>,
        shutdown: &CancellationToken,
    ) -> Result<(), Status> {
        loop {
            let batch = tokio::select! {
                batch = batches.message() => batch?,
                () = receipts.closed() => None,
                () = shutdown.cancelled() => None,
            };
            let Some(batch) = batch else { return Ok(()) };
            let receipt = self.take(batch).await?;
            if receipts.send(Ok(receipt)).await.is_err() {
                return Ok(());
            }
        }
    }

    /// Commits a batch. Where it cannot be committed the stream ends without a receipt, and the worker sends it again.
    async fn take(&mut self, batch: Batch) -> Result<Receipt, Status> {
        let worker: Uuid = batch.worker_id.parse().map_err(|_| Status::invalid_argument("worker_id is not a UUID"))?;
        let last = batch.items.last().map_or(0, |item| item.sequence);
        let count = batch.items.len() as u64;
        let items: Vec<LogItem> = batch.items.into_iter().filter_map(|item| readable(worker, item)).collect();
        self.metrics.rows(Row::Unreadable, count - items.len() as u64);
        let sequence = match self.store.record(worker, batch.epoch, &items).await {
            // Items that cannot be read count as taken: they would be no better the next time.
            Ok(watermark) => {
                self.stored(&items);
                watermark.max(last)
            }
            Err(StoreError::Disabled) => {
                self.discard(worker, count);
                last
            }
            Err(error) => {
                self.metrics.store_error(Reader::Ingest);
                warn!(%worker, %error, "usage is not stored; the worker keeps it and sends it again");
                return Err(Status::unavailable("the request log's database is unavailable"));
            }
        };
        Ok(Receipt { worker_id: batch.worker_id, epoch: batch.epoch, sequence })
    }

    fn stored(&self, items: &[LogItem]) {
        self.metrics.rows(Row::Stored, items.len() as u64);
        let now = OffsetDateTime::now_utc();
        for item in items {
            if let LogEntry::Record(record) = &item.entry {
                // A worker's clock may be ahead, and what it measured beyond all time.
                let took = record.duration.try_into().unwrap_or(time::Duration::MAX);
                let lag = now - record.started_at.saturating_add(took);
                self.metrics.lag(lag.try_into().unwrap_or_default());
            }
        }
    }

    /// Without a request log records are acknowledged all the same, since workers' spools would fill up otherwise.
    fn discard(&mut self, worker: Uuid, items: u64) {
        if self.unlogged == 0 {
            warn!(%worker, "no request log is kept; records of requests are discarded (set REQUEST_LOG_STORE_BACKEND to keep them)");
        }
        self.unlogged += items;
        self.metrics.rows(Row::Discarded, items);
    }
}

impl Drop for Intake {
    fn drop(&mut self) {
        if self.unlogged > 0 {
            warn!(records = self.unlogged, "records were discarded on this stream, since no request log is kept");
        }
    }
}

fn readable(worker: Uuid, item: ferrogw_proto::usage::Item) -> Option<LogItem> {
    translate::item(item).inspect_err(|error| error!(%worker, %error, "a worker's record cannot be read and is left out")).ok()
}

//! Following the request log while it grows, whichever control plane stores the rows.
//!
//! However many follow, one task asks the database, and only while somebody follows. What it finds goes round in a short ring of
//! batches: a follower that is too slow misses some and is told how many, and holds nothing back.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::stream::{self, BoxStream, Stream, StreamExt as _};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast};
use tokio_util::sync::CancellationToken;

use crate::store::{Added, LogFilter, LogPlace, LogRow, Store, StoreError};

/// How often the database is asked: a record is seen within a second of its end.
const PERIOD: Duration = Duration::from_millis(250);

/// Batches that wait for the slowest follower.
const BATCHES: usize = 4;

/// How many may follow at once.
pub(crate) const FOLLOWERS: usize = 32;

/// The place where the log can be followed. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Tail {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    store: Store,
    closing: CancellationToken,
    seats: Arc<Semaphore>,
    /// Where batches go round; `None`: nobody follows.
    ring: Mutex<Option<broadcast::Sender<Arc<Batch>>>>,
}

/// Rows that were found together.
#[derive(Debug)]
struct Batch {
    /// The number of the first row; all rows since the task began are numbered, those that it passed over too.
    first: u64,
    rows: Vec<LogRow>,
}

/// What a follower sees.
#[derive(Debug, Clone, PartialEq)]
pub enum Tailed {
    /// A record that was stored.
    Row(Box<LogRow>),
    /// So many records were stored too quickly to be shown, whether or not the filter would have admitted them.
    Skipped(u64),
}

/// Why the log cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum Unfollowable {
    /// As many follow as may.
    #[error("the request log is followed {FOLLOWERS} times already; end one of those")]
    Crowded,
    /// The log does not say where it ends.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The rows that are stored from now on, as they come. It ends with the process's work, and gives its place back when dropped.
pub struct Following {
    events: BoxStream<'static, Tailed>,
}

impl Tail {
    pub(crate) fn new(store: Store, closing: CancellationToken) -> Self {
        let seats = Arc::new(Semaphore::new(FOLLOWERS));
        Self { shared: Arc::new(Shared { store, closing, seats, ring: Mutex::default() }) }
    }

    /// Follows the log: what is stored from now on and admitted by `filter`.
    ///
    /// # Errors
    ///
    /// [`Unfollowable`].
    pub async fn follow(&self, filter: LogFilter) -> Result<Following, Unfollowable> {
        let seat = Arc::clone(&self.shared.seats).try_acquire_owned().map_err(|_| Unfollowable::Crowded)?;
        let batches = match self.join() {
            Some(batches) => batches,
            None => self.start(self.shared.store.log_end().await?),
        };
        let closing = self.shared.closing.clone();
        let follower = Follower { batches, closing, filter, expected: None, _seat: seat };
        let events = stream::unfold(follower, |mut follower| async move {
            let told = follower.next().await?;
            Some((stream::iter(told), follower))
        });
        Ok(Following { events: events.flatten().boxed() })
    }

    /// The ring, if it is being filled.
    fn join(&self) -> Option<broadcast::Receiver<Arc<Batch>>> {
        self.shared.ring().as_ref().map(broadcast::Sender::subscribe)
    }

    /// Begins to fill the ring with what comes after `place`, unless somebody was quicker.
    fn start(&self, place: LogPlace) -> broadcast::Receiver<Arc<Batch>> {
        let mut ring = self.shared.ring();
        if let Some(sender) = ring.as_ref() {
            return sender.subscribe();
        }
        let (sender, receiver) = broadcast::channel(BATCHES);
        *ring = Some(sender.clone());
        let seeker = Seeker { store: self.shared.store.clone(), place, next: 0, away: false };
        tokio::spawn(Arc::clone(&self.shared).fill(sender, seeker));
        receiver
    }
}

impl Shared {
    fn ring(&self) -> MutexGuard<'_, Option<broadcast::Sender<Arc<Batch>>>> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks for what was stored, until nobody follows any more or the process ends.
    async fn fill(self: Arc<Self>, ring: broadcast::Sender<Arc<Batch>>, mut seeker: Seeker) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(PERIOD) => {}
                () = self.closing.cancelled() => {}
            }
            let mut slot = self.ring();
            if ring.receiver_count() == 0 || self.closing.is_cancelled() {
                *slot = None;
                return;
            }
            drop(slot);
            if let Some(batch) = seeker.seek().await {
                // Nobody may be left to see it.
                let _ = ring.send(Arc::new(batch));
            }
        }
    }
}

/// What the task knows.
struct Seeker {
    store: Store,
    place: LogPlace,
    /// The number of the next row.
    next: u64,
    /// The database did not answer the last time.
    away: bool,
}

impl Seeker {
    async fn seek(&mut self) -> Option<Batch> {
        match self.store.log_after(&mut self.place).await {
            Ok(Added { rows, skipped }) => {
                self.away = false;
                let first = self.next + skipped;
                self.next = first + rows.len() as u64;
                (!rows.is_empty()).then_some(Batch { first, rows })
            }
            Err(error) => {
                if !std::mem::replace(&mut self.away, true) {
                    tracing::warn!(%error, "the request log cannot be followed while its database is away: {error}");
                }
                None
            }
        }
    }
}

struct Follower {
    batches: broadcast::Receiver<Arc<Batch>>,
    closing: CancellationToken,
    filter: LogFilter,
    /// The number of the next row; `None`: none came yet.
    expected: Option<u64>,
    _seat: OwnedSemaphorePermit,
}

impl Follower {
    /// What the next batch has for this follower; `None`: there is no next one.
    async fn next(&mut self) -> Option<Vec<Tailed>> {
        let batch = loop {
            let received = tokio::select! {
                received = self.batches.recv() => received,
                () = self.closing.cancelled() => return None,
            };
            match received {
                Ok(batch) => break batch,
                // The next batch's number tells what was missed.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        };
        let missed = batch.first - self.expected.unwrap_or(batch.first).min(batch.first);
        self.expected = Some(batch.first + batch.rows.len() as u64);
        let rows = batch.rows.iter().filter(|row| self.filter.admits(row)).map(|row| Tailed::Row(Box::new(row.clone())));
        Some((missed > 0).then_some(Tailed::Skipped(missed)).into_iter().chain(rows).collect())
    }
}

impl Stream for Following {
    type Item = Tailed;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Tailed>> {
        self.events.poll_next_unpin(context)
    }
}

impl std::fmt::Debug for Following {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Following")
    }
}

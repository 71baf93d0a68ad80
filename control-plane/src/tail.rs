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
    /// `None`: nobody follows.
    ring: Mutex<Option<Ring>>,
}

/// Where batches go round.
#[derive(Debug)]
struct Ring {
    batches: broadcast::Sender<Arc<Batch>>,
    /// The number of the next row.
    next: u64,
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
        let (batches, expected) = match self.join() {
            Some(joined) => joined,
            None => self.start(self.shared.store.log_end().await?),
        };
        let closing = self.shared.closing.clone();
        let follower = Follower { batches, closing, filter, expected, _seat: seat };
        let events = stream::unfold(follower, |mut follower| async move {
            let told = follower.next().await?;
            Some((stream::iter(told), follower))
        });
        Ok(Following { events: events.flatten().boxed() })
    }

    /// The ring, if it is being filled, and the number of the next row.
    fn join(&self) -> Option<(broadcast::Receiver<Arc<Batch>>, u64)> {
        self.shared.ring().as_ref().map(|ring| (ring.batches.subscribe(), ring.next))
    }

    /// Begins to fill the ring with what comes after `place`, unless somebody was quicker.
    fn start(&self, place: LogPlace) -> (broadcast::Receiver<Arc<Batch>>, u64) {
        let mut slot = self.shared.ring();
        if let Some(ring) = slot.as_ref() {
            return (ring.batches.subscribe(), ring.next);
        }
        let (batches, receiver) = broadcast::channel(BATCHES);
        *slot = Some(Ring { batches, next: 0 });
        let seeker = Seeker { store: self.shared.store.clone(), place, away: false };
        tokio::spawn(Arc::clone(&self.shared).fill(seeker));
        (receiver, 0)
    }
}

impl Shared {
    fn ring(&self) -> MutexGuard<'_, Option<Ring>> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks for what was stored, until nobody follows any more or the process ends.
    async fn fill(self: Arc<Self>, mut seeker: Seeker) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(PERIOD) => {}
                () = self.closing.cancelled() => {}
            }
            if self.is_over() {
                return;
            }
            let added = seeker.seek().await;
            if let Some(ring) = self.ring().as_mut() {
                ring.pass(added);
            }
        }
    }

    /// Takes the ring away when it is of no use any more. Who comes later starts another one.
    fn is_over(&self) -> bool {
        let mut slot = self.ring();
        let over = self.closing.is_cancelled() || slot.as_ref().is_none_or(|ring| ring.batches.receiver_count() == 0);
        if over {
            *slot = None;
        }
        over
    }
}

impl Ring {
    fn pass(&mut self, Added { rows, skipped }: Added) {
        let first = self.next + skipped;
        self.next = first + rows.len() as u64;
        if !rows.is_empty() {
            // Nobody may be left to see it.
            let _ = self.batches.send(Arc::new(Batch { first, rows }));
        }
    }
}

/// What the task knows.
struct Seeker {
    store: Store,
    place: LogPlace,
    /// The database did not answer the last time.
    away: bool,
}

impl Seeker {
    async fn seek(&mut self) -> Added {
        match self.store.log_after(&mut self.place).await {
            Ok(added) => {
                self.away = false;
                added
            }
            Err(error) => {
                if !std::mem::replace(&mut self.away, true) {
                    tracing::warn!(%error, "the request log cannot be followed while its database is away: {error}");
                }
                Added::default()
            }
        }
    }
}

struct Follower {
    batches: broadcast::Receiver<Arc<Batch>>,
    closing: CancellationToken,
    filter: LogFilter,
    /// The number of the next row.
    expected: u64,
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
        let missed = batch.first.saturating_sub(self.expected);
        self.expected = batch.first + batch.rows.len() as u64;
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

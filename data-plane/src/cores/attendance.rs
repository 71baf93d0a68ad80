//! Who is on the line: what each connection of a core waits for, and since when.
//!
//! One look per interval over a core's connections replaces a timer per request: a request costs two stores here.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use tokio::task::AbortHandle;

use super::{Limits, Loads};

/// The core's coarse clock: set at each look, read for nothing.
#[derive(Debug)]
pub(super) struct Clock {
    started: Instant,
    now: Cell<Duration>,
}

impl Clock {
    pub(super) fn new() -> Self {
        Self { started: Instant::now(), now: Cell::new(Duration::ZERO) }
    }

    pub(super) fn now(&self) -> Duration {
        self.now.get()
    }

    fn set(&self) {
        self.now.set(self.started.elapsed());
    }
}

/// What a connection without a request in flight waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waiting {
    /// The rest of a request's head.
    Head,
    /// Another request.
    Idle,
}

/// One connection, as its core sees it.
#[derive(Debug)]
pub(super) struct Attendance {
    core: usize,
    loads: std::sync::Arc<Loads>,
    clock: Rc<Clock>,
    in_flight: Cell<u32>,
    waiting: Cell<Waiting>,
    since: Cell<Duration>,
    stalled: Cell<Option<Duration>>,
    /// On HTTP/2, bytes between requests are no beginning of a head (pings, settings).
    multiplexed: Cell<bool>,
    /// The client sent something.
    heard: Cell<bool>,
    /// A request of the client's was read, or something was written to it.
    attended: Cell<bool>,
    given_up: Cell<bool>,
    leaving: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Attendance {
    /// A connection that was just opened: its first head is due.
    pub(super) fn open(core: usize, loads: std::sync::Arc<Loads>, clock: Rc<Clock>) -> Rc<Self> {
        loads.of(core).opened();
        Rc::new(Self {
            core,
            loads,
            in_flight: Cell::new(0),
            waiting: Cell::new(Waiting::Head),
            since: Cell::new(clock.now()),
            stalled: Cell::new(None),
            multiplexed: Cell::new(false),
            heard: Cell::new(false),
            attended: Cell::new(false),
            given_up: Cell::new(false),
            leaving: Cell::new(false),
            waker: RefCell::new(None),
            clock,
        })
    }

    /// Bytes came in.
    pub(super) fn received(&self) {
        self.heard.set(true);
        if self.waiting.get() == Waiting::Idle && self.in_flight.get() == 0 && !self.multiplexed.get() {
            self.waiting.set(Waiting::Head);
            self.since.set(self.clock.now());
        }
    }

    /// The client took bytes, or would take none.
    pub(super) fn wrote(&self, taken: bool) {
        self.attended.set(true);
        if taken {
            self.stalled.set(None);
        } else if self.stalled.get().is_none() {
            self.stalled.set(Some(self.clock.now()));
        }
    }

    /// A request's head is complete; it is in flight until the guard is dropped.
    pub(super) fn enter(self: &Rc<Self>, version: http::Version) -> InFlight {
        self.attended.set(true);
        self.multiplexed.set(version == http::Version::HTTP_2);
        let in_flight = self.in_flight.get();
        self.in_flight.set(in_flight + 1);
        self.loads.of(self.core).request_began(in_flight == 0);
        InFlight(self.clone())
    }

    /// Asks the connection to end after the requests in flight.
    fn leave(&self) {
        self.leaving.set(true);
        if let Some(waker) = self.waker.borrow_mut().take() {
            waker.wake();
        }
    }

    /// Whether the connection was asked to end since the last call; if not, `cx` is woken when it is.
    pub(super) fn is_asked_to_leave(&self, cx: &Context<'_>) -> bool {
        if self.leaving.replace(false) {
            return true;
        }
        let mut waker = self.waker.borrow_mut();
        if !waker.as_ref().is_some_and(|known| known.will_wake(cx.waker())) {
            *waker = Some(cx.waker().clone());
        }
        false
    }

    /// Whether the connection is given up over its first head, so that its client, who was never told anything, can be told that. On a
    /// later head nobody knows whether the answer before it has left the connection's buffer.
    pub(super) fn owes_a_word(&self) -> bool {
        self.given_up.get() && self.heard.get() && !self.attended.get()
    }

    fn is_overdue(&self, limits: &Limits) -> bool {
        let now = self.clock.now();
        if self.stalled.get().is_some_and(|since| now - since > limits.stalled) {
            return true;
        }
        let limit = match self.waiting.get() {
            Waiting::Head => limits.head,
            Waiting::Idle => limits.idle,
        };
        self.in_flight.get() == 0 && now - self.since.get() > limit
    }
}

/// One request in flight.
#[derive(Debug)]
pub(super) struct InFlight(Rc<Attendance>);

impl Drop for InFlight {
    fn drop(&mut self) {
        let in_flight = self.0.in_flight.get() - 1;
        self.0.in_flight.set(in_flight);
        self.0.loads.of(self.0.core).request_ended(in_flight == 0);
        self.0.waiting.set(Waiting::Idle);
        self.0.since.set(self.0.clock.now());
    }
}

/// A core's connections.
#[derive(Debug, Default)]
pub(super) struct Roster {
    entries: RefCell<Vec<(Rc<Attendance>, AbortHandle)>>,
    tidy_at: Cell<usize>,
}

impl Roster {
    pub(super) fn enrol(&self, attendance: Rc<Attendance>, task: AbortHandle) {
        let mut entries = self.entries.borrow_mut();
        if entries.len() >= self.tidy_at.get().max(64) {
            entries.retain(|(_, task)| !task.is_finished());
            self.tidy_at.set(entries.len() * 2);
        }
        entries.push((attendance, task));
    }

    /// Sets the clock, forgets closed connections and closes those that took too long.
    pub(super) fn look(&self, clock: &Clock, limits: &Limits) {
        clock.set();
        self.entries.borrow_mut().retain(|(attendance, task)| {
            if task.is_finished() {
                return false;
            }
            if attendance.is_overdue(limits) {
                attendance.loads.of(attendance.core).was_overdue();
                attendance.given_up.set(true);
                task.abort();
            }
            true
        });
    }

    /// Asks every connection to end after its requests in flight.
    pub(super) fn dismiss(&self) {
        for (attendance, _) in self.entries.borrow().iter() {
            attendance.leave();
        }
    }
}

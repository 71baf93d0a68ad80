//! One core: a thread, a single-threaded runtime on it, and the connections that were dealt to it.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, LocalOptions};
use tokio::sync::{mpsc, oneshot};
use tokio::time::MissedTickBehavior;
use tokio_util::task::TaskTracker;

use super::attendance::{Attendance, Clock, Roster};
use super::socket::Socket;
use super::{Limits, Load, Loads, Service, connection};

/// Accepted connections that a core has not looked at yet.
const DEALT_AHEAD: usize = 1_024;

/// Threads beside the core's own: large bodies are parsed there, and names resolved.
const BESIDE: usize = 8;

/// Where the acceptor leaves connections for a core. The core drains once it is dropped.
pub(super) struct Desk {
    index: usize,
    loads: Arc<Loads>,
    dealt: mpsc::Sender<Accepted>,
}

/// A connection that no core has yet.
pub(super) struct Accepted {
    pub(super) stream: TcpStream,
    pub(super) peer: SocketAddr,
}

impl Desk {
    /// Leaves a connection with the core; gives it back when the core has its fill.
    pub(super) fn offer(&self, accepted: Accepted, capacity: usize) -> Option<Accepted> {
        if self.load().open() >= capacity {
            return Some(accepted);
        }
        self.dealt.try_send(accepted).err().map(mpsc::error::TrySendError::into_inner)
    }

    pub(super) fn refused(&self) {
        self.load().was_refused();
    }

    fn load(&self) -> &Load {
        self.loads.of(self.index)
    }
}

/// Starts the core's thread. The receiver resolves when the core has drained.
pub(super) fn start<S: Service>(
    index: usize,
    loads: Arc<Loads>,
    limits: Limits,
    service: impl FnOnce() -> S + Send + 'static,
) -> io::Result<(Desk, oneshot::Receiver<()>)> {
    let (dealt, connections) = mpsc::channel(DEALT_AHEAD);
    let (end, ended) = oneshot::channel();
    let desk = Desk { index, loads: loads.clone(), dealt };
    // A local runtime cannot leave its thread, so it is built there; whether there is one is told before anything is dealt.
    let (built, is_built) = std::sync::mpsc::sync_channel(1);
    std::thread::Builder::new().name(format!("core-{index}")).spawn(move || {
        let runtime =
            match Builder::new_current_thread().enable_all().max_blocking_threads(BESIDE).build_local(LocalOptions::default()) {
                Ok(runtime) => runtime,
                Err(error) => return drop(built.send(Err(error))),
            };
        let _ = built.send(Ok(()));
        runtime.block_on(async move {
            let core = Core::new(index, loads, limits);
            core.run(connections, service()).await;
        });
        // Requests that were cut close their accounts as their tasks are dropped, which is before the core has ended.
        runtime.shutdown_background();
        let _ = end.send(());
    })?;
    is_built.recv().unwrap_or_else(|_| Err(io::Error::other("a core's thread ended before it began")))?;
    Ok((desk, ended))
}

struct Core {
    index: usize,
    loads: Arc<Loads>,
    limits: Limits,
    clock: Rc<Clock>,
    roster: Roster,
    open: TaskTracker,
}

impl Core {
    fn new(index: usize, loads: Arc<Loads>, limits: Limits) -> Self {
        Self { index, loads, limits, clock: Rc::new(Clock::new()), roster: Roster::default(), open: TaskTracker::new() }
    }

    async fn run(self, mut connections: mpsc::Receiver<Accepted>, service: impl Service) {
        let builder = Rc::new(connection::builder(&self.limits));
        let mut look = tokio::time::interval(self.limits.look_every());
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                dealt = connections.recv() => match dealt {
                    Some(accepted) => self.take(accepted, &builder, &service),
                    None => break,
                },
                _ = look.tick() => self.roster.look(&self.clock, &self.limits),
            }
        }
        self.drain(look).await;
    }

    fn take<S: Service>(
        &self,
        accepted: Accepted,
        builder: &Rc<hyper_util::server::conn::auto::Builder<connection::Here>>,
        service: &S,
    ) {
        // Failing here means that the client is gone already.
        let Ok(stream) = tokio::net::TcpStream::from_std(accepted.stream) else { return };
        let attendance = Attendance::open(self.index, self.loads.clone(), self.clock.clone());
        let socket = Socket { stream, peer: accepted.peer, attendance: attendance.clone() };
        let closed = Closing(self.index, self.loads.clone());
        let (builder, service) = (builder.clone(), service.clone());
        let task = self.open.spawn_local(async move {
            let _closed = closed;
            connection::serve(builder, socket, service).await;
        });
        self.roster.enrol(attendance, task.abort_handle());
    }

    /// Idle connections end now, the others after their requests in flight; what is left at the deadline is cut.
    async fn drain(self, mut look: tokio::time::Interval) {
        self.roster.dismiss();
        self.open.close();
        let looking = async {
            loop {
                look.tick().await;
                self.roster.look(&self.clock, &self.limits);
            }
        };
        tokio::select! {
            () = self.open.wait() => {}
            () = looking => {}
            () = tokio::time::sleep(self.limits.drain) => {
                let left = self.loads.of(self.index).requests();
                tracing::warn!(core = self.index, requests = left, "the drain's time is over; {left} requests are cut");
            }
        }
    }
}

impl Limits {
    /// Often enough for the shortest limit, at most once a second.
    fn look_every(&self) -> Duration {
        let shortest = self.head.min(self.idle).min(self.stalled);
        (shortest / 4).clamp(Duration::from_millis(5), Duration::from_secs(1))
    }
}

/// Counts a connection as open until its task is gone, however it goes.
struct Closing(usize, Arc<Loads>);

impl Drop for Closing {
    fn drop(&mut self) {
        self.1.of(self.0).closed();
    }
}

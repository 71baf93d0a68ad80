//! One runtime per core: how a worker uses its machine.
//!
//! An acceptor deals connections in turn to single-threaded runtimes, each on a thread of its own, and a connection stays where it
//! was dealt: no work is stolen, no task crosses threads, and what cores share are atomics. Everything that is not a client's
//! request (the conversations with the control plane, the spool, periodic jobs) runs elsewhere, so that it cannot delay a stream.

mod acceptor;
mod attendance;
mod connection;
mod core;
mod load;
mod refusal;
mod socket;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::{Request, Response};
use hyper::body::Incoming;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

pub use load::{Load, Loads};

/// What a client may do to a connection before it is closed.
#[derive(Debug, Clone)]
pub struct Limits {
    /// From a request's first byte (on a fresh connection: from its opening) to the end of its headers.
    pub head: Duration,
    /// Between two requests.
    pub idle: Duration,
    /// How long a client may take nothing of what is sent to it.
    pub stalled: Duration,
    /// Bytes of request line and headers.
    pub head_bytes: u32,
    /// Connections on one core; beyond, a client is told so and let go.
    pub connections: usize,
    /// How long requests in flight may take to end once the worker is told to stop.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            stalled: Duration::from_secs(60),
            head_bytes: 64 << 10,
            connections: 16_384,
            drain: Duration::from_secs(15),
        }
    }
}

/// What answers requests on one core.
pub trait Service: Clone + 'static {
    /// Answers one request of the client at `peer`. A dropped future is a client that hung up.
    fn answer(&self, request: Request<Incoming>, peer: SocketAddr) -> impl Future<Output = Response<Body>> + use<Self>;
}

/// The running cores. They end, and their threads with them, once the token that they were started with is cancelled.
#[derive(Debug)]
pub struct Cores {
    ended: Vec<oneshot::Receiver<()>>,
}

impl Cores {
    /// Starts a core for each of `services`, which is called on the core's own thread, and deals the connections of `listener` to them.
    ///
    /// # Errors
    ///
    /// What the operating system says when it has no thread, or no event queue, to give.
    pub fn start<S: Service>(
        listener: TcpListener,
        loads: &Arc<Loads>,
        limits: &Limits,
        services: impl IntoIterator<Item = impl FnOnce() -> S + Send + 'static>,
        stop: CancellationToken,
    ) -> io::Result<Self> {
        let mut desks = Vec::with_capacity(loads.len());
        let mut ended = Vec::with_capacity(loads.len());
        for (index, service) in services.into_iter().enumerate().take(loads.len()) {
            let (desk, end) = core::start(index, Arc::clone(loads), limits.clone(), service)?;
            desks.push(desk);
            ended.push(end);
        }
        acceptor::start(listener, desks, limits.connections, stop)?;
        Ok(Self { ended })
    }

    /// Waits for every core to have drained.
    pub async fn ended(self) {
        for end in self.ended {
            // An error is a core whose thread is gone, which is an end too.
            let _ = end.await;
        }
    }
}

/// As many cores as the process may use.
#[must_use]
pub fn available() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

#[cfg(test)]
mod tests;

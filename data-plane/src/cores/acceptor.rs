//! Takes connections off the listener and deals them to the cores in turn.

use std::io::{self, ErrorKind, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::core::{Accepted, Desk};
use super::refusal;
use crate::rejection::Rejection;

/// How long the acceptor rests when the process has no file descriptor left.
const REST: Duration = Duration::from_millis(200);

/// Starts the acceptor's thread. It ends when `stop` is cancelled, and closes the listener with it.
pub(super) fn start(listener: TcpListener, desks: Vec<Desk>, capacity: usize, stop: CancellationToken) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new().name("acceptor".into()).spawn(move || {
        let dealt = runtime.block_on(stop.run_until_cancelled_owned(accept(listener, desks, capacity)));
        if let Some(Err(error)) = dealt {
            tracing::error!(%error, "the listener cannot be waited on; no connection is accepted any more");
        }
    })?;
    Ok(())
}

async fn accept(listener: TcpListener, desks: Vec<Desk>, capacity: usize) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let mut dealer = Dealer { desks, capacity, next: 0 };
    let mut resting = false;
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                resting = false;
                dealer.deal(stream, peer);
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                if !resting {
                    tracing::error!(%error, "no connection can be accepted; trying on (raise the limit of open files if it is that)");
                }
                resting = true;
                tokio::time::sleep(REST).await;
            }
        }
    }
}

/// Whether the error is of the connection that was about to be accepted, not of the listener or the process.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::Interrupted)
}

struct Dealer {
    desks: Vec<Desk>,
    capacity: usize,
    next: usize,
}

impl Dealer {
    /// Gives `stream` to the core whose turn it is, or to the next one that has room.
    fn deal(&mut self, stream: tokio::net::TcpStream, peer: SocketAddr) {
        // Failing here means that the client is gone already. The socket leaves this thread's event queue for its core's.
        let Ok(stream) = stream.set_nodelay(true).and_then(|()| stream.into_std()) else { return };
        let mut turned_away = Accepted { stream, peer };
        for _ in 0..self.desks.len() {
            let desk = &self.desks[self.next];
            self.next = (self.next + 1) % self.desks.len();
            match desk.offer(turned_away, self.capacity) {
                None => return,
                Some(accepted) => turned_away = accepted,
            }
        }
        self.desks[self.next].refused();
        refuse(turned_away.stream);
    }
}

/// Says why, as far as one write into an empty socket buffer goes; never waits.
fn refuse(mut stream: TcpStream) {
    let _ = stream.write(&refusal::answer(&Rejection::no_room()));
    let _ = stream.shutdown(std::net::Shutdown::Write);
}

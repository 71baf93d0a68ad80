//! Where a worker can be reached.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use tokio::net::{TcpListener, TcpSocket};

use super::StartError;
use crate::health::Health;
use crate::settings::Settings;

/// Connections that the operating system holds ready while the acceptor is busy.
const BACKLOG: u32 = 4_096;

/// A worker's open listeners.
pub(super) struct Doors {
    /// The API's.
    pub(super) api: std::net::TcpListener,
    /// Its address, with the port that was found where none was named.
    pub(super) address: SocketAddr,
    /// The open one for metrics.
    pub(super) metrics: Option<MetricsDoor>,
}

/// A listener where metrics are open to everybody.
pub(super) struct MetricsDoor {
    listener: TcpListener,
    address: SocketAddr,
}

impl Doors {
    pub(super) async fn open(settings: &Settings) -> Result<Self, StartError> {
        let port = settings.port;
        let refused = |source| StartError::Port { port, source };
        let api = listen(port).map_err(refused)?;
        let address = api.local_addr().map_err(refused)?;
        let metrics = match settings.metrics_addr {
            None => None,
            Some(address) => {
                let opened = MetricsDoor::open(address).await;
                Some(opened.map_err(|source| StartError::MetricsAddress { address, source })?)
            }
        };
        Ok(Self { api, address, metrics })
    }
}

impl MetricsDoor {
    async fn open(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers scrapes.
    pub(super) async fn answer(self, health: Arc<Health>) -> Result<Infallible, io::Error> {
        let scrape = get(move || {
            let health = Arc::clone(&health);
            async move { health.metrics() }
        });
        axum::serve(self.listener, Router::new().route("/metrics", scrape)).await?;
        Err(io::ErrorKind::NotConnected.into())
    }
}

/// All interfaces, IPv6 and IPv4; where there is no IPv6, IPv4 alone.
fn listen(port: u16) -> io::Result<std::net::TcpListener> {
    let both = TcpSocket::new_v6().and_then(|socket| open(socket, (Ipv6Addr::UNSPECIFIED, port).into()));
    match both {
        Err(error) if error.kind() != io::ErrorKind::AddrInUse => {
            open(TcpSocket::new_v4()?, (Ipv4Addr::UNSPECIFIED, port).into())
        }
        opened => opened,
    }
}

fn open(socket: TcpSocket, address: SocketAddr) -> io::Result<std::net::TcpListener> {
    // A restarted worker takes its port back at once, whatever connections of the last one still fade.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)?.into_std()
}

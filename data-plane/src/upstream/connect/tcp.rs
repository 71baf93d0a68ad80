//! The bytes' way: a socket to the destination, or to the proxy in front of it.

use std::future::Future;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Uri;
use http::uri::Scheme;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower::Service;

use super::super::Transport;
use super::super::egress::Resolver;
use super::super::proxy::Proxies;
use super::Error;

/// Opens sockets.
#[derive(Clone)]
pub(super) struct Tcp {
    sockets: HttpConnector<Resolver>,
    proxies: Arc<Proxies>,
}

impl Tcp {
    pub(super) fn new(transport: &Transport) -> Self {
        let mut sockets = HttpConnector::new_with_resolver(Resolver::new(transport.egress));
        sockets.enforce_http(false);
        sockets.set_nodelay(true);
        sockets.set_keepalive(Some(std::time::Duration::from_secs(30)));
        Self { sockets, proxies: Arc::clone(&transport.proxies) }
    }
}

impl Service<Uri> for Tcp {
    type Response = Stream;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.sockets.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, destination: Uri) -> Self::Future {
        let Some(proxy) = self.proxies.before(&destination) else {
            let connecting = self.sockets.call(destination);
            return Box::pin(async move { Ok(Stream { socket: connecting.await?, asks_proxy: false }) });
        };
        if destination.scheme() == Some(&Scheme::HTTP) {
            let connecting = self.sockets.call(proxy.uri().clone());
            return Box::pin(async move { Ok(Stream { socket: connecting.await?, asks_proxy: true }) });
        }
        let mut tunnel = Tunnel::new(proxy.uri().clone(), self.sockets.clone());
        if let Some(login) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(login.clone());
        }
        Box::pin(async move { Ok(Stream { socket: tunnel.call(destination).await?, asks_proxy: false }) })
    }
}

/// A socket. Requests on one that leads to a proxy have to name the whole address, so it says which it is.
pub(crate) struct Stream {
    socket: TokioIo<TcpStream>,
    asks_proxy: bool,
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        self.socket.connected().proxy(self.asks_proxy)
    }
}

impl Read for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_read(cx, buffer)
    }
}

impl Write for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, slices: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write_vectored(cx, slices)
    }
}

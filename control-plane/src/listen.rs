//! Serving the admin API on an address of its own, over HTTP/1.1 and HTTP/2: bounded patience with slow clients, and an orderly end.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

/// How long a request's head may take to arrive.
const HEAD: Duration = Duration::from_secs(10);

/// How long requests under way may take to end.
const DRAIN: Duration = Duration::from_secs(10);

/// A descriptor shortage passes; spinning on it would not help.
const RETRY: Duration = Duration::from_millis(100);

/// How a client of HTTP/2 begins; no method of HTTP/1.1 does.
const PREFACE: &[u8; 4] = b"PRI ";

/// How often a client that began with less than that is looked at again.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// How long an HTTP/2 connection may be silent before it is asked for a sign of life.
const SILENCE: Duration = Duration::from_secs(20);

/// Requests that a client may have open at once on an HTTP/2 connection.
const STREAMS: u32 = 64;

/// Serves until `shutdown`, then until the requests under way have ended.
pub(crate) async fn serve(listener: TcpListener, router: Router, shutdown: CancellationToken) {
    let connections = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shutdown.cancelled() => break,
        };
        match accepted {
            Ok((stream, peer)) => connect(stream, peer, &router, &connections, &shutdown),
            Err(error) => {
                tracing::warn!(%error, "a connection to the admin address could not be accepted: {error}");
                sleep(RETRY).await;
            }
        }
    }
    drop(listener);
    if timeout(DRAIN, connections.shutdown()).await.is_err() {
        tracing::warn!("admin requests that did not end within {} s are cut off", DRAIN.as_secs());
    }
}

fn connect(stream: TcpStream, peer: SocketAddr, router: &Router, connections: &GracefulShutdown, shutdown: &CancellationToken) {
    // Answers are small and whole; waiting to fill a packet would only delay them.
    let _ = stream.set_nodelay(true);
    let service = router.clone().map_request(move |mut request: http::Request<hyper::body::Incoming>| -> Request {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.map(Body::new)
    });
    let service = TowerToHyperService::new(service.map_err(|never: Infallible| never));
    let (watcher, shutdown) = (connections.watcher(), shutdown.clone());
    tokio::spawn(async move {
        let Some(Ok(Ok(is_http2))) = shutdown.run_until_cancelled(timeout(HEAD, is_http2(&stream))).await else { return };
        let builder = builder(is_http2);
        let connection = builder.serve_connection(TokioIo::new(stream), service);
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%error, %peer, "a connection to the admin address ended early: {error}");
        }
    });
}

/// Looks at how a client begins. The library would do so too, and wait for ever for one that says nothing.
async fn is_http2(stream: &TcpStream) -> io::Result<bool> {
    let mut beginning = [0; PREFACE.len()];
    loop {
        let length = stream.peek(&mut beginning).await?;
        let undecided = length < PREFACE.len() && PREFACE.starts_with(&beginning[..length]);
        if !undecided || length == 0 {
            return Ok(beginning == *PREFACE);
        }
        sleep(LOOK_AGAIN).await;
    }
}

fn builder(is_http2: bool) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(SILENCE)
        .keep_alive_timeout(HEAD)
        .max_concurrent_streams(STREAMS);
    if is_http2 { builder.http2_only() } else { builder.http1_only() }
}

#[cfg(test)]
mod tests;

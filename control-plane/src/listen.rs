//! Serving the admin API on an address of its own: bounded patience with slow clients, and an orderly end.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

/// How long a request's head may take to arrive.
const HEAD: Duration = Duration::from_secs(10);

/// How long requests under way may take to end.
const DRAIN: Duration = Duration::from_secs(10);

/// A descriptor shortage passes; spinning on it would not help.
const RETRY: Duration = Duration::from_millis(100);

/// Serves until `shutdown`, then until the requests under way have ended.
pub(crate) async fn serve(listener: TcpListener, router: Router, shutdown: CancellationToken) {
    let connections = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shutdown.cancelled() => break,
        };
        match accepted {
            Ok((stream, peer)) => connect(stream, peer, &router, &connections),
            Err(error) => {
                tracing::warn!(%error, "a connection to the admin address could not be accepted: {error}");
                tokio::time::sleep(RETRY).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(DRAIN, connections.shutdown()).await.is_err() {
        tracing::warn!("admin requests that did not end within {} s are cut off", DRAIN.as_secs());
    }
}

fn connect(stream: TcpStream, peer: SocketAddr, router: &Router, connections: &GracefulShutdown) {
    // Answers are small and whole; waiting to fill a packet would only delay them.
    let _ = stream.set_nodelay(true);
    let service = router.clone().map_request(move |mut request: http::Request<hyper::body::Incoming>| -> Request {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.map(Body::new)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service.map_err(|never: Infallible| never)));
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, %peer, "a connection to the admin address ended early: {error}");
        }
    });
}

#[cfg(test)]
mod tests;

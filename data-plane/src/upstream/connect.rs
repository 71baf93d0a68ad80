//! From an address to a connection: straight or through a proxy, behind the egress rule, within the host's time.

mod tcp;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use tower::Service;

use self::tcp::{Stream, Tcp};
use super::Transport;
use crate::snapshot::Live;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// How long connecting may take where no target says so.
const DEFAULT: Duration = Duration::from_secs(5);

/// A connection could not be had in time.
#[derive(Debug, thiserror::Error)]
#[error("no connection within {within:?}")]
pub(super) struct ConnectTimedOut {
    pub within: Duration,
}

/// Connects to providers.
#[derive(Clone)]
pub(super) struct Connector {
    https: HttpsConnector<Tcp>,
    live: Arc<Live>,
}

impl Connector {
    pub(super) fn new(transport: &Transport, live: Arc<Live>) -> Self {
        Self { https: HttpsConnector::from((Tcp::new(transport), Arc::clone(&transport.tls))), live }
    }

    /// How long connecting to `destination` may take. A connection serves every target on its host, so the longest of their
    /// limits holds; it is looked up here because connecting is rare and requests are not.
    fn limit(&self, destination: &Uri) -> Duration {
        let snapshot = self.live.load();
        let here =
            snapshot.routes.targets.iter().filter(|target| {
                target.access().is_some_and(|access| Some(access.endpoint.authority()) == destination.authority())
            });
        here.map(|target| target.whole.connect).max().unwrap_or(DEFAULT)
    }
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<Stream>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.https.poll_ready(cx)
    }

    fn call(&mut self, destination: Uri) -> Self::Future {
        let within = self.limit(&destination);
        let connecting = self.https.call(destination);
        Box::pin(async move {
            match tokio::time::timeout(within, connecting).await {
                Ok(outcome) => outcome,
                Err(_) => Err(ConnectTimedOut { within }.into()),
            }
        })
    }
}

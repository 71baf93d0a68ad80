//! The border to the workers: the `Sync` and `Usage` services, for the network and for a link in the same process alike; and to
//! operators' streams, which the admin API carries.
//!
//! The wire's types do not travel beyond this module. Whoever calls as a worker has to present a join token.
//!
//! Each stream has a task of its own: in process, a server that read its inbound only while its response is polled could get stuck.
//! The task sees by itself that the caller is gone, and ends where it waits; it is never cancelled within a verb of the store.

use std::net::SocketAddr;
use std::time::Duration;

use ferrogw_proto::sync::sync_server::SyncServer;
use ferrogw_proto::usage::usage_server::UsageServer;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

use crate::metrics::Metrics;
use crate::publisher::{Publisher, Roster};
use crate::store::Store;

mod deliver;
mod follow;
mod join;
mod operator;
mod session;
mod translate;

pub use join::{JoinTokens, mint_token};
pub(crate) use operator::service as operator;

/// What the services need.
#[derive(Debug, Clone)]
pub struct Services {
    /// Where records go and key changes come from.
    pub store: Store,
    /// What workers should run.
    pub publisher: Publisher,
    /// What they do run.
    pub roster: Roster,
    /// Where what they deliver is counted.
    pub metrics: Metrics,
    /// Who may call.
    pub tokens: JoinTokens,
    /// Ends open streams, without which no server ends.
    pub shutdown: CancellationToken,
}

impl Services {
    /// The services as routes, for [`serve`] or for [`ferrogw_proto::link`].
    #[must_use]
    pub fn routes(self) -> Routes {
        let Self { store, publisher, roster, metrics, tokens, shutdown } = self;
        let follow = follow::Sync::new(store.clone(), publisher, roster, shutdown.clone());
        let deliver = deliver::Usage::new(store, metrics, shutdown);
        Routes::new(SyncServer::with_interceptor(follow, tokens.interceptor()))
            .add_service(UsageServer::with_interceptor(deliver, tokens.interceptor()))
    }
}

/// Answers workers at `listener` until `shutdown`.
///
/// # Errors
///
/// The listener is lost.
pub async fn serve(routes: Routes, listener: TcpListener, shutdown: CancellationToken) -> Result<(), tonic::transport::Error> {
    // The server's own nodelay setting does not reach an incoming stream that it is given; without it a push takes 40 ms longer.
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    Server::builder()
        .http2_keepalive_interval(Some(Duration::from_secs(5)))
        .http2_keepalive_timeout(Some(Duration::from_secs(5)))
        .add_routes(routes)
        .serve_with_incoming_shutdown(incoming, shutdown.cancelled_owned())
        .await
}

/// Opens the address for workers.
///
/// # Errors
///
/// The address is taken or not ours.
pub async fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    TcpListener::bind(address).await
}

//! The control plane: owns configuration versions, keys, the request log and the audit trail, and pushes to workers.
//!
//! A request comes in through `http` (operators) or `grpc` (workers), reaches the database through [`store`] alone, and what
//! changes there reaches the workers through `publisher`.

pub mod app;
pub mod auth;
mod directory;
mod entity;
mod fleet;
pub mod grpc;
mod http;
mod listen;
pub mod metrics;
mod playground;
pub mod publisher;
mod retention;
pub mod settings;
mod source;
mod start;
pub mod store;
pub mod tail;

use std::io;
use std::net::SocketAddr;

use ferrogw_api::scrub;
use ferrogw_config::Secret;
use ferrogw_proto::Link;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use app::App;
pub use settings::Settings;
pub use start::{FirstStart, StartError};
pub use store::StoreError;

/// A control plane, ready to run.
pub struct ControlPlane {
    app: App,
    settings: Settings,
    join_token: Secret<String>,
    /// Ends the workers' streams, without which no server of them ends. Workers in this process end before.
    streams: CancellationToken,
}

/// Why a control plane stopped.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// An address cannot be listened on.
    #[error("cannot listen on {address}, which {variable} names")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Where it comes from.
        variable: &'static str,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Serving the workers failed.
    #[error("serving the workers failed")]
    Workers(#[from] tonic::transport::Error),
}

impl ControlPlane {
    /// Opens the store, takes credentials in and settles the configuration.
    ///
    /// # Errors
    ///
    /// [`StartError`]. A stored configuration that this build refuses is none: it is kept, told of and can be rolled back.
    pub async fn build(settings: Settings) -> Result<Self, StartError> {
        let join_token = settings.join_token.clone().map_or_else(grpc::mint_token, Ok).map_err(StartError::Random)?;
        let app = start::app(&settings).await?;
        Ok(Self { app, settings, join_token, streams: CancellationToken::new() })
    }

    /// What handlers can reach.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Makes the keys of a first start, for the binary to print once; `None`: the store has, or had, credentials.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn first_start(&self) -> Result<Option<FirstStart>, StoreError> {
        start::first_keys(&self.app.store).await
    }

    /// The way to this control plane for a worker in the same process. Calls need the [join token](Self::join_token) here too.
    #[must_use]
    pub fn link(&self) -> Link {
        ferrogw_proto::link(self.routes())
    }

    /// What workers present: the settings' token, or one that was made for this process.
    #[must_use]
    pub fn join_token(&self) -> &Secret<String> {
        &self.join_token
    }

    /// The admin API and the probes. Whoever serves it inserts `ConnectInfo<SocketAddr>`, so that the audit trail knows addresses.
    pub fn admin_router(&self) -> axum::Router {
        http::router(self.app.clone(), self.settings.telemetry.clone())
    }

    /// Does its work until `shutdown`, and serves on the addresses that the settings name. Streams of workers end then, so a
    /// worker in the same process is better ended first.
    ///
    /// # Errors
    ///
    /// [`RunError`].
    pub async fn run(self, shutdown: CancellationToken) -> Result<(), RunError> {
        // Whatever part fails first ends the others.
        let stop = shutdown.child_token();
        let _stop_all = stop.clone().drop_guard();
        let admin = bind(self.settings.admin_addr, "FERROGW_ADMIN_ADDR", "the admin API listens").await?;
        let workers = bind(self.settings.grpc_addr, "FERROGW_GRPC_ADDR", "workers are awaited").await?;
        let ended = tokio::try_join!(
            self.serve_workers(workers, &stop),
            self.serve_admin(admin, &stop),
            background(self.app.publisher.clone().run(stop.clone())),
            background(self.app.roster.clone().run(stop.clone())),
            background(playground::sweep(self.app.store.clone(), stop.clone())),
            background(retention::run(self.app.store.clone(), self.settings.stores.request_log_retention, stop.clone())),
            background(source::follow_workers(self.app.clone(), &self.settings, stop.clone())),
        );
        self.app.store.close().await;
        ended.map(|_| ())
    }

    async fn serve_workers(&self, listener: Option<TcpListener>, stop: &CancellationToken) -> Result<(), RunError> {
        let end_streams = async {
            stop.cancelled().await;
            // Without this no server of streams ends.
            self.app.closing.cancel();
            self.streams.cancel();
            Ok(())
        };
        let serving = async {
            match listener {
                Some(listener) => Ok(grpc::serve(self.routes(), listener, stop.clone()).await?),
                None => Ok(()),
            }
        };
        tokio::try_join!(serving, end_streams).map(|_| ())
    }

    async fn serve_admin(&self, listener: Option<TcpListener>, stop: &CancellationToken) -> Result<(), RunError> {
        if let Some(listener) = listener {
            listen::serve(listener, self.admin_router(), stop.clone()).await;
        }
        Ok(())
    }

    fn routes(&self) -> tonic::service::Routes {
        let services = grpc::Services {
            store: self.app.store.clone(),
            publisher: self.app.publisher.clone(),
            roster: self.app.roster.clone(),
            metrics: self.app.metrics.clone(),
            tokens: grpc::JoinTokens::new([&self.join_token]),
            shutdown: self.streams.clone(),
        };
        services.routes()
    }
}

/// A job that cannot fail, beside jobs that can.
async fn background(job: impl Future<Output = ()>) -> Result<(), RunError> {
    job.await;
    Ok(())
}

async fn bind(address: Option<SocketAddr>, variable: &'static str, what: &str) -> Result<Option<TcpListener>, RunError> {
    let Some(address) = address else { return Ok(None) };
    let listener = grpc::listen(address).await.map_err(|source| RunError::Listen { address, variable, source })?;
    tracing::info!("{what} on {}", listener.local_addr().unwrap_or(address));
    Ok(Some(listener))
}

//! Requests that are answered in this process but not on a core: the control plane's, in all-in-one.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::IntoResponse as _;
use http::{Request, Response};
use tokio::runtime::Handle;
use tower::ServiceExt as _;

use crate::rejection::Rejection;
use crate::surface;

/// A router on another runtime.
#[derive(Debug, Clone)]
pub(crate) struct Elsewhere {
    router: Router,
    runtime: Handle,
}

impl Elsewhere {
    /// `router` on the runtime of the caller.
    pub(crate) fn here(router: Router) -> Self {
        Self { router, runtime: Handle::current() }
    }

    /// Has the other runtime answer. What was begun there is finished even if the client hangs up, as a half-made change would
    /// surprise whoever asked for it.
    pub(super) async fn answer(&self, mut request: Request<Body>, peer: SocketAddr) -> Response<Body> {
        // An IPv4 client of a listener for both looks like an IPv6 one; people know it by its own address.
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer.ip().to_canonical(), peer.port())));
        let answer = self.runtime.spawn(self.router.clone().oneshot(request));
        match answer.await {
            Ok(response) => response.into_response(),
            Err(error) => {
                tracing::error!(%error, "a request that is answered off the cores broke");
                surface::refuse(&Rejection::internal())
            }
        }
    }
}

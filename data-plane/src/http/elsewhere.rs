//! Requests that are answered in this process but not on a core: the control plane's, in all-in-one.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::IntoResponse as _;
use http::{Request, Response};
use tokio::runtime::Handle;
use tokio_util::task::AbortOnDropHandle;
use tower::ServiceExt as _;

use crate::rejection::Rejection;
use crate::surface;

/// Where models are asked through the control plane.
const PLAYGROUND: &str = "/admin/playground/";

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
    /// surprise whoever asked for it; but not what changes nothing and costs money.
    pub(super) async fn answer(&self, mut request: Request<Body>, peer: SocketAddr) -> Response<Body> {
        // An IPv4 client of a listener for both looks like an IPv6 one; people know it by its own address.
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer.ip().to_canonical(), peer.port())));
        let ends_with_caller = request.uri().path().starts_with(PLAYGROUND);
        let answer = self.runtime.spawn(self.router.clone().oneshot(request));
        let answer = match ends_with_caller {
            true => AbortOnDropHandle::new(answer).await,
            false => answer.await,
        };
        match answer {
            Ok(response) => response.into_response(),
            Err(error) => {
                tracing::error!(%error, "a request that is answered off the cores broke");
                surface::refuse(&Rejection::internal())
            }
        }
    }
}

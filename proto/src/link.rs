//! How a worker reaches its control plane: over the network, or by a call in the same process.

use std::error::Error;

use http::{Request, Response};
use tonic::Status;
use tonic::body::Body;
use tower::util::BoxCloneSyncService;
use tower::{Service, ServiceExt};

/// A way to the control plane. A network channel and the control plane's own routes both are one; nothing else differs between
/// the split deployment and all-in-one.
pub type Link = BoxCloneSyncService<Request<Body>, Response<Body>, Status>;

/// Makes a link of a channel or of routes. The error type has to be [`Status`]: a boxed `dyn Error` is not general enough for a
/// generated client whose calls must be `Send`.
pub fn link<S, B>(service: S) -> Link
where
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let service = service
        .map_response(|response: Response<B>| response.map(Body::new))
        .map_err(|error: S::Error| Status::from_error(error.into()));
    BoxCloneSyncService::new(service)
}

//! The operator service's way in: the gate's rules, told as gRPC tells them.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use tonic::{Code, Status};

use super::gate::{self, Access};
use super::rejection::Rejection;
use crate::app::App;
use crate::grpc;

/// The service, for whoever may read.
pub(super) fn routes(app: &App) -> Router<App> {
    Router::new()
        .route_service("/ferrogw.operator.v1.Operator/{call}", grpc::operator(app.clone()))
        .layer(from_fn_with_state(app.clone(), pass))
}

/// Lets a call through to its handler, or answers it.
async fn pass(State(app): State<App>, request: Request, next: Next) -> Response {
    match gate::enter(&app, Access::Read, request).await {
        Ok(request) => next.run(request).await,
        Err(rejection) => status(&rejection).into_http::<Body>(),
    }
}

fn status(rejection: &Rejection) -> Status {
    let code = match rejection.status() {
        StatusCode::UNAUTHORIZED => Code::Unauthenticated,
        StatusCode::FORBIDDEN => Code::PermissionDenied,
        StatusCode::TOO_MANY_REQUESTS => Code::ResourceExhausted,
        StatusCode::SERVICE_UNAVAILABLE => Code::Unavailable,
        StatusCode::NOT_IMPLEMENTED => Code::FailedPrecondition,
        status if status.is_client_error() => Code::InvalidArgument,
        _ => Code::Internal,
    };
    Status::new(code, rejection.message())
}

//! The life of a request, in the order it happens.
//!
//! One function that fits on one screen. What is about HTTP alone (panics, connection limits, CORS) is a layer of the router;
//! everything here has the data of the step before it.

mod attempt;
mod authenticate;
mod body;
mod call;
mod dispatch;
mod gather;
mod nesting;
mod relay;
mod retry;
mod source;
mod timer;
mod walk;

use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use ferrogw_llm::{Malformed, Operation, Request};
use http::{HeaderMap, Response};

use self::dispatch::dispatch;
use self::relay::Reply;
use crate::exchange::Exchange;
use crate::plane::Core;
use crate::rejection::Rejection;
use crate::snapshot::State;

pub(crate) use self::authenticate::authenticate;
pub(crate) use self::body::hear_out;

/// Bodies longer than this are parsed and translated off the core's runtime, so that one large request does not hold up the
/// streams of its core.
const LARGE: usize = 256 << 10;

/// Serves one request to a model. Dropping the future is how a client that hangs up is heard of: the attempt under way is
/// cancelled and the account closed.
pub async fn serve(core: Arc<Core>, operation: Operation, http: http::Request<Body>) -> Response<Body> {
    let (parts, body) = http.into_parts();
    let mut exchange = Exchange::open(core, operation, &parts.headers);
    match answer(&mut exchange, &parts.headers, body).await {
        Ok(reply) => relay::reply(exchange, reply),
        Err(rejection) => relay::refuse(exchange, &rejection),
    }
}

async fn answer(exchange: &mut Exchange, headers: &HeaderMap, body: Body) -> Result<Reply, Rejection> {
    let limit = exchange.snapshot.routes.max_request_bytes;
    if let Err(rejection) = admit(exchange, headers) {
        hear_out(headers, body, limit).await;
        return Err(rejection);
    }
    let body = body::read(body, limit).await?;
    let request = read(exchange.record().operation, body).await?;
    let request = exchange.asks(request);
    routable(exchange, &request)?;
    // Limits, budgets and concurrency are admitted here, once per request and before any plugin sees it.
    let snapshot = Arc::clone(&exchange.snapshot);
    snapshot.routes.plugins.before(exchange).await?;
    let mut reply = dispatch(exchange, &request).await?;
    if let Reply::Whole(answer) = &mut reply {
        snapshot.routes.plugins.after(exchange, answer).await?;
    }
    Ok(reply)
}

/// Who asks, and whether they may.
fn admit(exchange: &mut Exchange, headers: &HeaderMap) -> Result<(), Rejection> {
    let key = authenticate(&exchange.snapshot.keys, headers)?;
    exchange.asked_by(&key);
    if key.scopes.may_infer() { Ok(()) } else { Err(Rejection::insufficient_scope()) }
}

async fn read(operation: Operation, body: Bytes) -> Result<Request, Rejection> {
    if body.len() <= LARGE {
        return Ok(parse(operation, body)?);
    }
    let parsing = tokio::task::spawn_blocking(move || parse(operation, body));
    Ok(parsing.await.map_err(|_| Rejection::internal())??)
}

fn parse(operation: Operation, body: Bytes) -> Result<Request, Malformed> {
    let request = Request::read(operation, body)?;
    nesting::check(request.object().raw())?;
    Ok(request)
}

/// Refuses before anything else happens what no target could answer.
fn routable(exchange: &Exchange, request: &Request) -> Result<(), Rejection> {
    let (model, operation) = (request.model(), request.operation());
    if exchange.snapshot.state == State::Unconfigured {
        return Err(Rejection::unconfigured());
    }
    if exchange.offers.is_empty() {
        return Err(Rejection::unknown_model(model, &exchange.snapshot.routes.nearest(model)));
    }
    let mut able = exchange.offers.iter().filter(|offer| offer.target.offers(operation)).peekable();
    if able.peek().is_none() {
        return Err(Rejection::unserved_operation(model, operation));
    }
    if able.all(|offer| offer.target.obstacle().is_some()) {
        return Err(Rejection::unroutable());
    }
    Ok(())
}

//! What the client gets: a whole answer, a stream, or a rejection.
//!
//! A stream is pulled by the connection that sends it: no task and no channel stand between the provider and the client, so a slow
//! client slows its provider down, and one that hangs up cancels it.

mod stream;

use axum::body::Body;
use ferrogw_llm::Answer;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Response};

use self::stream::Stream;
use super::source::Source;
use crate::exchange::{Exchange, REQUEST_ID};
use crate::record::Record;
use crate::rejection::Rejection;
use crate::surface;

const TARGET: HeaderName = HeaderName::from_static("x-ferrogw-target");
const PROVIDER: HeaderName = HeaderName::from_static("x-ferrogw-provider");
const DROPPED: HeaderName = HeaderName::from_static("x-ferrogw-dropped-params");
const ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// What dispatch brought.
pub(super) enum Reply {
    /// A whole answer.
    Whole(Answer),
    /// A stream with its first content.
    Stream(Box<Source>),
}

/// Answers with what dispatch brought.
pub(super) fn reply(exchange: Exchange, reply: Reply) -> Response<Body> {
    match reply {
        Reply::Whole(answer) => whole(exchange, answer),
        Reply::Stream(source) => stream(exchange, source),
    }
}

/// Tells the client what went wrong.
pub(super) fn refuse(exchange: Exchange, rejection: &Rejection) -> Response<Body> {
    let mut response = surface::refuse(rejection);
    name(response.headers_mut(), exchange.record());
    exchange.account.close_refused(rejection);
    response
}

fn whole(mut exchange: Exchange, answer: Answer) -> Response<Body> {
    let mut response = Response::new(Body::from(answer.body));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    name(headers, exchange.record());
    name_target(headers, &exchange);
    exchange.account.observes(&answer.observed);
    exchange.account.close();
    response
}

fn stream(mut exchange: Exchange, source: Box<Source>) -> Response<Body> {
    let filters = exchange.snapshot.routes.plugins.filters(&exchange);
    let tells_usage = exchange.request().is_some_and(|request| request.wants_usage_chunk());
    exchange.account.first_content();
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(ACCEL_BUFFERING, HeaderValue::from_static("no"));
    name(headers, exchange.record());
    name_target(headers, &exchange);
    // The request itself is let go here: a stream may last for minutes, and its body be megabytes.
    *response.body_mut() = Body::new(Stream::new(source, exchange.account, filters, tells_usage));
    response
}

fn name(headers: &mut HeaderMap, record: &Record) {
    if let Ok(id) = HeaderValue::from_str(&record.request_id) {
        headers.insert(REQUEST_ID, id);
    }
}

/// Says who answered, and what of the request was left out because it means nothing there.
fn name_target(headers: &mut HeaderMap, exchange: &Exchange) {
    let record = exchange.record();
    if let Ok(target) = HeaderValue::from_str(&record.target) {
        headers.insert(TARGET, target);
    }
    headers.insert(PROVIDER, HeaderValue::from_static(record.provider));
    if !exchange.dropped.is_empty()
        && let Ok(dropped) = HeaderValue::try_from(exchange.dropped.join(", "))
    {
        headers.insert(DROPPED, dropped);
    }
}

//! One attempt at one target: send, wait for the head, then for the whole answer or for a stream's first content.

use bytes::Bytes;
use ferrogw_llm::{Failure, FailureClass};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body as _, Incoming};
use tokio::time::Instant;

use super::call::Prepared;
use super::gather::Gather;
use super::relay::Reply;
use super::source::Source;
use super::timer::{Limit, Timer};
use crate::exchange::{Exchange, TRACEPARENT, TRACESTATE};
use crate::snapshot::Offer;
use crate::telemetry;
use crate::upstream::{Client, broken_body, unanswered};
use crate::vitals::InFlight;

/// Longest whole answer, in bytes.
const LONGEST_ANSWER: usize = 50 << 20;

/// How much of a refusal is read: more than any error message needs.
const LONGEST_REFUSAL: usize = 1 << 20;

/// Makes one attempt and takes it down, whatever becomes of it.
pub(super) async fn attempt(exchange: &mut Exchange, offer: &Offer, prepared: &Prepared) -> Result<Reply, Failure> {
    exchange.account.tries(offer);
    let vitals = &offer.target.vitals;
    let mut request = prepared.http();
    name_the_span(exchange, request.headers_mut());
    match converse(&exchange.core.upstream, prepared, request, exchange.deadline, vitals.begin()).await {
        Ok(reply) => {
            vitals.succeeded(exchange.account.tried_well());
            Ok(reply)
        }
        Err(failure) => {
            let failure = exchange.account.redacts(failure);
            tracing::debug!(target_name = &*offer.target.name, class = failure.class.name(), "attempt failed");
            vitals.failed(&failure);
            exchange.account.tried_in_vain(&failure);
            Err(failure)
        }
    }
}

/// Names the attempt's span, for the provider to be a part of; only where somebody collects spans.
fn name_the_span(exchange: &Exchange, headers: &mut HeaderMap) {
    let Some(telemetry) = exchange.core.plane.telemetry.as_deref() else { return };
    let span = telemetry::parent_of_attempt(telemetry, exchange.record());
    for (name, text) in [(TRACEPARENT, span.to_string()), (TRACESTATE, span.state.header())] {
        if !text.is_empty()
            && let Ok(value) = HeaderValue::try_from(text)
        {
            headers.insert(name, value);
        }
    }
}

async fn converse(
    client: &Client,
    call: &Prepared,
    request: Request<Full<Bytes>>,
    deadline: Option<Instant>,
    in_flight: InFlight,
) -> Result<Reply, Failure> {
    let limits = call.limits();
    let mut timer = Timer::start(Limit::Head, limits.head, limits.total, deadline);
    let answer = timer.within(client.send(request)).await.map_err(Limit::failure)?;
    let answer = answer.map_err(|error| unanswered(&error))?;
    if !answer.status().is_success() {
        return Err(refusal(call, answer, &mut timer).await);
    }
    if !call.streams() {
        let body = whole(call, answer.into_body(), LONGEST_ANSWER, &mut timer).await?;
        return Ok(Reply::Whole(call.decode(body).await?));
    }
    if is_json(answer.headers()) {
        return Err(unstreamed(call, answer.into_body(), &mut timer).await);
    }
    let source = Source::new(call, answer.into_body(), timer, in_flight);
    Ok(Reply::Stream(Box::new(source.begin().await?)))
}

/// Reads a body to its end.
async fn whole(call: &Prepared, mut body: Incoming, limit: usize, timer: &mut Timer) -> Result<Bytes, Failure> {
    let mut gather = Gather::new(limit, body.size_hint().exact());
    loop {
        timer.expect(Limit::BetweenFrames, call.limits().between_frames);
        let frame = timer.within(body.frame()).await.map_err(Limit::failure)?;
        let Some(frame) = frame else { return Ok(gather.finish()) };
        let Ok(data) = frame.map_err(|error| broken_body(&error))?.into_data() else { continue };
        gather
            .push(data)
            .map_err(|_| Failure::ours(FailureClass::Malformed, format!("the answer is longer than {limit} bytes")))?;
    }
}

/// The failure that a refusal tells of; a body that cannot be read leaves its status.
async fn refusal(call: &Prepared, answer: Response<Incoming>, timer: &mut Timer) -> Failure {
    let (head, body) = answer.into_parts();
    let body = whole(call, body, LONGEST_REFUSAL, timer).await.unwrap_or_default();
    call.failure(head.status, &head.headers, &body)
}

/// What went wrong when a stream was asked for and one JSON document came: usually an error under status 200.
async fn unstreamed(call: &Prepared, body: Incoming, timer: &mut Timer) -> Failure {
    let decoded = match whole(call, body, LONGEST_REFUSAL, timer).await {
        Ok(body) => call.decode(body).await,
        Err(failure) => Err(failure),
    };
    let unasked = || Failure::ours(FailureClass::Malformed, "a stream was asked for and a whole answer came");
    decoded.err().unwrap_or_else(unasked)
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).map(|value| value.as_bytes().trim_ascii_start());
    content_type.is_some_and(|value| value.len() >= 16 && value[..16].eq_ignore_ascii_case(b"application/json"))
}

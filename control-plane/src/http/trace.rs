//! What a collector is told of administration: a span and a measurement for each request, in OpenTelemetry's conventions for HTTP.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use ferrogw_process::Telemetry;
use ferrogw_process::telemetry::{Parent, Span, state};
use opentelemetry::KeyValue;
use opentelemetry::metrics::Histogram;
use opentelemetry::trace::{SpanKind, Status};
use uuid::Uuid;

use super::request_id::RequestId;

/// Seconds, as the convention advises.
const SECONDS: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// Tells a collector of requests.
#[derive(Debug, Clone)]
pub(super) struct Teller {
    telemetry: Arc<Telemetry>,
    duration: Option<Histogram<f64>>,
}

impl Teller {
    pub(super) fn new(telemetry: Arc<Telemetry>) -> Self {
        let duration = telemetry.meter().map(|meter| {
            meter
                .f64_histogram("http.server.request.duration")
                .with_unit("s")
                .with_description("From a request's arrival to its answer's head")
                .with_boundaries(SECONDS.to_vec())
                .build()
        });
        Self { telemetry, duration }
    }

    fn tell(&self, seen: Seen, status: StatusCode, took: Duration) {
        let attributes = vec![
            KeyValue::new("http.request.method", seen.method),
            KeyValue::new("http.route", seen.route.clone()),
            KeyValue::new("http.response.status_code", i64::from(status.as_u16())),
        ];
        if let Some(duration) = &self.duration {
            duration.record(took.as_secs_f64(), &attributes);
        }
        if self.telemetry.samples(seen.trace, seen.parent.as_ref()) {
            self.telemetry.tell(Span {
                trace: seen.trace,
                // The random half of an id, in which the variant's bits are never all 0.
                id: Uuid::now_v7().as_u64_pair().1,
                parent: seen.parent.as_ref().map(|parent| parent.span),
                parent_is_remote: true,
                state: seen.parent.map(|parent| parent.state).unwrap_or_default(),
                kind: SpanKind::Server,
                name: format!("{} {}", seen.method, seen.route).into(),
                start: seen.started,
                duration: took,
                attributes,
                status: if status.is_server_error() { Status::error("") } else { Status::Unset },
            });
        }
    }
}

/// What is known of a request before it is answered.
struct Seen {
    method: &'static str,
    route: String,
    trace: u128,
    parent: Option<Parent>,
    started: SystemTime,
}

impl Seen {
    fn of(request: &Request) -> Self {
        let parent = parent(request.headers());
        let own = request.extensions().get::<RequestId>().and_then(|RequestId(id)| u128::from_str_radix(id, 16).ok());
        let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
        let trace = parent.as_ref().map(|parent| parent.trace).or(own).unwrap_or_else(|| Uuid::now_v7().as_u128());
        Self { method: method(request), route, trace, parent, started: SystemTime::now() }
    }
}

/// Passes a request on, and tells of it when its answer's head is there.
pub(super) async fn observe(State(teller): State<Teller>, request: Request, next: Next) -> Response {
    let (seen, began) = (Seen::of(&request), Instant::now());
    let response = next.run(request).await;
    teller.tell(seen, response.status(), began.elapsed());
    response
}

fn parent(headers: &HeaderMap) -> Option<Parent> {
    let parent = Parent::read(headers.get("traceparent")?.to_str().ok()?)?;
    Some(Parent { state: state::read(headers.get_all("tracestate").iter().map(HeaderValue::as_bytes)), ..parent })
}

/// The method as a label, of which there must not be as many as callers can think of.
fn method(request: &Request) -> &'static str {
    match request.method().as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        _ => "_OTHER",
    }
}

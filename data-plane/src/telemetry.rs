//! What a collector is told of a request: its spans and measurements, in OpenTelemetry's conventions for generative AI.
//!
//! All of it is made from the request's record, on the thread that writes the spool: a request itself pays for nothing but the header
//! that tells a provider its span. The request's span is the server's side of the call that a client made; each attempt is a client's
//! side of a call of ours.
//!
//! Source of names: OpenTelemetry semantic conventions, `gen_ai` and `http`.

mod measures;

use std::sync::Arc;
use std::time::Duration;

use ferrogw_config::catalog;
use ferrogw_llm::Operation;
use ferrogw_process::Telemetry;
use ferrogw_process::telemetry::{Parent, Span};
use opentelemetry::trace::{SpanKind, Status, TraceState};
use opentelemetry::{Array, KeyValue, StringValue, Value};

use self::measures::Measures;
use crate::record::{Attempt, Record};

/// Tells a collector of finished requests.
#[derive(Debug)]
pub(crate) struct Teller {
    telemetry: Arc<Telemetry>,
    measures: Option<Measures>,
}

impl Teller {
    pub(crate) fn new(telemetry: Arc<Telemetry>) -> Self {
        let measures = telemetry.meter().as_ref().map(Measures::of);
        Self { telemetry, measures }
    }

    /// Tells of a request; `model` is what it may be called in a measurement, of which there must not be too many names.
    pub(crate) fn observe(&self, record: &Record, model: &str) {
        if let Some(measures) = &self.measures {
            measures.take(record, model);
        }
        if self.telemetry.samples(record.trace(), record.parent.as_ref()) {
            record.attempts.iter().enumerate().for_each(|(index, one)| self.telemetry.tell(attempt(record, index, one)));
            self.telemetry.tell(request(record));
        }
    }
}

/// The span that the attempt under way will have, as a provider is told of it.
pub(crate) fn parent_of_attempt(telemetry: &Telemetry, record: &Record) -> Parent {
    let (trace, span) = (record.trace(), record.attempt_span(record.attempts.len().saturating_sub(1)));
    Parent { trace, span, sampled: telemetry.samples(trace, record.parent.as_ref()), state: state(record) }
}

/// What the caller's tracing systems say of the trace.
fn state(record: &Record) -> TraceState {
    record.parent.as_ref().map_or(TraceState::NONE, |parent| parent.state.clone())
}

fn request(record: &Record) -> Span {
    let mut attributes = vec![
        KeyValue::new("http.request.method", "POST"),
        KeyValue::new("http.route", route(record.operation)),
        KeyValue::new("http.response.status_code", i64::from(record.status)),
        KeyValue::new("gen_ai.operation.name", operation(record.operation)),
        KeyValue::new("gen_ai.request.model", record.requested_model.clone()),
        KeyValue::new("gen_ai.request.stream", record.stream),
        KeyValue::new("ferrogw.request.id", record.id.to_string()),
        KeyValue::new("ferrogw.generation", i64::try_from(record.generation).unwrap_or(i64::MAX)),
        KeyValue::new("ferrogw.target", record.target.to_string()),
    ];
    attributes.extend(record.key_id.map(|key| KeyValue::new("ferrogw.key.id", key.to_string())));
    attributes.extend(record.cost.map(|cost| KeyValue::new("ferrogw.cost_usd", dollars(cost.0))));
    attributes.extend(record.error.as_ref().map(|error| KeyValue::new("error.type", error.class)));
    // What the client did wrong is no error of the server's span, says the convention.
    let ours = record.status >= 500 || (record.status < 400 && record.error.is_some());
    let status = record.error.as_ref().filter(|_| ours).map_or(Status::Unset, |error| Status::error(error.message.clone()));
    Span {
        trace: record.trace(),
        id: record.span(),
        parent: record.parent.as_ref().map(|parent| parent.span),
        parent_is_remote: true,
        state: state(record),
        kind: SpanKind::Server,
        name: span_name(record.operation).into(),
        start: record.started,
        duration: record.duration,
        attributes,
        status,
    }
}

fn attempt(record: &Record, index: usize, attempt: &Attempt) -> Span {
    let name = operation(record.operation);
    let mut attributes = vec![
        KeyValue::new("gen_ai.operation.name", name),
        KeyValue::new("gen_ai.provider.name", provider(attempt.provider)),
        KeyValue::new("gen_ai.request.model", attempt.model.to_string()),
        KeyValue::new("gen_ai.request.stream", record.stream),
        KeyValue::new("ferrogw.target", attempt.target.to_string()),
    ];
    if attempt.status != 0 {
        attributes.push(KeyValue::new("http.response.status_code", i64::from(attempt.status)));
    }
    let status = if attempt.went_well() {
        attributes.extend(answered(record));
        Status::Unset
    } else {
        attributes.push(KeyValue::new("error.type", attempt.outcome));
        Status::error(attempt.message.clone())
    };
    Span {
        trace: record.trace(),
        id: record.attempt_span(index),
        parent: Some(record.span()),
        parent_is_remote: false,
        state: state(record),
        kind: SpanKind::Client,
        name: format!("{name} {}", attempt.model).into(),
        start: record.started + attempt.started,
        duration: took(record, attempt),
        attributes,
        status,
    }
}

/// An attempt that went well lasts as long as its answer does: a stream's, to the request's end.
fn took(record: &Record, attempt: &Attempt) -> Duration {
    let to_the_end = record.duration.saturating_sub(attempt.started);
    if attempt.went_well() && record.stream { to_the_end } else { attempt.duration }
}

/// What was observed of the answer.
fn answered(record: &Record) -> Vec<KeyValue> {
    let count = |tokens: u64| i64::try_from(tokens).unwrap_or(i64::MAX);
    let mut attributes = Vec::new();
    if let Some(usage) = &record.usage {
        attributes.extend([
            KeyValue::new("gen_ai.usage.input_tokens", count(usage.prompt())),
            KeyValue::new("gen_ai.usage.output_tokens", count(usage.output)),
            KeyValue::new("gen_ai.usage.cache_read.input_tokens", count(usage.cache_read)),
            KeyValue::new("gen_ai.usage.reasoning.output_tokens", count(usage.reasoning)),
        ]);
    }
    if let Some(reason) = &record.finish_reason {
        let reasons = Value::Array(Array::String(vec![StringValue::from(reason.clone())]));
        attributes.push(KeyValue::new("gen_ai.response.finish_reasons", reasons));
    }
    let first = first_chunk(record).map(|first| KeyValue::new("gen_ai.response.time_to_first_chunk", first.as_secs_f64()));
    attributes.extend(first);
    attributes
}

/// How long the provider that answered took to its first content: those that were tried before it have no part in that.
fn first_chunk(record: &Record) -> Option<Duration> {
    let called = record.attempts.last().map_or(Duration::ZERO, |attempt| attempt.started);
    record.first_content.map(|first| first.saturating_sub(called))
}

fn operation(operation: Operation) -> &'static str {
    match operation {
        Operation::Chat => "chat",
        Operation::Completions => "text_completion",
        Operation::Embeddings => "embeddings",
    }
}

fn route(operation: Operation) -> &'static str {
    // The method is part of the span's name and not of the route.
    span_name(operation).trim_start_matches("POST ")
}

fn span_name(operation: Operation) -> &'static str {
    match operation {
        Operation::Chat => "POST /v1/chat/completions",
        Operation::Completions => "POST /v1/completions",
        Operation::Embeddings => "POST /v1/embeddings",
    }
}

/// What the conventions call a provider.
fn provider(id: &'static str) -> &'static str {
    catalog::provider(id).map_or(id, |provider| provider.semconv_name)
}

fn dollars(nanos: i64) -> f64 {
    nanos as f64 / 1e9
}

#[cfg(test)]
mod tests;

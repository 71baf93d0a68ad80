//! Measurements of requests, in OpenTelemetry's instruments.

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Histogram, Meter};

use super::{dollars, operation, provider, route};
use crate::record::{Attempt, Record};

/// Seconds, as the conventions for generative AI advise.
const SECONDS: [f64; 14] = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

/// Tokens, as the conventions for generative AI advise.
const TOKENS: [f64; 14] = [
    1.0,
    4.0,
    16.0,
    64.0,
    256.0,
    1_024.0,
    4_096.0,
    16_384.0,
    65_536.0,
    262_144.0,
    1_048_576.0,
    4_194_304.0,
    16_777_216.0,
    67_108_864.0,
];

/// The instruments.
#[derive(Debug)]
pub(super) struct Measures {
    served: Histogram<f64>,
    called: Histogram<f64>,
    first: Histogram<f64>,
    tokens: Histogram<u64>,
    cost: Counter<f64>,
}

impl Measures {
    pub(super) fn of(meter: &Meter) -> Self {
        let seconds = |name: &'static str, description: &'static str| {
            meter.f64_histogram(name).with_unit("s").with_description(description).with_boundaries(SECONDS.to_vec()).build()
        };
        Self {
            served: seconds("http.server.request.duration", "From a request's arrival to its answer's last byte"),
            called: seconds("gen_ai.client.operation.duration", "How long a provider took, one attempt each"),
            first: seconds("gen_ai.client.operation.time_to_first_chunk", "From a request's arrival to its first content"),
            tokens: meter
                .u64_histogram("gen_ai.client.token.usage")
                .with_unit("{token}")
                .with_description("Tokens of a request, by type")
                .with_boundaries(TOKENS.to_vec())
                .build(),
            cost: meter
                .f64_counter("ferrogw.cost")
                .with_unit("{USD}")
                .with_description("Cost of requests whose price is known")
                .build(),
        }
    }

    /// Measures a finished request.
    pub(super) fn take(&self, record: &Record, model: &str) {
        let mut served = vec![
            KeyValue::new("http.request.method", "POST"),
            KeyValue::new("http.route", route(record.operation)),
            KeyValue::new("http.response.status_code", i64::from(record.status)),
        ];
        served.extend(record.error.as_ref().map(|error| KeyValue::new("error.type", error.class)));
        self.served.record(record.duration.as_secs_f64(), &served);
        for attempt in &record.attempts {
            let mut called = of_call(record, attempt.provider, model);
            if !attempt.went_well() {
                called.push(KeyValue::new("error.type", attempt.outcome));
            }
            self.called.record(super::took(record, attempt).as_secs_f64(), &called);
        }
        if record.attempts.last().is_some_and(Attempt::went_well) {
            self.answered(record, of_call(record, record.provider, model));
        }
    }

    fn answered(&self, record: &Record, call: Vec<KeyValue>) {
        if let Some(first) = super::first_chunk(record) {
            self.first.record(first.as_secs_f64(), &call);
        }
        if let Some(cost) = record.cost {
            self.cost.add(dollars(cost.0), &call);
        }
        let Some(usage) = &record.usage else { return };
        for (kind, count) in [("input", usage.prompt()), ("output", usage.output)] {
            let labels: Vec<_> = call.iter().cloned().chain([KeyValue::new("gen_ai.token.type", kind)]).collect();
            self.tokens.record(count, &labels);
        }
    }
}

fn of_call(record: &Record, provider_id: &'static str, model: &str) -> Vec<KeyValue> {
    vec![
        KeyValue::new("gen_ai.operation.name", operation(record.operation)),
        KeyValue::new("gen_ai.provider.name", provider(provider_id)),
        KeyValue::new("gen_ai.request.model", model.to_owned()),
    ]
}

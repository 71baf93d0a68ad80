//! What is counted per provider and model, from records.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::record::Record;

/// Seconds; models answer in milliseconds or in minutes.
const BUCKETS: [f64; 15] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ModelLabels {
    provider: &'static str,
    model: Arc<str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StatusLabels {
    provider: &'static str,
    model: Arc<str>,
    status: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ErrorLabels {
    provider: &'static str,
    error_type: &'static str,
}

type PerModel<M> = Family<ModelLabels, M>;
type Seconds = Family<ModelLabels, Histogram, fn() -> Histogram>;
type Dollars = Counter<f64, AtomicU64>;

/// The metric families, and the series that have been used.
pub(super) struct Families {
    requests: Family<StatusLabels, Counter>,
    duration: Seconds,
    first_content: Seconds,
    input: PerModel<Counter>,
    output: PerModel<Counter>,
    cache_read: PerModel<Counter>,
    cost: PerModel<Dollars>,
    unpriced: PerModel<Counter>,
    repairs: PerModel<Counter>,
    errors: Family<ErrorLabels, Counter>,
    used: HashMap<&'static str, HashMap<Arc<str>, Series>>,
}

/// The series of one provider and model, looked up once per record.
struct Series {
    labels: ModelLabels,
    requests: [Counter; 4],
    duration: Histogram,
    first_content: Option<Histogram>,
    input: Counter,
    output: Counter,
    cache_read: Counter,
    cost: Dollars,
    unpriced: Counter,
    repairs: Counter,
}

/// How a request ended, as the label `status` knows it.
const STATUSES: [&str; 4] = ["success", "error", "rejected", "client_gone"];

impl Families {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(BUCKETS);
        let families = Self {
            requests: Family::default(),
            duration: Family::new_with_constructor(histogram),
            first_content: Family::new_with_constructor(histogram),
            input: Family::default(),
            output: Family::default(),
            cache_read: Family::default(),
            cost: Family::default(),
            unpriced: Family::default(),
            repairs: Family::default(),
            errors: Family::default(),
            used: HashMap::new(),
        };
        families.name(registry);
        families
    }

    fn name(&self, registry: &mut Registry) {
        registry.register("gateway_requests", "Finished requests by how they ended", self.requests.clone());
        registry.register("gateway_request_duration_seconds", "From arrival to the last byte", self.duration.clone());
        registry.register(
            "gateway_time_to_first_content_seconds",
            "From arrival to the first content of a stream",
            self.first_content.clone(),
        );
        registry.register("gateway_tokens_input", "Prompt tokens, cached ones included", self.input.clone());
        registry.register("gateway_tokens_output", "Answer tokens, reasoning included", self.output.clone());
        registry.register("gateway_tokens_cache_read", "Prompt tokens read from a provider's cache", self.cache_read.clone());
        registry.register("gateway_request_cost_usd", "Cost of requests whose price is known", self.cost.clone());
        registry.register("gateway_requests_unpriced", "Requests with tokens whose cost is unknown", self.unpriced.clone());
        registry.register("gateway_stream_repairs", "Frames that were supplied or mended", self.repairs.clone());
        registry.register(
            "gateway_provider_errors",
            "Failed attempts by class, those that another attempt made good included",
            self.errors.clone(),
        );
    }

    /// Counts `record` under `model` if that name has been counted before.
    pub(super) fn count_known(&mut self, provider: &'static str, model: &str, record: &Record) -> bool {
        let known = self.used.get_mut(provider).and_then(|models| models.get_mut(model));
        known.map(|series| series.count(record, &self.first_content)).is_some()
    }

    /// Counts `record` under `model`, which thereby becomes a label.
    pub(super) fn count(&mut self, provider: &'static str, model: &str, record: &Record) {
        if !self.count_known(provider, model, record) {
            let series = self.series(provider, model.into());
            self.used.entry(provider).or_default().insert(series.labels.model.clone(), series);
            self.count_known(provider, model, record);
        }
    }

    /// Counts failed attempts, which may be more, and less, than the request's own failure.
    pub(super) fn count_attempts(&self, record: &Record) {
        for attempt in record.attempts.iter().filter(|attempt| attempt.outcome != "ok") {
            let labels = ErrorLabels { provider: attempt.provider, error_type: attempt.outcome };
            self.errors.get_or_create(&labels).inc();
        }
    }

    fn series(&self, provider: &'static str, model: Arc<str>) -> Series {
        let labels = ModelLabels { provider, model };
        let requests = STATUSES.map(|status| {
            let ModelLabels { provider, model } = labels.clone();
            self.requests.get_or_create_owned(&StatusLabels { provider, model, status })
        });
        Series {
            requests,
            duration: self.duration.get_or_create_owned(&labels),
            first_content: None,
            input: self.input.get_or_create_owned(&labels),
            output: self.output.get_or_create_owned(&labels),
            cache_read: self.cache_read.get_or_create_owned(&labels),
            cost: self.cost.get_or_create_owned(&labels),
            unpriced: self.unpriced.get_or_create_owned(&labels),
            repairs: self.repairs.get_or_create_owned(&labels),
            labels,
        }
    }
}

impl Series {
    fn count(&mut self, record: &Record, first_content: &Seconds) {
        self.requests[ending(record)].inc();
        self.duration.observe(record.duration.as_secs_f64());
        if let Some(after) = record.first_content {
            let histogram = self.first_content.get_or_insert_with(|| first_content.get_or_create_owned(&self.labels));
            histogram.observe(after.as_secs_f64());
        }
        if let Some(usage) = &record.usage {
            self.input.inc_by(usage.prompt());
            self.output.inc_by(usage.output);
            self.cache_read.inc_by(usage.cache_read);
        }
        match record.cost {
            Some(cost) => drop(self.cost.inc_by(dollars(cost))),
            None if record.usage.is_some() => drop(self.unpriced.inc()),
            None => {}
        }
        self.repairs.inc_by(record.repairs.into());
    }
}

/// The index in [`STATUSES`].
fn ending(record: &Record) -> usize {
    match &record.error {
        _ if record.client_gone => 3,
        None => 0,
        Some(_) if record.attempts.is_empty() => 2,
        Some(_) => 1,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a sum in floating point is all that the format knows; the exact one is in the log"
)]
fn dollars(cost: ferrogw_llm::NanoDollars) -> f64 {
    cost.0.max(0) as f64 / 1e9
}

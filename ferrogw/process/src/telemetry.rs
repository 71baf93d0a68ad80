//! OpenTelemetry: finished spans and metrics to a collector over OTLP, off unless a collector is named.
//!
//! Everything is told by OpenTelemetry's own variables: `OTEL_EXPORTER_OTLP_ENDPOINT` (or `…_TRACES_ENDPOINT`, `…_METRICS_ENDPOINT`)
//! turns it on, `OTEL_EXPORTER_OTLP_PROTOCOL` chooses `http/protobuf` or `grpc`, `OTEL_TRACES_SAMPLER`, `OTEL_SERVICE_NAME`,
//! `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_BSP_*` and the others mean what the specification says.
//!
//! Spans are handed over whole, when what they tell of has ended: whoever serves a request pays nothing for them, and a collector
//! that is away costs no more than a bounded queue, which the library drops from and counts.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use opentelemetry::InstrumentationScope;
use opentelemetry::metrics::{Meter, MeterProvider as _};
use opentelemetry::trace::{SpanContext, SpanId, SpanKind, TraceContextExt as _, TraceFlags, TraceId, TraceState};
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::{ExporterBuildError, MetricExporter, SpanExporter};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::{
    BatchSpanProcessor, Config, SamplingDecision, ShouldSample, SpanData, SpanEvents, SpanLinks, SpanProcessor as _,
};

pub use self::span::{Parent, Span};

mod span;
pub mod state;

/// How long the last spans and metrics may take on their way out.
const LAST: Duration = Duration::from_secs(2);

/// Telemetry was asked for and cannot be set up.
#[derive(Debug, thiserror::Error)]
#[error("cannot set up OpenTelemetry; look at the OTEL_EXPORTER_OTLP_* variables, or unset them to do without")]
pub struct InvalidTelemetry(#[from] ExporterBuildError);

/// The way to a collector.
pub struct Telemetry {
    spans: Option<BatchSpanProcessor>,
    meters: Option<SdkMeterProvider>,
    sampler: Box<dyn ShouldSample>,
    scope: InstrumentationScope,
}

impl Telemetry {
    /// What the environment asks for; `None`: nothing. `service` is who we are unless `OTEL_SERVICE_NAME` says otherwise. To be
    /// called within a tokio runtime that outlives it.
    ///
    /// # Errors
    ///
    /// [`InvalidTelemetry`].
    pub fn of_environment(service: &'static str) -> Result<Option<Self>, InvalidTelemetry> {
        let wanted = Wanted::of(|name| std::env::var(name).ok());
        if !wanted.traces && !wanted.metrics {
            return Ok(None);
        }
        // The exporters speak TLS with whichever library the process has chosen; a second choice is refused, which is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let resource = resource(service);
        let spans = wanted.traces.then(|| spans(&resource)).transpose()?;
        let meters = wanted.metrics.then(|| meters(resource)).transpose()?;
        let scope = InstrumentationScope::builder("ferrogw").with_version(env!("CARGO_PKG_VERSION")).build();
        tracing::info!(traces = wanted.traces, metrics = wanted.metrics, "telemetry goes to a collector");
        Ok(Some(Self { spans, meters, sampler: Config::default().sampler, scope }))
    }

    /// Whether a trace is recorded: as its caller decided, or as the sampler decides.
    #[must_use]
    pub fn samples(&self, trace: u128, parent: Option<&Parent>) -> bool {
        if self.spans.is_none() {
            return false;
        }
        let trace = TraceId::from(trace);
        let context = parent.map_or_else(Context::new, |parent| {
            let flags = TraceFlags::default().with_sampled(parent.sampled);
            // No sampler that the variables can name looks at the state.
            let caller = SpanContext::new(trace, SpanId::from(parent.span), flags, true, TraceState::NONE);
            Context::new().with_remote_span_context(caller)
        });
        let result = self.sampler.should_sample(Some(&context), trace, "", &SpanKind::Server, &[], &[]);
        result.decision == SamplingDecision::RecordAndSample
    }

    /// Hands a finished span over.
    pub fn tell(&self, span: Span) {
        let Some(spans) = &self.spans else { return };
        let flags = TraceFlags::default().with_sampled(true);
        spans.on_end(SpanData {
            span_context: SpanContext::new(span.trace.into(), span.id.into(), flags, false, span.state),
            parent_span_id: span.parent.map_or(SpanId::INVALID, SpanId::from),
            parent_span_is_remote: span.parent_is_remote,
            span_kind: span.kind,
            name: span.name,
            start_time: span.start,
            end_time: span.start + span.duration,
            attributes: span.attributes,
            dropped_attributes_count: 0,
            events: SpanEvents::default(),
            links: SpanLinks::default(),
            status: span.status,
            instrumentation_scope: self.scope.clone(),
        });
    }

    /// Where metrics are made; `None`: they do not go to a collector.
    #[must_use]
    pub fn meter(&self) -> Option<Meter> {
        self.meters.as_ref().map(|meters| meters.meter_with_scope(self.scope.clone()))
    }

    /// Sends what is left, for a bounded time: the last thing that a process does.
    pub async fn end(self: Arc<Self>) {
        // The library's own threads wait for the runtime that this would otherwise stand on.
        let ending = tokio::task::spawn_blocking(move || {
            let spans = self.spans.as_ref().map(|spans| spans.shutdown_with_timeout(LAST));
            let meters = self.meters.as_ref().map(|meters| meters.shutdown_with_timeout(LAST));
            [spans, meters].into_iter().flatten().find_map(Result::err)
        });
        if let Ok(Some(error)) = ending.await {
            tracing::warn!(%error, "the last telemetry did not reach the collector");
        }
    }
}

impl fmt::Debug for Telemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Telemetry")
    }
}

/// Which signals the environment asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Wanted {
    traces: bool,
    metrics: bool,
}

impl Wanted {
    fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let disabled = set("OTEL_SDK_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let wants = |signal: &str| {
            let endpoint = set(&format!("OTEL_EXPORTER_OTLP_{signal}_ENDPOINT")).or_else(|| set("OTEL_EXPORTER_OTLP_ENDPOINT"));
            let exporter = set(&format!("OTEL_{signal}_EXPORTER"));
            !disabled && endpoint.is_some() && exporter.is_none_or(|exporter| exporter != "none")
        };
        Self { traces: wants("TRACES"), metrics: wants("METRICS") }
    }
}

fn resource(service: &'static str) -> Resource {
    let named = std::env::var("OTEL_SERVICE_NAME").ok().filter(|name| !name.trim().is_empty());
    Resource::builder()
        .with_attributes([
            KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            KeyValue::new("service.instance.id", uuid::Uuid::now_v7().to_string()),
        ])
        .with_service_name(named.unwrap_or_else(|| service.to_owned()))
        .build()
}

fn spans(resource: &Resource) -> Result<BatchSpanProcessor, InvalidTelemetry> {
    let mut spans = BatchSpanProcessor::builder(SpanExporter::builder().build()?).build();
    spans.set_resource(resource);
    Ok(spans)
}

fn meters(resource: Resource) -> Result<SdkMeterProvider, InvalidTelemetry> {
    let exporter = MetricExporter::builder().build()?;
    Ok(SdkMeterProvider::builder().with_resource(resource).with_periodic_exporter(exporter).build())
}

#[cfg(test)]
mod tests;

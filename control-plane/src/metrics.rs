//! Every metric of the control plane.
//!
//! What happens is counted where it happens; what can be read is read at the scrape. Labels are the words of this file and come from
//! no request, so there are never more series than words here. No key, name, address or path is ever a label.

use std::sync::Arc;
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

mod readings;
#[cfg(test)]
mod tests;

pub(crate) use readings::Readings;

/// The content type of what [`Metrics::render`] gives.
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// From a request's end to its row; a worker that was cut off brings hours-old ones.
const LAGS: [f64; 10] = [0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0, 300.0, 3_600.0, 86_400.0];

/// How an attempt to sign in ended.
#[derive(Debug, Clone, Copy)]
pub(crate) enum SignIn {
    /// A session was opened.
    Ok,
    /// The credential was not good, or not enough.
    Denied,
    /// The address had tried too often.
    Throttled,
    /// It could not be judged.
    Failed,
}

/// What became of a row that a worker delivered.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Row {
    /// It is in the request log. What a worker has to send twice counts twice.
    Stored,
    /// No request log is kept.
    Discarded,
    /// It was no row that this build understands.
    Unreadable,
}

/// Who met a store that did not answer.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reader {
    /// The admin API.
    Admin,
    /// What is pushed to workers.
    Publisher,
    /// What workers deliver.
    Ingest,
    /// How the workers are.
    Roster,
}

type Words = Family<[(&'static str, &'static str); 1], Counter>;

/// All metrics. Cloning shares them.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    sign_ins: Words,
    rows: Words,
    store_errors: Words,
    ingest_lag: Histogram,
    levels: readings::Levels,
}

impl Default for Metrics {
    /// Metrics that start at zero.
    fn default() -> Self {
        let mut registry = Registry::default();
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("controlplane_build", "Which build runs here", build);
        let (sign_ins, rows, store_errors) = (Words::default(), Words::default(), Words::default());
        registry.register("controlplane_login_attempts", "Attempts to sign in", sign_ins.clone());
        registry.register("controlplane_log_ingest_rows", "Rows that workers delivered", rows.clone());
        registry.register("controlplane_store_errors", "Times that the store did not answer", store_errors.clone());
        let ingest_lag = Histogram::new(LAGS);
        let help = "From a request's end to its row in the log";
        registry.register_with_unit("controlplane_log_ingest_lag", help, Unit::Seconds, ingest_lag.clone());
        let levels = readings::Levels::register(&mut registry);
        Self { registry: Arc::new(registry), sign_ins, rows, store_errors, ingest_lag, levels }
    }
}

impl Metrics {
    /// Somebody tried to sign in.
    pub(crate) fn sign_in(&self, result: SignIn) {
        let word = match result {
            SignIn::Ok => "ok",
            SignIn::Denied => "denied",
            SignIn::Throttled => "throttled",
            SignIn::Failed => "failed",
        };
        self.sign_ins.get_or_create(&[("result", word)]).inc();
    }

    /// A worker delivered so many rows.
    pub(crate) fn rows(&self, result: Row, count: u64) {
        let word = match result {
            Row::Stored => "stored",
            Row::Discarded => "discarded",
            Row::Unreadable => "unreadable",
        };
        self.rows.get_or_create(&[("result", word)]).inc_by(count);
    }

    /// A row was stored so long after its request's end.
    pub(crate) fn lag(&self, lag: Duration) {
        self.ingest_lag.observe(lag.as_secs_f64());
    }

    /// The store did not answer.
    pub(crate) fn store_error(&self, by: Reader) {
        let word = match by {
            Reader::Admin => "admin",
            Reader::Publisher => "publisher",
            Reader::Ingest => "ingest",
            Reader::Roster => "roster",
        };
        self.store_errors.get_or_create(&[("by", word)]).inc();
    }

    /// All metrics, in the text format of `OpenMetrics`.
    pub(crate) fn render(&self, now: &Readings) -> String {
        self.levels.set(now);
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = prometheus_client::encoding::text::encode(&mut text, &self.registry);
        text
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics")
    }
}

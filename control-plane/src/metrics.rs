//! Every metric of the control plane.
//!
//! What happens is counted where it happens; what can be read is read at the scrape. Labels are the words of this file and come from
//! no request, so there are never more series than words here, and all of them are there from the start: Prometheus does not see the
//! first step of a counter that it has never seen at 0. No key, name, address or path is ever a label.

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

impl SignIn {
    const ALL: [Self; 4] = [Self::Ok, Self::Denied, Self::Throttled, Self::Failed];

    fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Denied => "denied",
            Self::Throttled => "throttled",
            Self::Failed => "failed",
        }
    }
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

impl Row {
    const ALL: [Self; 3] = [Self::Stored, Self::Discarded, Self::Unreadable];

    fn word(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Discarded => "discarded",
            Self::Unreadable => "unreadable",
        }
    }
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

impl Reader {
    const ALL: [Self; 4] = [Self::Admin, Self::Publisher, Self::Ingest, Self::Roster];

    fn word(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Publisher => "publisher",
            Self::Ingest => "ingest",
            Self::Roster => "roster",
        }
    }
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
        let sign_ins = counters("result", SignIn::ALL.map(SignIn::word));
        let rows = counters("result", Row::ALL.map(Row::word));
        let store_errors = counters("by", Reader::ALL.map(Reader::word));
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

/// A counter for each word, at zero.
fn counters<const N: usize>(label: &'static str, words: [&'static str; N]) -> Words {
    let counters = Words::default();
    for word in words {
        drop(counters.get_or_create(&[(label, word)]));
    }
    counters
}

impl Metrics {
    /// Somebody tried to sign in.
    pub(crate) fn sign_in(&self, result: SignIn) {
        self.sign_ins.get_or_create(&[("result", result.word())]).inc();
    }

    /// A worker delivered so many rows.
    pub(crate) fn rows(&self, result: Row, count: u64) {
        self.rows.get_or_create(&[("result", result.word())]).inc_by(count);
    }

    /// A row was stored so long after its request's end.
    pub(crate) fn lag(&self, lag: Duration) {
        self.ingest_lag.observe(lag.as_secs_f64());
    }

    /// The store did not answer.
    pub(crate) fn store_error(&self, by: Reader) {
        self.store_errors.get_or_create(&[("by", by.word())]).inc();
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

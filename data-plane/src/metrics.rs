//! Every metric of the plane.
//!
//! What a request costs in metrics is paid on the usage thread, from its record; what can be read elsewhere is read at the scrape.
//! Labels come from a bounded world: providers of the catalog, targets and models that an operator or the catalog named. Whatever a
//! caller may make up is `unknown`. No key, token, address or body is ever a label.

mod readings;
mod series;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;
use ferrogw_config::catalog;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

pub use readings::{Readings, TargetReading};

use crate::record::Record;
use readings::Gauges;
use series::Families;

/// The content type of what [`Metrics::render`] gives.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The label of a model that nobody named but the caller.
const UNKNOWN: &str = "unknown";

/// The label of a request that reached no provider.
const NONE: &str = "none";

/// All metrics of a worker.
pub struct Metrics {
    registry: Registry,
    families: Mutex<Families>,
    gauges: Gauges,
    /// Models that the configuration names and the catalog may not know.
    configured: ArcSwap<HashSet<Box<str>>>,
}

impl Metrics {
    /// Metrics that start at zero.
    #[must_use]
    pub fn new() -> Self {
        let mut registry = Registry::default();
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("ferrogw_build", "Which build runs here", build);
        let families = Mutex::new(Families::register(&mut registry));
        let gauges = Gauges::register(&mut registry);
        Self { registry, families, gauges, configured: ArcSwap::default() }
    }

    /// Learns which models the configuration names, so that they may be labels.
    pub fn know<'a>(&self, models: impl Iterator<Item = &'a str>) {
        let unknown_to_catalog = models.filter(|model| !catalog::knows_model(model));
        self.configured.store(Arc::new(unknown_to_catalog.map(Into::into).collect()));
    }

    /// Counts a finished request. Called on the usage thread, never on a core.
    pub fn observe(&self, record: &Record) {
        let provider = if record.provider.is_empty() { NONE } else { record.provider };
        let mut families = self.families();
        // A name that has a series was found worthy of it before.
        if !families.count_known(provider, &record.model, record) {
            families.count(provider, self.label(record), record);
        }
        families.count_attempts(record);
    }

    /// All metrics, in the text format of `OpenMetrics`.
    #[must_use]
    pub fn render(&self, readings: &Readings) -> String {
        self.gauges.set(readings);
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = prometheus_client::encoding::text::encode(&mut text, &self.registry);
        text
    }

    /// The model as a label: as it went to the provider, or as it was asked for where none was reached.
    pub(crate) fn label<'a>(&self, record: &'a Record) -> &'a str {
        let configured = self.configured.load();
        [&*record.model, &record.requested_model]
            .into_iter()
            .find(|name| !name.is_empty() && (catalog::knows_model(name) || configured.contains(*name)))
            .unwrap_or(UNKNOWN)
    }

    /// A panic while a record was counted leaves counters that are off by one, not broken.
    fn families(&self) -> MutexGuard<'_, Families> {
        self.families.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics")
    }
}

#[cfg(test)]
mod tests;

//! How a worker is, in its own words.

use std::sync::Arc;
use std::time::SystemTime;

use ferrogw_proto::sync;

use crate::usage::Gauge;

/// How a worker is, apart from its spool.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Its targets, in configuration order.
    pub targets: Vec<TargetReport>,
    /// Requests being served.
    pub requests_in_flight: u64,
    /// Whether it answers demo.
    pub demo: bool,
    /// Providers whose credentials it sees.
    pub providers_found: Vec<String>,
}

/// How one target is.
#[derive(Debug, Clone, Default)]
pub struct TargetReport {
    /// Its name.
    pub name: Arc<str>,
    /// Its provider.
    pub provider: String,
    /// Whether its credential is here, or it needs none.
    pub credential_found: bool,
    /// Models that it serves.
    pub models: Vec<String>,
    /// Whether it serves other models too.
    pub any_model: bool,
    /// Attempts under way.
    pub in_flight: u64,
    /// Attempts since start.
    pub requests: u64,
    /// Failed ones among them.
    pub failures: u64,
    /// Failed ones in a row since one last succeeded.
    pub failures_in_row: u64,
    /// Exponentially weighted latency of successful attempts; `None`: none yet.
    pub latency_ms: Option<f64>,
    /// Whether the provider refused the credential or the model.
    pub misconfigured: bool,
    /// The last failure: when, and what in our words.
    pub last_error: Option<(SystemTime, String)>,
}

impl Report {
    pub(super) fn into_proto(self, started: SystemTime, spool: &Gauge) -> sync::Report {
        sync::Report {
            targets: self.targets.into_iter().map(TargetReport::into_proto).collect(),
            spool_records: spool.records(),
            spool_bytes: spool.bytes(),
            spool_full: spool.is_alarmed(),
            requests_in_flight: self.requests_in_flight,
            demo: self.demo,
            records_folded: spool.folded(),
            providers_found: self.providers_found,
            started_unix_ms: unix_ms(started),
        }
    }
}

impl TargetReport {
    fn into_proto(self) -> sync::Target {
        let (last_error_at, last_error) = self.last_error.map_or((None, String::new()), |(at, what)| (Some(at), what));
        sync::Target {
            name: self.name.to_string(),
            provider: self.provider,
            credential_found: self.credential_found,
            models: self.models,
            in_flight: self.in_flight,
            requests: self.requests,
            failures: self.failures,
            latency_ms: self.latency_ms.unwrap_or_default(),
            misconfigured: self.misconfigured,
            last_error,
            last_error_unix_ms: last_error_at.map_or(0, unix_ms),
            any_model: self.any_model,
            failures_in_row: self.failures_in_row,
        }
    }
}

fn unix_ms(at: SystemTime) -> i64 {
    let since_epoch = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
}

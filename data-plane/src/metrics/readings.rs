//! What is read at the scrape.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// How a worker is at this moment.
#[derive(Debug, Clone, Default)]
pub struct Readings {
    /// Requests being served.
    pub requests_in_flight: u64,
    /// Connections with a request in flight.
    pub connections_active: u64,
    /// Connections without.
    pub connections_idle: u64,
    /// Connections turned away since start, because every core had its fill.
    pub connections_refused: u64,
    /// Connections closed since start, because their client took too long.
    pub connections_overdue: u64,
    /// The generation in force.
    pub generation: u64,
    /// How far the key table has come.
    pub key_revision: u64,
    /// Keys in the table.
    pub keys: u64,
    /// Whether the control plane is there.
    pub control_plane_connected: bool,
    /// Records that wait for their receipt.
    pub spool_records: u64,
    /// Bytes that they take.
    pub spool_bytes: u64,
    /// Whether the spool has no room, or its disk takes nothing.
    pub spool_alarmed: bool,
    /// Records whose detail went into sums since start.
    pub records_folded: u64,
    /// Every target of the configuration.
    pub targets: Vec<TargetReading>,
}

/// How a target is at this moment.
#[derive(Debug, Clone)]
pub struct TargetReading {
    /// Its name.
    pub name: Arc<str>,
    /// Its provider.
    pub provider: &'static str,
    /// Whether requests can be sent to it and its provider has no objection to its credential.
    pub up: bool,
    /// Attempts under way.
    pub in_flight: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct TargetLabels {
    target: Arc<str>,
    provider: &'static str,
}

type Level = Gauge<u64, AtomicU64>;
type Connections = Family<[(&'static str, &'static str); 1], Level>;

/// The metrics that hold readings.
#[derive(Default)]
pub(super) struct Gauges {
    requests_in_flight: Level,
    connections: Connections,
    refused: Counter,
    overdue: Counter,
    generation: Level,
    key_revision: Level,
    keys: Level,
    connected: Level,
    spool_records: Level,
    spool_bytes: Level,
    spool_alarmed: Level,
    folded: Counter,
    target_up: Family<TargetLabels, Level>,
    target_in_flight: Family<TargetLabels, Level>,
}

impl Gauges {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let gauges = Self::default();
        let mut levels = |name: &str, help: &str, level: &Level| registry.register(name, help, level.clone());
        levels("gateway_requests_in_flight", "Requests being served", &gauges.requests_in_flight);
        levels("ferrogw_generation", "The configuration's generation in force", &gauges.generation);
        levels("ferrogw_key_revision", "How far the key table has come", &gauges.key_revision);
        levels("ferrogw_keys", "Keys in the table", &gauges.keys);
        levels("ferrogw_control_plane_connected", "Whether the control plane is there", &gauges.connected);
        levels("ferrogw_spool_records", "Records that wait for their receipt", &gauges.spool_records);
        levels("ferrogw_spool_bytes", "Bytes that waiting records take on disk", &gauges.spool_bytes);
        levels("ferrogw_spool_alarmed", "Whether the spool is full or its disk takes nothing", &gauges.spool_alarmed);
        let mut counters = |name: &str, help: &str, counter: &Counter| registry.register(name, help, counter.clone());
        counters(
            "gateway_server_connections_refused",
            "Connections turned away because every core had its fill",
            &gauges.refused,
        );
        counters("gateway_server_connections_overdue", "Connections closed because their client took too long", &gauges.overdue);
        counters("ferrogw_records_folded", "Records whose detail went into sums", &gauges.folded);
        registry.register("gateway_server_connections_current", "Open connections", gauges.connections.clone());
        registry.register("gateway_target_up", "Whether requests can go to a target", gauges.target_up.clone());
        registry.register("gateway_target_in_flight", "Attempts under way", gauges.target_in_flight.clone());
        gauges
    }

    pub(super) fn set(&self, now: &Readings) {
        self.requests_in_flight.set(now.requests_in_flight);
        self.connections.get_or_create(&[("state", "active")]).set(now.connections_active);
        self.connections.get_or_create(&[("state", "idle")]).set(now.connections_idle);
        self.generation.set(now.generation);
        self.key_revision.set(now.key_revision);
        self.keys.set(now.keys);
        self.connected.set(now.control_plane_connected.into());
        self.spool_records.set(now.spool_records);
        self.spool_bytes.set(now.spool_bytes);
        self.spool_alarmed.set(now.spool_alarmed.into());
        reach(&self.refused, now.connections_refused);
        reach(&self.overdue, now.connections_overdue);
        reach(&self.folded, now.records_folded);
        self.set_targets(&now.targets);
    }

    /// Targets that the configuration no longer has disappear.
    fn set_targets(&self, targets: &[TargetReading]) {
        self.target_up.clear();
        self.target_in_flight.clear();
        for TargetReading { name, provider, up, in_flight } in targets {
            let labels = TargetLabels { target: name.clone(), provider };
            self.target_up.get_or_create(&labels).set((*up).into());
            self.target_in_flight.get_or_create(&labels).set(*in_flight);
        }
    }
}

/// Brings a counter to what was counted elsewhere.
fn reach(counter: &Counter, total: u64) {
    counter.inc_by(total.saturating_sub(counter.get()));
}

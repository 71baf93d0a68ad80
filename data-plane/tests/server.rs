//! A whole worker behind its port: what holds for every answer, probes, metrics, and the demo, with a scripted control plane.

#[path = "server/worker.rs"]
mod worker;

#[path = "server/demo.rs"]
mod demo;
#[path = "server/edge.rs"]
mod edge;
#[path = "server/metrics.rs"]
mod metrics;
#[path = "server/probes.rs"]
mod probes;

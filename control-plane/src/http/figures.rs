//! Exact figures of the store as the floating-point numbers that the API speaks.

use std::time::Duration;

/// A duration in milliseconds.
pub(crate) fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// Microseconds in milliseconds.
pub(crate) fn micros(micros: u64) -> f64 {
    micros as f64 / 1e3
}

/// Nano-dollars in dollars.
pub(crate) fn dollars(nanos: i64) -> f64 {
    nanos as f64 / 1e9
}

/// Pico-dollars per token in dollars per million tokens.
pub(crate) fn per_million(pico: u64) -> f64 {
    pico as f64 / 1e6
}

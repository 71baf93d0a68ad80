//! How each target is doing: what must outlive a change of configuration.
//!
//! Keyed by target name and provider, so a target that keeps its name keeps its history. Everything on a request's path is a
//! relaxed atomic; the one lock guards the register itself and is taken when a configuration is compiled.

use std::collections::HashMap;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwapOption;
use ferrogw_llm::{Failure, FailureClass};

/// A target's name and its provider's id.
type Name = (Box<str>, &'static str);

/// The register of all targets that this worker has known.
#[derive(Debug, Default)]
pub struct Vitals {
    targets: Mutex<HashMap<Name, Arc<TargetVitals>>>,
}

impl Vitals {
    /// The vitals of the target `name` at `provider`; fresh ones where it is new.
    #[must_use]
    pub fn of(&self, name: &str, provider: &'static str) -> Arc<TargetVitals> {
        let mut targets = self.targets.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(targets.entry((name.into(), provider)).or_default())
    }
}

/// Every failure class, in the order of its discriminant.
const CLASSES: [FailureClass; 13] = [
    FailureClass::InvalidRequest,
    FailureClass::ContextLength,
    FailureClass::ContentFilter,
    FailureClass::Auth,
    FailureClass::NotFound,
    FailureClass::RateLimited,
    FailureClass::QuotaExceeded,
    FailureClass::Overloaded,
    FailureClass::UpstreamTimeout,
    FailureClass::Server,
    FailureClass::Connection,
    FailureClass::Timer,
    FailureClass::Malformed,
];

/// How much one new sample counts in the average latency.
const WEIGHT: f64 = 0.2;

/// How one target is doing.
#[derive(Debug, Default)]
pub struct TargetVitals {
    in_flight: AtomicU64,
    attempts: AtomicU64,
    failures: [AtomicU64; CLASSES.len()],
    failures_in_row: AtomicU64,
    /// The bits of an `f64`: milliseconds; 0 bits: no sample yet.
    latency: AtomicU64,
    misconfigured: AtomicBool,
    refused: AtomicBool,
    last_error: ArcSwapOption<LastError>,
}

/// A target's most recent failure. Texts are redacted.
#[derive(Debug, Clone)]
pub struct LastError {
    /// What kind of failure it was.
    pub class: FailureClass,
    /// What went wrong.
    pub message: String,
    /// When.
    pub at: SystemTime,
}

impl TargetVitals {
    /// Attempts that are under way now.
    #[must_use]
    pub fn in_flight(&self) -> u64 {
        self.in_flight.load(Relaxed)
    }

    /// Attempts made so far.
    #[must_use]
    pub fn attempts(&self) -> u64 {
        self.attempts.load(Relaxed)
    }

    /// Attempts that failed so far.
    #[must_use]
    pub fn failures(&self) -> u64 {
        self.failures.iter().map(|count| count.load(Relaxed)).sum()
    }

    /// Attempts that failed since one last succeeded. One that failed because of what was asked says nothing about the target.
    #[must_use]
    pub fn failures_in_row(&self) -> u64 {
        self.failures_in_row.load(Relaxed)
    }

    /// Failed attempts by class; classes without any are left out.
    pub fn failures_by_class(&self) -> impl Iterator<Item = (FailureClass, u64)> + '_ {
        CLASSES.iter().zip(&self.failures).map(|(class, count)| (*class, count.load(Relaxed))).filter(|(_, count)| *count > 0)
    }

    /// Exponentially weighted time to the answer (on a stream: to its first content) of attempts that succeeded.
    #[must_use]
    pub fn latency(&self) -> Option<Duration> {
        let millis = f64::from_bits(self.latency.load(Relaxed));
        (millis > 0.0).then(|| Duration::from_secs_f64(millis / 1e3))
    }

    /// Whether the provider's last word was that the credential, the account or the model is wrong.
    #[must_use]
    pub fn is_misconfigured(&self) -> bool {
        self.misconfigured.load(Relaxed)
    }

    /// Whether its provider does not take the credential, whatever it is asked. A 402, 403 or 404 may be about the model or the length
    /// that a caller chose, and no caller decides whether a target counts as up.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.refused.load(Relaxed)
    }

    /// The most recent failure.
    #[must_use]
    pub fn last_error(&self) -> Option<Arc<LastError>> {
        self.last_error.load_full()
    }

    /// Counts an attempt; it is in flight until the guard is dropped.
    pub(crate) fn begin(self: &Arc<Self>) -> InFlight {
        self.attempts.fetch_add(1, Relaxed);
        self.in_flight.fetch_add(1, Relaxed);
        InFlight(Arc::clone(self))
    }

    /// Notes that an answer (or a stream's first content) came after `latency`.
    pub(crate) fn succeeded(&self, latency: Duration) {
        for objection in [&self.misconfigured, &self.refused] {
            if objection.load(Relaxed) {
                objection.store(false, Relaxed);
            }
        }
        if self.failures_in_row.load(Relaxed) > 0 {
            self.failures_in_row.store(0, Relaxed);
        }
        let sample = latency.as_secs_f64() * 1e3;
        let known = f64::from_bits(self.latency.load(Relaxed));
        let average = if known > 0.0 { known + WEIGHT * (sample - known) } else { sample };
        // Two cores that write at once lose one sample of an average, which is cheaper than a loop here.
        self.latency.store(average.to_bits(), Relaxed);
    }

    /// Notes a failure.
    pub(crate) fn failed(&self, failure: &Failure) {
        self.failures[failure.class as usize].fetch_add(1, Relaxed);
        if matches!(failure.class, FailureClass::Auth | FailureClass::NotFound) {
            self.misconfigured.store(true, Relaxed);
        }
        if is_about_the_credential(failure) {
            self.refused.store(true, Relaxed);
        }
        if !matches!(
            failure.class,
            FailureClass::InvalidRequest | FailureClass::NotFound | FailureClass::ContextLength | FailureClass::ContentFilter
        ) {
            self.failures_in_row.fetch_add(1, Relaxed);
        }
        let (class, message) = (failure.class, failure.message.clone());
        self.last_error.store(Some(Arc::new(LastError { class, message, at: SystemTime::now() })));
    }
}

fn is_about_the_credential(failure: &Failure) -> bool {
    let status = failure.status.map(|status| status.as_u16());
    failure.class == FailureClass::Auth && !matches!(status, Some(402 | 403))
}

/// One attempt under way.
#[derive(Debug)]
pub(crate) struct InFlight(Arc<TargetVitals>);

impl InFlight {
    /// Notes that an answer that had begun well failed after all.
    pub(crate) fn failed(&self, failure: &Failure) {
        self.0.failed(failure);
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests;

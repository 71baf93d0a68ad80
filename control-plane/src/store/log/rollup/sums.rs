//! What a set of requests adds up to, and how that stands in a row.

use std::time::Duration;

use super::histogram::Histogram;
use crate::entity::rollup::Model;
use crate::store::column::{duration, duration_micros, signed, unsigned};
use crate::store::log::{Latency, LogRecord, LogSum, Tokens};

/// What one request may add to a sum at most, so that millions of requests of which a provider tells nonsense still fit a column.
pub(in crate::store::log) const MOST: i64 = 1 << 40;

/// What a folded sum may add at most, which stands for all requests of an hour.
pub(in crate::store::log) const MOST_FOLDED: i64 = 1 << 50;

/// What a set of requests adds up to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::store::log) struct Sums {
    pub(in crate::store::log) requests: u64,
    pub(in crate::store::log) failures: u64,
    pub(in crate::store::log) tokens: Tokens,
    pub(in crate::store::log) cost_nanos: i64,
    pub(in crate::store::log) unpriced: u64,
    /// Of these, what belongs to requests that failed.
    pub(in crate::store::log) failed: Failed,
    pub(in crate::store::log) duration: Measured,
    pub(in crate::store::log) first_content: Measured,
}

/// What failed requests used all the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::store::log) struct Failed {
    pub(in crate::store::log) prompt: u64,
    pub(in crate::store::log) output: u64,
    pub(in crate::store::log) cost_nanos: i64,
    pub(in crate::store::log) unpriced: u64,
}

/// How long something took.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::store::log) struct Measured {
    pub(in crate::store::log) histogram: Histogram,
    pub(in crate::store::log) sum_us: i64,
    pub(in crate::store::log) max_us: i64,
}

impl Sums {
    /// Counts a request.
    pub(in crate::store::log) fn add(&mut self, record: &LogRecord) {
        let tokens = bounded(record.tokens.unwrap_or_default(), MOST);
        let cost_nanos = record.cost_nanos.unwrap_or_default().clamp(0, MOST);
        let (failed, unpriced) = (record.error.is_some(), u64::from(record.cost_nanos.is_none()));
        self.requests += 1;
        self.failures += u64::from(failed);
        self.tokens += tokens;
        self.cost_nanos = self.cost_nanos.saturating_add(cost_nanos);
        self.unpriced += unpriced;
        if failed {
            self.failed += Failed { prompt: tokens.prompt(), output: tokens.output, cost_nanos, unpriced };
        }
        self.duration.add(record.duration);
        if let Some(first_content) = record.first_content {
            self.first_content.add(first_content);
        }
    }

    /// Counts what a sum stands for. How long its requests took, and what those of them used that failed, is not known any more.
    pub(in crate::store::log) fn add_sum(&mut self, sum: &LogSum) {
        self.requests = self.requests.saturating_add(sum.requests.min(unsigned(MOST_FOLDED)));
        self.failures = self.failures.saturating_add(sum.failures.min(unsigned(MOST_FOLDED)));
        self.tokens += bounded(sum.tokens, MOST_FOLDED);
        self.cost_nanos = self.cost_nanos.saturating_add(sum.cost_nanos.clamp(0, MOST_FOLDED));
        self.unpriced = self.unpriced.saturating_add(sum.unpriced.min(unsigned(MOST_FOLDED)));
    }

    pub(in crate::store::log) fn merge(&mut self, other: &Self) {
        self.requests = self.requests.saturating_add(other.requests);
        self.failures = self.failures.saturating_add(other.failures);
        self.tokens += other.tokens;
        self.cost_nanos = self.cost_nanos.saturating_add(other.cost_nanos);
        self.unpriced = self.unpriced.saturating_add(other.unpriced);
        self.failed += other.failed;
        self.duration.merge(&other.duration);
        self.first_content.merge(&other.first_content);
    }

    /// Writes itself into a row.
    pub(super) fn put(&self, row: &mut Model) {
        let Self { tokens, failed, duration, first_content, .. } = self;
        row.requests = signed(self.requests);
        row.failures = signed(self.failures);
        row.input = signed(tokens.input);
        row.cache_read = signed(tokens.cache_read);
        row.cache_write = signed(tokens.cache_write);
        row.cache_write_1h = signed(tokens.cache_write_1h);
        row.output = signed(tokens.output);
        row.reasoning = signed(tokens.reasoning);
        row.audio_input = signed(tokens.audio_input);
        row.audio_output = signed(tokens.audio_output);
        row.cost_nanos = self.cost_nanos;
        row.unpriced = signed(self.unpriced);
        row.failed_prompt = signed(failed.prompt);
        row.failed_output = signed(failed.output);
        row.failed_cost_nanos = failed.cost_nanos;
        row.failed_unpriced = signed(failed.unpriced);
        (row.duration_sum_us, row.duration_max_us, row.durations) = duration.columns();
        (row.first_content_sum_us, row.first_content_max_us, row.first_contents) = first_content.columns();
    }
}

impl Measured {
    fn add(&mut self, took: Duration) {
        let micros = duration_micros(took).clamp(0, MOST);
        self.histogram.add(micros);
        self.sum_us = self.sum_us.saturating_add(micros);
        self.max_us = self.max_us.max(micros);
    }

    pub(in crate::store::log) fn merge(&mut self, other: &Self) {
        self.histogram.merge(&other.histogram);
        self.sum_us = self.sum_us.saturating_add(other.sum_us);
        self.max_us = self.max_us.max(other.max_us);
    }

    /// Reads the columns, of which the last may hold several histograms.
    pub(super) fn read(sum_us: i64, max_us: i64, histograms: &str) -> Self {
        let mut histogram = Histogram::default();
        histogram.add_text(histograms);
        Self { histogram, sum_us, max_us }
    }

    fn columns(&self) -> (i64, i64, String) {
        (self.sum_us, self.max_us, self.histogram.text())
    }

    /// What it says about all that was measured; `None`: nothing was.
    pub(in crate::store::log) fn latency(&self) -> Option<Latency> {
        let count = self.histogram.count();
        let percentile = |percent| duration(self.histogram.percentile(percent, self.max_us));
        (count > 0).then(|| Latency {
            p50: percentile(50),
            p95: percentile(95),
            p99: percentile(99),
            max: duration(self.max_us),
            mean: Duration::from_micros(unsigned(self.sum_us) / count),
            count,
        })
    }
}

impl std::ops::AddAssign for Failed {
    fn add_assign(&mut self, more: Self) {
        self.prompt = self.prompt.saturating_add(more.prompt);
        self.output = self.output.saturating_add(more.output);
        self.cost_nanos = self.cost_nanos.saturating_add(more.cost_nanos);
        self.unpriced = self.unpriced.saturating_add(more.unpriced);
    }
}

fn bounded(tokens: Tokens, most: i64) -> Tokens {
    let least = |count: u64| count.min(unsigned(most));
    Tokens {
        input: least(tokens.input),
        cache_read: least(tokens.cache_read),
        cache_write: least(tokens.cache_write),
        cache_write_1h: least(tokens.cache_write_1h),
        output: least(tokens.output),
        reasoning: least(tokens.reasoning),
        audio_input: least(tokens.audio_input),
        audio_output: least(tokens.audio_output),
    }
}

impl From<&Model> for Sums {
    fn from(row: &Model) -> Self {
        Self {
            requests: unsigned(row.requests),
            failures: unsigned(row.failures),
            tokens: Tokens {
                input: unsigned(row.input),
                cache_read: unsigned(row.cache_read),
                cache_write: unsigned(row.cache_write),
                cache_write_1h: unsigned(row.cache_write_1h),
                output: unsigned(row.output),
                reasoning: unsigned(row.reasoning),
                audio_input: unsigned(row.audio_input),
                audio_output: unsigned(row.audio_output),
            },
            cost_nanos: row.cost_nanos,
            unpriced: unsigned(row.unpriced),
            failed: Failed {
                prompt: unsigned(row.failed_prompt),
                output: unsigned(row.failed_output),
                cost_nanos: row.failed_cost_nanos,
                unpriced: unsigned(row.failed_unpriced),
            },
            duration: Measured::read(row.duration_sum_us, row.duration_max_us, &row.durations),
            first_content: Measured::read(row.first_content_sum_us, row.first_content_max_us, &row.first_contents),
        }
    }
}

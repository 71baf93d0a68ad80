//! How long things took: counts on a logarithmic scale, which simply add up.
//!
//! A bucket is an eighth of an octave, that is, its end is 9 % above its beginning; it is told by the value that is at most 4.4 %
//! away from everything in it. So a quantile over any number of merged histograms is within 4.4 % of the true one.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::store::column::unsigned;

/// Buckets per octave.
const PER_OCTAVE: f64 = 8.0;

/// How often something took how long.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::store::log) struct Histogram {
    counts: BTreeMap<u16, u64>,
}

impl Histogram {
    /// Counts something that took so many microseconds.
    pub(in crate::store::log) fn add(&mut self, micros: i64) {
        *self.counts.entry(bucket(micros)).or_default() += 1;
    }

    /// Adds what [`Histogram::text`] wrote, or several such texts with spaces between. What cannot be read counts nothing.
    pub(in crate::store::log) fn add_text(&mut self, text: &str) {
        for part in text.split_ascii_whitespace() {
            let pair = part.split_once(':').and_then(|(bucket, count)| Some((bucket.parse().ok()?, count.parse::<u64>().ok()?)));
            if let Some((bucket, count)) = pair {
                let known = self.counts.entry(bucket).or_default();
                *known = known.saturating_add(count);
            }
        }
    }

    pub(in crate::store::log) fn merge(&mut self, other: &Self) {
        for (bucket, count) in &other.counts {
            let known = self.counts.entry(*bucket).or_default();
            *known = known.saturating_add(*count);
        }
    }

    /// Takes away what is counted elsewhere too.
    pub(in crate::store::log) fn subtract(&mut self, other: &Self) {
        for (bucket, count) in &other.counts {
            if let Some(known) = self.counts.get_mut(bucket) {
                *known = known.saturating_sub(*count);
            }
        }
        self.counts.retain(|_, count| *count > 0);
    }

    /// How it is kept in a row: `bucket:count bucket:count`.
    pub(in crate::store::log) fn text(&self) -> String {
        let mut text = String::new();
        for (bucket, count) in &self.counts {
            let space = if text.is_empty() { "" } else { " " };
            write!(text, "{space}{bucket}:{count}").expect("writing to a String cannot fail");
        }
        text
    }

    /// How many things were counted.
    pub(in crate::store::log) fn count(&self) -> u64 {
        self.counts.values().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// About how many microseconds the one took that `percent` % of all did not outlast, by nearest rank. `longest` is exact.
    pub(in crate::store::log) fn percentile(&self, percent: u64, longest: i64) -> i64 {
        let count = self.count();
        let rank = (u128::from(count) * u128::from(percent)).div_ceil(100);
        if rank >= u128::from(count) {
            return longest;
        }
        let mut passed = 0;
        for (bucket, count) in &self.counts {
            passed += u128::from(*count);
            if passed >= rank {
                return middle(*bucket).min(longest);
            }
        }
        longest
    }
}

fn bucket(micros: i64) -> u16 {
    let octaves = (unsigned(micros).max(1) as f64).log2();
    // At most 63 octaves, so the cast loses nothing but the fraction.
    (octaves * PER_OCTAVE).floor() as u16
}

/// The value whose relative distance to both ends is the same.
fn middle(bucket: u16) -> i64 {
    let end = |number: f64| (number / PER_OCTAVE).exp2();
    let (low, high) = (end(f64::from(bucket)), end(f64::from(bucket) + 1.0));
    (2.0 * low * high / (low + high)).round() as i64
}

#[cfg(test)]
mod tests;

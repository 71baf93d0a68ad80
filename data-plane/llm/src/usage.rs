//! What a request consumed, in disjoint buckets, and money.

mod spelling;

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign};

/// Tokens by kind. `input`, `cache_read`, `cache_write` and `cache_write_1h` are disjoint and add up to the prompt;
/// `reasoning` and `audio_output` are parts of `output`, `audio_input` is part of `input`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Usage {
    /// Fresh prompt tokens: neither read from nor written to a prompt cache.
    pub input: u64,
    /// Prompt tokens that were read from the provider's cache.
    pub cache_read: u64,
    /// Prompt tokens written to the cache with the shortest lifetime (five minutes), or one that was not told.
    pub cache_write: u64,
    /// Prompt tokens written to the cache for an hour.
    pub cache_write_1h: u64,
    /// Answer tokens, reasoning included.
    pub output: u64,
    /// Of `output`: tokens spent on reasoning.
    pub reasoning: u64,
    /// Of `input`: audio tokens.
    pub audio_input: u64,
    /// Of `output`: audio tokens.
    pub audio_output: u64,
}

impl Usage {
    /// All prompt tokens: fresh, read from and written to the cache.
    #[must_use]
    pub fn prompt(&self) -> u64 {
        self.input.saturating_add(self.cache_read).saturating_add(self.cache_write).saturating_add(self.cache_write_1h)
    }

    /// Prompt and answer tokens.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.prompt().saturating_add(self.output)
    }
}

impl Add for Usage {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            input: self.input.saturating_add(other.input),
            cache_read: self.cache_read.saturating_add(other.cache_read),
            cache_write: self.cache_write.saturating_add(other.cache_write),
            cache_write_1h: self.cache_write_1h.saturating_add(other.cache_write_1h),
            output: self.output.saturating_add(other.output),
            reasoning: self.reasoning.saturating_add(other.reasoning),
            audio_input: self.audio_input.saturating_add(other.audio_input),
            audio_output: self.audio_output.saturating_add(other.audio_output),
        }
    }
}

/// An amount of money in nano-dollars (10⁻⁹ USD).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct NanoDollars(pub i64);

impl AddAssign for NanoDollars {
    fn add_assign(&mut self, other: Self) {
        self.0 = self.0.saturating_add(other.0);
    }
}

impl Sum for NanoDollars {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self(0), |mut total, amount| {
            total += amount;
            total
        })
    }
}

impl fmt::Display for NanoDollars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let absolute = self.0.unsigned_abs();
        write!(f, "{sign}${}.{:09}", absolute / 1_000_000_000, absolute % 1_000_000_000)
    }
}

#[cfg(test)]
mod tests;

//! Figures as people read them: short, of one width, and honest about what is not known.

mod amount;
mod moment;

pub use amount::{bytes, compact, count, money, percent, rate};
pub use moment::{Moment, ago, clock, day, span, stamp, until};

/// What stands where nothing is known. It is not zero.
pub const UNKNOWN: &str = "–";

#[cfg(test)]
mod tests;

//! Where values lie, and which of them are written at the axes.

use time::{OffsetDateTime, UtcOffset};

/// From values to heights: 0 lies at the bottom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// The value at the top.
    pub top: f64,
    /// The plane's height.
    pub height: f64,
}

impl Scale {
    /// The distance of a value from the plane's upper edge.
    #[must_use]
    pub fn y(&self, value: f64) -> f64 {
        let share = if self.top > 0.0 { (value / self.top).clamp(0.0, 1.0) } else { 0.0 };
        self.height * (1.0 - share)
    }
}

/// Round values from 0 up to at least `most`, about `wanted` of them; the last one is the scale's top.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a handful of ticks")]
pub fn ticks(most: f64, wanted: usize) -> Vec<f64> {
    let most = if most.is_finite() && most > 0.0 { most } else { 1.0 };
    let rough = most / wanted.max(1) as f64;
    let size = 10_f64.powf(rough.log10().floor());
    let step =
        [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|factor| factor * size).find(|step| *step >= rough * 0.999).unwrap_or(rough);
    let count = (most / step - 1e-9).ceil().max(1.0) as usize;
    (0..=count).map(|at| at as f64 * step).collect()
}

/// Steps between instants at the time axis, in seconds.
const STEPS: [i64; 16] =
    [60, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 432_000, 604_800, 1_209_600, 2_592_000];

/// Round instants within a range, at most `most` of them, and what is written there: the time of day, or the date where a day begins.
#[must_use]
pub fn instants(since: OffsetDateTime, until: OffsetDateTime, most: usize, offset: UtcOffset) -> Vec<(OffsetDateTime, String)> {
    let (begin, end) = (since.unix_timestamp(), until.unix_timestamp());
    let shift = i64::from(offset.whole_seconds());
    let fits = |step: &&i64| (end - begin) / **step <= i64::try_from(most).unwrap_or(1);
    let step = STEPS.iter().find(fits).copied().unwrap_or(STEPS[STEPS.len() - 1]);
    let mut at = (begin + shift + step - 1).div_euclid(step) * step - shift;
    let mut instants = Vec::new();
    while at <= end {
        if let Ok(instant) = OffsetDateTime::from_unix_timestamp(at) {
            instants.push((instant, label(instant.to_offset(offset), step)));
        }
        at += step;
    }
    instants
}

fn label(local: OffsetDateTime, step: i64) -> String {
    if step >= 86_400 || (local.hour(), local.minute()) == (0, 0) {
        format!("{} {}", &local.month().to_string()[..3], local.day())
    } else {
        format!("{:02}:{:02}", local.hour(), local.minute())
    }
}

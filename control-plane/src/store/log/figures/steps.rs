//! Cutting a range of time into steps that people know.

use crate::store::log::rollup::grain::{Grain, ceil, floor};

/// Equal steps, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Steps {
    /// The coarsest grain of which each step is a multiple.
    pub(super) grain: Grain,
    /// How long a step is.
    pub(super) micros: i64,
    /// When the first begins.
    pub(super) from_us: i64,
    /// When the last ends.
    pub(super) to_us: i64,
}

/// Lengths of steps in their grain, shortest first. Longer ones are whole days too.
const LENGTHS: [(Grain, i64); 21] = [
    (Grain::Minute, 1),
    (Grain::Minute, 2),
    (Grain::Minute, 3),
    (Grain::Minute, 5),
    (Grain::Minute, 10),
    (Grain::Minute, 15),
    (Grain::Minute, 20),
    (Grain::Minute, 30),
    (Grain::Hour, 1),
    (Grain::Hour, 2),
    (Grain::Hour, 3),
    (Grain::Hour, 4),
    (Grain::Hour, 6),
    (Grain::Hour, 8),
    (Grain::Hour, 12),
    (Grain::Day, 1),
    (Grain::Day, 2),
    (Grain::Day, 5),
    (Grain::Day, 7),
    (Grain::Day, 10),
    (Grain::Day, 30),
];

impl Steps {
    /// The shortest steps of at least `finest` of which `points` are as long as the range; one more holds its ragged ends. One
    /// point is the range itself.
    pub(super) fn over(since_us: i64, until_us: i64, points: u32, finest: Grain) -> Self {
        let (until_us, points) = (until_us.max(since_us.saturating_add(1)), i64::from(points.max(1)));
        if points == 1 {
            let (from_us, to_us) = (floor(since_us, finest.micros()), ceil(until_us, finest.micros()));
            return Self { grain: finest, micros: to_us.saturating_sub(from_us), from_us, to_us };
        }
        let span = until_us.saturating_sub(since_us);
        let day = Grain::Day.micros();
        let lengths = LENGTHS.into_iter().filter(|(grain, _)| *grain >= finest);
        let mut fitting = lengths.filter(|(grain, number)| grain.micros() * number * points >= span);
        let (grain, number) = fitting.next().unwrap_or((Grain::Day, ceil(ceil(span, day) / day, points) / points));
        Self::of(since_us, until_us, grain, number)
    }

    fn of(since_us: i64, until_us: i64, grain: Grain, number: i64) -> Self {
        let micros = grain.micros().saturating_mul(number);
        Self { grain, micros, from_us: floor(since_us, micros), to_us: ceil(until_us, micros) }
    }

    /// How many there are.
    pub(super) fn count(&self) -> i64 {
        self.to_us.saturating_sub(self.from_us) / self.micros
    }

    /// When each step begins.
    pub(super) fn starts(&self) -> impl Iterator<Item = i64> + use<> {
        let Self { from_us, micros, .. } = *self;
        (0..self.count()).map(move |number| from_us + number * micros)
    }
}

#[cfg(test)]
mod tests;

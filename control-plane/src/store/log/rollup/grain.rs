//! How long the stretches are that roll-ups sum over, and which of them make up a range of time.

/// How long a stretch is. All begin at multiples of their length since 1970, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::store::log) enum Grain {
    Minute,
    Hour,
    Day,
}

/// Stretches of one grain, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store::log) struct Run {
    pub(in crate::store::log) grain: Grain,
    /// When the first begins.
    pub(in crate::store::log) from_us: i64,
    /// When the last ends.
    pub(in crate::store::log) to_us: i64,
}

impl Grain {
    pub(in crate::store::log) const ALL: [Self; 3] = [Self::Minute, Self::Hour, Self::Day];

    /// How it is written in a row.
    pub(in crate::store::log) fn number(self) -> i32 {
        self as i32
    }

    /// Its length in microseconds.
    pub(in crate::store::log) const fn micros(self) -> i64 {
        match self {
            Self::Minute => 60_000_000,
            Self::Hour => 3_600_000_000,
            Self::Day => 86_400_000_000,
        }
    }

    /// When the stretch begins that holds this instant.
    pub(in crate::store::log) fn start(self, at_us: i64) -> i64 {
        floor(at_us, self.micros())
    }
}

/// The last multiple of `step` that is not after `at`.
pub(in crate::store::log) fn floor(at: i64, step: i64) -> i64 {
    at.div_euclid(step).saturating_mul(step)
}

/// The first multiple of `step` that is not before `at`.
pub(in crate::store::log) fn ceil(at: i64, step: i64) -> i64 {
    let floor = floor(at, step);
    if floor == at { at } else { floor.saturating_add(step) }
}

/// The fewest stretches, none finer than `finest`, that make up the range. Its ends are multiples of `finest`.
pub(in crate::store::log) fn cover(from_us: i64, to_us: i64, finest: Grain) -> Vec<Run> {
    let mut runs = Vec::new();
    let (mut head, mut tail) = (from_us, to_us);
    for pair in Grain::ALL.windows(2).filter(|pair| pair[0] >= finest) {
        let (grain, coarser) = (pair[0], pair[1].micros());
        let (inner_from, inner_to) = (ceil(head, coarser), floor(tail, coarser));
        if inner_from >= inner_to {
            runs.push(Run { grain, from_us: head, to_us: tail });
            (head, tail) = (tail, tail);
            break;
        }
        runs.push(Run { grain, from_us: head, to_us: inner_from });
        runs.push(Run { grain, from_us: inner_to, to_us: tail });
        (head, tail) = (inner_from, inner_to);
    }
    runs.push(Run { grain: Grain::Day, from_us: head, to_us: tail });
    runs.retain(|run| run.from_us < run.to_us);
    runs
}

#[cfg(test)]
mod tests;

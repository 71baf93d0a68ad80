//! From sums to what charts and lists show.

use ferrogw_api::stats::Percentiles;
use ferrogw_api::usage::{Usage, UsageFigures, UsageGroup};
use time::{Duration, OffsetDateTime};

/// When each step of a usage begins.
#[must_use]
pub fn starts(usage: &Usage) -> Vec<OffsetDateTime> {
    usage.series.iter().map(|step| step.start).collect()
}

/// How long a step of it is.
#[must_use]
pub fn step(usage: &Usage) -> Duration {
    Duration::seconds(i64::try_from(usage.step_seconds).unwrap_or(60))
}

/// One figure, step by step.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "the height of a bar")]
pub fn counts(usage: &Usage, pick: fn(&UsageFigures) -> u64) -> Vec<Option<f64>> {
    usage.series.iter().map(|step| Some(pick(&step.figures) as f64)).collect()
}

/// One quantile, step by step; nothing where nothing was measured.
#[must_use]
pub fn quantiles(
    usage: &Usage,
    measure: fn(&UsageFigures) -> Option<Percentiles>,
    pick: fn(Percentiles) -> f64,
) -> Vec<Option<f64>> {
    usage.series.iter().map(|step| measure(&step.figures).map(pick)).collect()
}

/// By what groups are ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rank {
    /// Requests.
    Requests,
    /// Money.
    Cost,
    /// Tokens, in and out.
    Tokens,
    /// Failed requests.
    Errors,
    /// How long requests took.
    Latency,
    /// How long the first content took.
    FirstContent,
}

impl Rank {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Requests, Self::Cost, Self::Tokens, Self::Errors, Self::Latency, Self::FirstContent];

    /// What people call it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Requests => "Requests",
            Self::Cost => "Cost",
            Self::Tokens => "Tokens",
            Self::Errors => "Failures",
            Self::Latency => "Latency p95",
            Self::FirstContent => "First content p95",
        }
    }

    /// What was measured of a group, if groups are ranked by a measurement.
    #[must_use]
    pub fn measured(self, figures: &UsageFigures) -> Option<Percentiles> {
        match self {
            Self::Latency => figures.latency_ms,
            Self::FirstContent => figures.ttft_ms,
            _ => None,
        }
    }

    /// A group's size in it; 0: it has none.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "the length of a bar")]
    pub fn of(self, figures: &UsageFigures) -> f64 {
        match self {
            Self::Requests => figures.requests as f64,
            Self::Cost => figures.cost_usd,
            Self::Tokens => (figures.prompt_tokens + figures.completion_tokens) as f64,
            Self::Errors => figures.errors as f64,
            Self::Latency | Self::FirstContent => self.measured(figures).map_or(0.0, |measured| measured.p95),
        }
    }
}

/// The largest groups, each with its share of the largest; `other` comes last, whatever it is.
#[must_use]
pub fn ranked(groups: &[UsageGroup], rank: Rank, most: usize) -> Vec<(UsageGroup, f64)> {
    let mut ranked: Vec<UsageGroup> = groups.iter().filter(|group| rank.of(&group.figures) > 0.0).cloned().collect();
    ranked.sort_by(|a, b| {
        let last = (a.name == "other").cmp(&(b.name == "other"));
        last.then_with(|| rank.of(&b.figures).total_cmp(&rank.of(&a.figures)))
    });
    ranked.truncate(most);
    let largest = ranked.iter().map(|group| rank.of(&group.figures)).fold(0.0, f64::max);
    ranked
        .into_iter()
        .map(|group| {
            let share = if largest > 0.0 { rank.of(&group.figures) / largest } else { 0.0 };
            (group, share)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(name: &str, requests: u64, cost_usd: f64) -> UsageGroup {
        let figures = UsageFigures { requests, cost_usd, ..UsageFigures::default() };
        UsageGroup { name: name.to_owned(), label: None, figures }
    }

    #[test]
    fn the_largest_come_first_and_the_rest_last() {
        let groups = [group("a", 5, 0.1), group("other", 90, 9.0), group("b", 10, 0.0)];
        let names = |rank| ranked(&groups, rank, 5).into_iter().map(|(group, share)| (group.name, share)).collect::<Vec<_>>();
        assert_eq!(names(Rank::Requests), [("b".into(), 10.0 / 90.0), ("a".into(), 5.0 / 90.0), ("other".into(), 1.0)]);
        // What has nothing of it is not listed.
        assert_eq!(names(Rank::Cost).len(), 2);
        assert_eq!(names(Rank::Errors), []);
    }

    #[test]
    fn the_slowest_come_first_and_what_was_not_measured_is_left_out() {
        let slow = |name, p95| {
            let mut group = group(name, 1, 0.0);
            group.figures.ttft_ms = Some(Percentiles { p95, ..Percentiles::default() });
            group
        };
        let groups = [slow("a", 20.0), group("never streamed", 90, 0.0), slow("b", 80.0)];
        let ranked = ranked(&groups, Rank::FirstContent, 5);
        let names: Vec<_> = ranked.iter().map(|(group, share)| (group.name.as_str(), *share)).collect();
        assert_eq!(names, [("b", 1.0), ("a", 0.25)]);
    }
}

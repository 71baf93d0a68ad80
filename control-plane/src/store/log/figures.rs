//! What was used, spent and waited for over any range of time, from roll-ups: by step, in all, and by provider, model or key.
//!
//! Steps are whole minutes, hours or days, and begin at multiples of their length since 1970 (UTC). A range whose ends lie within a
//! step is widened to the whole of it, and the answer says so.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use sea_orm::DbErr;
use time::OffsetDateTime;

use super::rollup::grain::{Grain, Run, cover};
use super::rollup::read::{self, Dimension, Scope};
use super::rollup::sums::Sums;
use super::{KeyFilter, Latency, Tokens};
use crate::store::column::{instant, micros, now, unsigned};
use crate::store::database::Database;
use crate::store::{Area, Store, StoreError};
use steps::Steps;

mod steps;

/// Most groups that are told by name; the rest is told as one.
const GROUPS: usize = 50;

/// By what groups are large. The largest by each are told by name, however few requests they have.
const SIZES: [fn(&Sums) -> u64; 4] = [
    |sums| sums.requests,
    |sums| unsigned(sums.cost_nanos),
    |sums| sums.tokens.prompt().saturating_add(sums.tokens.output),
    |sums| sums.failures,
];

/// How many are the largest.
const LARGEST: usize = 12;

/// How long minutes are told apart. Older ranges are told by hours: minutes of each key are nearly as many as requests, and are deleted.
pub(super) const MINUTES_KEPT: Duration = Duration::from_secs(7 * 24 * 3600);

/// What is asked.
#[derive(Debug, Clone)]
pub struct UsageQuery {
    /// From when on.
    pub since: OffsetDateTime,
    /// Until when; after `since`.
    pub until: OffsetDateTime,
    /// Most steps, save one that ragged ends may add; 1: the range itself.
    pub points: u32,
    /// By what the whole is told apart.
    pub groups: Option<Dimension>,
    /// Only of this key.
    pub key: Option<KeyFilter>,
    /// Only of this provider.
    pub provider: Option<String>,
    /// Only of this model, as it went to the provider.
    pub model: Option<String>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Usage {
    /// From when on, which is the beginning of a step.
    pub since: OffsetDateTime,
    /// Until when, which is the end of a step.
    pub until: OffsetDateTime,
    /// How long a step is.
    pub step: Duration,
    /// Over the whole range.
    pub summary: Figures,
    /// Over each step, empty ones included.
    pub series: Vec<UsageStep>,
    /// Over each group, those with most requests first, then by name.
    pub groups: Vec<UsageGroup>,
    /// Over all groups that are not told by name; `None`: there are none.
    pub other: Option<Figures>,
}

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub struct UsageStep {
    /// When it begins.
    pub start: OffsetDateTime,
    /// What happened in it.
    pub figures: Figures,
}

/// One group.
#[derive(Debug, Clone, PartialEq)]
pub struct UsageGroup {
    /// The provider, the model or the key's id (nil: no key); empty: none.
    pub name: String,
    /// What it used.
    pub figures: Figures,
}

/// What a set of requests adds up to. Requests of folded sums count, but how long they took is not known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figures {
    /// How many.
    pub requests: u64,
    /// How many failed.
    pub errors: u64,
    /// Their tokens.
    pub tokens: Tokens,
    /// Their known cost in nano-dollars.
    pub cost_nanos: i64,
    /// How many had no known cost.
    pub unpriced: u64,
    /// How long they took; percentiles are within 4.4 % of the true ones, the rest is exact. `None`: nothing was measured.
    pub latency: Option<Latency>,
    /// How long the first content took, likewise.
    pub first_content: Option<Latency>,
}

impl Store {
    /// What was used in a range of time.
    ///
    /// # Errors
    ///
    /// [`StoreError::Disabled`] without a request log.
    pub async fn usage(&self, query: &UsageQuery) -> Result<Usage, StoreError> {
        let database = self.database(Area::Logs)?;
        let scope = Scope { key: query.key, provider: query.provider.clone(), model: query.model.clone() };
        let (since_us, until_us) = (micros(query.since), micros(query.until));
        let steps = Steps::over(since_us, until_us, query.points, finest(since_us));
        let known = known(database, &scope, &steps).await?;
        let mut total = Sums::default();
        known.values().for_each(|sums| total.merge(sums));
        let (groups, other) = match query.groups {
            Some(dimension) => groups(database, &scope, &steps, dimension, &total).await?,
            None => (Vec::new(), None),
        };
        let step = |start_us: i64| UsageStep {
            start: instant(start_us),
            figures: known.get(&start_us).map(Figures::from).unwrap_or_default(),
        };
        Ok(Usage {
            since: instant(steps.from_us),
            until: instant(steps.to_us),
            step: Duration::from_micros(unsigned(steps.micros)),
            summary: Figures::from(&total),
            series: steps.starts().map(step).collect(),
            groups,
            other,
        })
    }
}

/// What is known of each step; one alone is read like a group, from as few stretches as there are.
async fn known(database: &Database, scope: &Scope, steps: &Steps) -> Result<BTreeMap<i64, Sums>, DbErr> {
    let Steps { grain, from_us, to_us, micros } = *steps;
    if steps.count() > 1 {
        return read::steps(database, scope, Run { grain, from_us, to_us }, micros).await;
    }
    let total = read::total(database, scope, &cover(from_us, to_us, grain)).await?;
    Ok(BTreeMap::from([(from_us, total)]))
}

/// The finest grain that is kept of what was at that time.
pub(super) fn finest(at_us: i64) -> Grain {
    if instant(at_us) >= now() - MINUTES_KEPT { Grain::Minute } else { Grain::Hour }
}

/// The groups that are told by name, and the rest of `total`.
async fn groups(
    database: &Database,
    scope: &Scope,
    steps: &Steps,
    dimension: Dimension,
    total: &Sums,
) -> Result<(Vec<UsageGroup>, Option<Figures>), DbErr> {
    let runs = cover(steps.from_us, steps.to_us, steps.grain);
    let mut groups: Vec<(String, Sums)> = read::groups(database, scope, &runs, dimension).await?.into_iter().collect();
    groups.sort_unstable_by(|(left, a), (right, b)| b.requests.cmp(&a.requests).then_with(|| left.cmp(right)));
    let rest = split_rest(&mut groups);
    read::measure(database, scope, &runs, dimension, &mut groups).await?;
    let other = (!rest.is_empty()).then(|| {
        let mut other = Sums::default();
        rest.iter().for_each(|(_, sums)| other.merge(sums));
        other.duration.histogram = total.duration.histogram.clone();
        other.first_content.histogram = total.first_content.histogram.clone();
        for (_, named) in &groups {
            other.duration.histogram.subtract(&named.duration.histogram);
            other.first_content.histogram.subtract(&named.first_content.histogram);
        }
        Figures::from(&other)
    });
    let groups = groups.into_iter().map(|(name, sums)| UsageGroup { name, figures: Figures::from(&sums) }).collect();
    Ok((groups, other))
}

/// Takes those away that are not told by name: what is left are the largest by each size, and then those that come first.
fn split_rest(groups: &mut Vec<(String, Sums)>) -> Vec<(String, Sums)> {
    let mut named = HashSet::new();
    for size in SIZES {
        let mut order: Vec<usize> = (0..groups.len()).collect();
        order.sort_by_key(|index| Reverse(size(&groups[*index].1)));
        named.extend(order.into_iter().take(LARGEST));
    }
    let others: Vec<usize> = (0..groups.len()).filter(|index| !named.contains(index)).collect();
    named.extend(others.into_iter().take(GROUPS.saturating_sub(named.len())));
    let (kept, rest): (Vec<_>, Vec<_>) =
        std::mem::take(groups).into_iter().enumerate().partition(|(index, _)| named.contains(index));
    *groups = kept.into_iter().map(|(_, group)| group).collect();
    rest.into_iter().map(|(_, group)| group).collect()
}

impl From<&Sums> for Figures {
    fn from(sums: &Sums) -> Self {
        Self {
            requests: sums.requests,
            errors: sums.failures,
            tokens: sums.tokens,
            cost_nanos: sums.cost_nanos,
            unpriced: sums.unpriced,
            latency: sums.duration.latency(),
            first_content: sums.first_content.latency(),
        }
    }
}

#[cfg(test)]
mod tests;

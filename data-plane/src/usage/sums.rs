//! What remains of records whose detail has to go: totals per key, provider, model and hour.

use std::collections::HashMap;

use bytes::Bytes;
use ferrogw_proto::usage::item::Item as Entry;
use ferrogw_proto::usage::{Record, Sum, Tokens};
use uuid::Uuid;

/// Groups that are told apart; at about 300 bytes each they take 5 MiB. Past it, what has a group of its own already is still told
/// apart, and the rest is one group per hour without key and model, so that the money at least is all there.
const MAX_GROUPS: usize = 16_384;

/// The model of the group for what is not told apart any more.
pub(super) const OTHER: &str = "(other)";

/// Totals by group.
#[derive(Debug, Default)]
pub(super) struct Sums {
    groups: HashMap<Group, Sum>,
    records: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Group {
    hour_unix: i64,
    key_id: Bytes,
    provider: String,
    model: String,
}

impl Sums {
    /// Adds a record, or another sum.
    pub(super) fn add(&mut self, entry: &Entry) {
        match entry {
            Entry::Record(record) => {
                self.records += 1;
                self.add_sum(&of_record(record));
            }
            Entry::Sum(sum) => self.add_sum(sum),
        }
    }

    /// Adds what `other` has.
    pub(super) fn merge(&mut self, other: Self) {
        self.records += other.records;
        other.groups.into_values().for_each(|sum| self.add_sum(&sum));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.groups.len()
    }

    /// How many records lost their detail since this was last asked.
    pub(super) fn take_record_count(&mut self) -> u64 {
        std::mem::take(&mut self.records)
    }

    /// The sums as entries, each with an id of its own.
    pub(super) fn into_entries(self) -> Vec<Entry> {
        let with_id = |sum| Sum { id: Bytes::copy_from_slice(Uuid::now_v7().as_bytes()), ..sum };
        self.groups.into_values().map(|sum| Entry::Sum(with_id(sum))).collect()
    }

    fn add_sum(&mut self, sum: &Sum) {
        let mut group = Group {
            hour_unix: sum.hour_unix,
            key_id: sum.key_id.clone(),
            provider: sum.provider.clone(),
            model: sum.model.clone(),
        };
        if self.groups.len() >= MAX_GROUPS && !self.groups.contains_key(&group) {
            group = Group { hour_unix: sum.hour_unix, key_id: Bytes::new(), provider: String::new(), model: OTHER.to_owned() };
        }
        match self.groups.get_mut(&group) {
            Some(total) => accumulate(total, sum),
            None => {
                let (key_id, provider, model) = (group.key_id.clone(), group.provider.clone(), group.model.clone());
                self.groups.insert(group, Sum { id: Bytes::new(), key_id, provider, model, ..sum.clone() });
            }
        }
    }
}

/// The model is the one that went to the provider: the client's spelling is not bounded.
fn of_record(record: &Record) -> Sum {
    const HOUR: i64 = 3_600;
    let second = record.started_unix_us.div_euclid(1_000_000);
    Sum {
        hour_unix: second - second.rem_euclid(HOUR),
        key_id: record.key_id.clone(),
        provider: record.provider.clone(),
        model: record.model.clone(),
        requests: 1,
        failures: u64::from(!record.error_class.is_empty()),
        tokens: Some(record.tokens.unwrap_or_default()),
        cost_nanos: record.cost_nanos.unwrap_or_default(),
        unpriced: u64::from(record.cost_nanos.is_none()),
        id: Bytes::new(),
    }
}

fn accumulate(total: &mut Sum, sum: &Sum) {
    total.requests += sum.requests;
    total.failures += sum.failures;
    total.cost_nanos = total.cost_nanos.saturating_add(sum.cost_nanos);
    total.unpriced += sum.unpriced;
    let (all, more) = (total.tokens.get_or_insert_default(), sum.tokens.unwrap_or_default());
    *all = Tokens {
        input: all.input.saturating_add(more.input),
        cache_read: all.cache_read.saturating_add(more.cache_read),
        cache_write: all.cache_write.saturating_add(more.cache_write),
        cache_write_1h: all.cache_write_1h.saturating_add(more.cache_write_1h),
        output: all.output.saturating_add(more.output),
        reasoning: all.reasoning.saturating_add(more.reasoning),
        audio_input: all.audio_input.saturating_add(more.audio_input),
        audio_output: all.audio_output.saturating_add(more.audio_output),
    };
}

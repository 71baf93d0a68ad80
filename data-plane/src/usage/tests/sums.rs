//! Folding: what is told apart, and what is kept when there is too much to tell apart.

use ferrogw_proto::usage::item::Item as Entry;

use super::{record, translate};
use crate::usage::sums::{OTHER, Sums};

fn folded(entries: impl IntoIterator<Item = Entry>) -> Vec<ferrogw_proto::usage::Sum> {
    let mut sums = Sums::default();
    entries.into_iter().for_each(|entry| sums.add(&entry));
    let as_sum = |entry| match entry {
        Entry::Sum(sum) => sum,
        Entry::Record(_) => unreachable!("sums give sums"),
    };
    sums.into_entries().into_iter().map(as_sum).collect()
}

#[test]
fn records_of_one_key_model_and_hour_become_one_sum() {
    let failed = crate::record::RecordedError { class: "server_error", code: String::new(), message: String::new() };
    let records = [record(1), record(2), crate::record::Record { cost: None, error: Some(failed), ..record(0) }];
    let sums = folded(records.map(translate::record));
    let [sum] = sums.as_slice() else { panic!("{} sums", sums.len()) };
    assert_eq!((sum.requests, sum.failures, sum.unpriced, sum.cost_nanos), (3, 1, 1, 3));
    assert_eq!((sum.tokens.unwrap().input, sum.tokens.unwrap().output, sum.id.len()), (30, 6, 16));
    assert_eq!((sum.hour_unix % 3_600, sum.model.as_str()), (0, "gpt-4o-mini"));
}

#[test]
fn sums_fold_into_sums() {
    let once = folded((0..10).map(record).map(translate::record));
    let twice = folded(once.into_iter().map(Entry::Sum).chain([translate::record(record(5))]));
    assert_eq!((twice.len(), twice[0].requests, twice[0].cost_nanos), (1, 11, 50));
}

#[test]
fn keys_beyond_count_share_a_group_so_that_no_money_is_lost() {
    let of_key = |number: u64| crate::record::Record { key_id: Some(uuid::Uuid::from_u128(number.into())), ..record(1) };
    let sums = folded((0..20_000).map(of_key).map(translate::record));
    let other = sums.iter().find(|sum| sum.model == OTHER).unwrap();
    assert_eq!((sums.len(), sums.iter().map(|sum| sum.cost_nanos).sum::<i64>()), (16_385, 20_000));
    assert_eq!((other.requests, other.key_id.len()), (20_000 - 16_384, 0));
}

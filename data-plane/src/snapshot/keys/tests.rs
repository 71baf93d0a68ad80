use std::sync::Arc;

use uuid::Uuid;

use super::{Changes, Key, KeyDigest, Keys, Row, Scopes};

/// A digest as SHA-256 would give: spread over all shards.
fn digest(number: u64) -> KeyDigest {
    use sha2::Digest as _;
    sha2::Sha256::digest(number.to_le_bytes()).into()
}

fn key(number: u64) -> Key {
    Key { id: Uuid::from_u128(u128::from(number)), expires_at: None, scopes: Scopes::INFERENCE }
}

fn table(numbers: std::ops::Range<u64>) -> Keys {
    Keys::empty().apply(&Changes { upserts: numbers.map(|number| (digest(number), key(number))).collect(), removed: Vec::new() })
}

#[test]
fn every_key_is_found_and_no_other() {
    let keys = table(0..2_000);
    assert!((0..2_000).all(|number| keys.find(&digest(number)) == Some(key(number))));
    assert!((2_000..4_000).all(|number| keys.find(&digest(number)).is_none()));
    assert_eq!(keys.len(), 2_000);
}

#[test]
fn digests_that_share_a_prefix_are_told_apart() {
    let (mut one, mut other) = ([7; 32], [7; 32]);
    one[31] = 1;
    other[31] = 2;
    let keys = Keys::empty().apply(&Changes { upserts: vec![(other, key(2)), (one, key(1))], removed: Vec::new() });
    assert_eq!((keys.find(&one), keys.find(&other), keys.find(&[7; 32])), (Some(key(1)), Some(key(2)), None));
}

#[test]
fn a_revocation_copies_one_shard() {
    let before = table(0..5_000);
    let after = before.apply(&Changes { removed: vec![digest(17)], ..Changes::default() });
    let copied = before.shards.iter().zip(&after.shards).filter(|(old, new)| !Arc::ptr_eq(old, new)).count();
    assert_eq!((copied, after.find(&digest(17)), after.len(), before.len()), (1, None, 4_999, 5_000));
}

#[test]
fn a_key_that_is_added_and_removed_at_once_is_removed() {
    let keys = Keys::empty().apply(&Changes { upserts: vec![(digest(1), key(1))], removed: vec![digest(1)] });
    assert!(keys.is_empty());
}

#[test]
fn a_changed_key_replaces_its_row() {
    let read_only = Key { scopes: Scopes::READ_ONLY, expires_at: Some(10), ..key(1) };
    let keys = table(0..3).apply(&Changes { upserts: vec![(digest(1), read_only)], removed: Vec::new() });
    assert_eq!((keys.find(&digest(1)), keys.len()), (Some(read_only), 3));
}

#[test]
fn a_hundred_thousand_rows_stay_under_eight_mebibytes() {
    let keys = table(0..100_000);
    let bytes: usize = keys.shards.iter().map(|shard| size_of_val::<[Row]>(shard)).sum();
    assert_eq!((keys.len(), bytes), (100_000, 6_400_000));
}

#[test]
fn a_key_expires_at_its_second() {
    let key = Key { expires_at: Some(100), ..key(1) };
    assert_eq!([99, 100, 101].map(|now| key.has_expired(now)), [false, true, true]);
}

#[test]
fn read_only_keys_list_models_and_infer_nothing() {
    let may = |scopes: Scopes| (scopes.may_infer(), scopes.may_list_models());
    assert_eq!(may(Scopes::READ_ONLY), (false, true));
    assert_eq!(may(Scopes::INFERENCE), (true, true));
    assert_eq!(may(Scopes::ADMIN), (true, true));
    assert_eq!(may(Scopes::NONE), (false, false));
}

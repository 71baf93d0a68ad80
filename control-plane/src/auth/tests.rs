use ferrogw_config::Secret;

use super::{Keyring, MasterKey};

#[test]
fn a_master_keys_id_is_derived_from_it_and_does_not_hold_it() {
    let id = MasterKey::new("correct horse battery staple").id;
    assert_eq!(id, "master-key:c4bbcb1fbec99d65");
}

#[test]
fn an_empty_master_key_is_none() {
    assert!(!Keyring::new(Some(&Secret::new("  ".to_owned()))).has_master_key());
    assert!(!Keyring::new(None).has_master_key());
}

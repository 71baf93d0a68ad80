//! Roll-ups: what the request log adds up to per minute, hour and day, by key, provider and model.
//!
//! They move only with new rows, in the transaction of these, and outlive them. Each row is counted nine times: at three grains,
//! for its key, for all keys together and for everything together, so that whatever is asked for, few rows answer it.

use uuid::Uuid;

pub(super) mod grain;
pub(super) mod histogram;
pub(super) mod read;
pub(super) mod sums;
pub(super) mod write;

/// Stands for all keys together.
pub(super) const ALL_KEYS: Uuid = Uuid::max();

/// Stands for all keys, providers and models together; its rows name no provider and no model.
pub(super) const EVERYTHING: Uuid = Uuid::from_u128(u128::MAX - 1);

/// Stands for requests without a key.
pub(super) const NO_KEY: Uuid = Uuid::nil();

/// Whether an id is one of these, so that no key has it.
pub(crate) fn is_reserved_key_id(id: Uuid) -> bool {
    [ALL_KEYS, EVERYTHING, NO_KEY].contains(&id)
}

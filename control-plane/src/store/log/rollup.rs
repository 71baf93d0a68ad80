//! Roll-ups: what the request log adds up to per minute, hour and day, by key, provider and model.
//!
//! They move only with new rows, in the transaction of these, and outlive them. Each row is counted six times: at three grains,
//! for its key and for all keys together, so that whatever is asked for, few rows answer it.

use uuid::Uuid;

pub(super) mod grain;
pub(super) mod histogram;
pub(super) mod read;
pub(super) mod sums;
pub(super) mod write;

/// Stands for all keys together.
pub(super) const ALL_KEYS: Uuid = Uuid::max();

/// Stands for requests without a key.
pub(super) const NO_KEY: Uuid = Uuid::nil();

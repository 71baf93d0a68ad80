//! From a provider's bytes to chunks: the frame reader and a wire's decoder, joined.

use ferrogw_llm::{Chunk, Observed, StreamFault};

use crate::frame::{Oversized, Sse};
use crate::wire::{Decoder, Progress};

/// One streamed answer being read.
pub struct Stream {
    frames: Sse,
    decoder: Box<dyn Decoder>,
    ended: bool,
}

impl Stream {
    /// A stream that `decoder` understands.
    #[must_use]
    pub fn new(decoder: Box<dyn Decoder>) -> Self {
        Self { frames: Sse::default(), decoder, ended: false }
    }

    /// Reads bytes as they arrived, appending any number of chunks to `out`. What follows the end is ignored.
    ///
    /// # Errors
    ///
    /// [`StreamFault`] when the stream cannot go on; chunks appended before stay valid.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<Chunk>) -> Result<Progress, StreamFault> {
        if self.ended {
            return Ok(Progress::Done);
        }
        self.frames.push(bytes);
        while let Some(event) = self.frames.next_event().map_err(|oversized| too_long(&oversized))? {
            if self.decoder.push(&event, out)? == Progress::Done {
                self.ended = true;
                return Ok(Progress::Done);
            }
        }
        Ok(Progress::More)
    }

    /// Called once when the bytes end.
    ///
    /// # Errors
    ///
    /// [`StreamFault`] when the end was not told.
    pub fn finish(&mut self, out: &mut Vec<Chunk>) -> Result<(), StreamFault> {
        if self.ended {
            return Ok(());
        }
        self.ended = true;
        if let Some(event) = self.frames.finish() {
            match self.decoder.push(&event, out) {
                Ok(Progress::Done) => return Ok(()),
                Ok(Progress::More) => {}
                // The last frame lacks its end, so it is torn rather than wrong.
                Err(StreamFault::Malformed(_)) => return Err(StreamFault::Truncated),
                Err(fault) => return Err(fault),
            }
        }
        self.decoder.finish(out)
    }

    /// What was observed so far.
    #[must_use]
    pub fn observed(&self) -> &Observed {
        self.decoder.observed()
    }
}

fn too_long(oversized: &Oversized) -> StreamFault {
    StreamFault::Malformed(oversized.to_string())
}

//! What comes back: a whole answer or the chunks of one, and what was observed of it on the way.

use bytes::Bytes;

use crate::chat::ChatChunk;
use crate::object::Malformed;
use crate::usage::Usage;

/// What the gateway has to know of an answer, read in passing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observed {
    /// The provider's own id of the answer.
    pub id: Option<String>,
    /// The model that answered, in the provider's words.
    pub model: Option<String>,
    /// Tokens by kind; `None`: the provider did not say.
    pub usage: Option<Usage>,
    /// The first choice's finish reason, in canonical words.
    pub finish_reason: Option<String>,
    /// It was served at another tier than the provider's ordinary one, such as `flex` or `priority`, and has another price.
    pub other_tier: bool,
    /// Frames that had to be supplied or mended, e.g. a missing `[DONE]`.
    pub repairs: u32,
}

/// A whole answer in canonical spelling.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The JSON body; the provider's own bytes where it spells as we do.
    pub body: Bytes,
    /// What was read of it in passing.
    pub observed: Observed,
}

/// What a chunk is to the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChunkKind {
    /// Nothing the client could show yet (a role, a keep-alive, an empty delta): held back until content follows, so that a
    /// failing stream can still be exchanged for another target's.
    Lead,
    /// Content, reasoning, a tool call, a refusal, or a finish reason.
    Content,
    /// Usage and nothing else: withheld unless the client asked for it.
    UsageOnly,
}

/// One chunk of a streamed answer: the JSON of a canonical `chat.completion.chunk` (or `text_completion`), without framing.
#[derive(Debug, Clone)]
pub struct Chunk {
    /// The JSON; the provider's own bytes where it spells as we do.
    pub data: Bytes,
    /// What it is to the relay.
    pub kind: ChunkKind,
}

impl Chunk {
    /// The chunk as a typed value, for surfaces and plugins that look inside.
    ///
    /// # Errors
    ///
    /// [`Malformed`] when it is no chat chunk.
    pub fn view(&self) -> Result<ChatChunk, Malformed> {
        serde_json::from_slice(&self.data).map_err(|error| Malformed::NotJson { detail: error.to_string() })
    }
}

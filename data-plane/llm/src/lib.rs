//! The canonical language of LLM traffic: requests, answers, chunks, usage and failures.
//!
//! Pure: no I/O, no clock, no randomness. Surfaces read into these types and wires write from them, which is why N client APIs
//! and M provider families cost N + M conversions. The canonical spelling is that of OpenAI's API, kept as the bytes that the
//! client or the provider sent for as long as nobody has to change them.

pub mod answer;
pub mod chat;
pub mod failure;
pub mod object;
pub mod redact;
pub mod request;
pub mod usage;

pub use answer::{Answer, Chunk, ChunkKind, Observed};
pub use failure::{Failure, FailureClass, StreamFault};
pub use object::{Malformed, Object};
pub use request::{Operation, Request};
pub use usage::{NanoDollars, Usage};

//! From bytes to frames.

mod sse;

pub use sse::{Event, Oversized, Sse};

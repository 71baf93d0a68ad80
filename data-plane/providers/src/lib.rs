//! Wires: how families of providers spell requests, answers, streams and failures.
//!
//! Pure (sans-IO): a wire turns values into bytes and bytes into values. Sockets, clocks, retries, signing, metrics and logging
//! exist once, outside. An OpenAI-compatible provider is not code here but a file in `config/catalog/`.

pub mod frame;
pub mod wire;

pub use wire::{Call, Decoder, Encoded, Progress, Refusal, Wire};

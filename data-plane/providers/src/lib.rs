//! Wires: how families of providers spell requests, answers, streams and failures.
//!
//! Pure (sans-IO): a wire turns values into bytes and bytes into values. Sockets, clocks, retries, signing, metrics and logging
//! exist once, outside. An OpenAI-compatible provider is not code here but a file in `config/catalog/`.

pub mod wire;

pub mod completions;
pub mod frame;
pub mod price;
pub mod stream;

mod anthropic;
mod finish_reason;
mod openai;
mod refused;
mod text;

use ferrogw_config::catalog::WireId;

pub use price::price;
pub use stream::Stream;
pub use wire::{Call, Decoder, Encoded, Progress, Refusal, Wire};

/// The wire called `id`: the only place that knows which there are.
#[must_use]
pub fn wire(id: WireId) -> &'static dyn Wire {
    match id {
        WireId::OpenAi => &openai::OpenAi,
        WireId::Anthropic => &anthropic::Anthropic,
    }
}

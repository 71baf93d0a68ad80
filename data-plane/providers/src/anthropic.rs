//! The Anthropic Messages wire: translated to and from the canonical spelling.
//!
//! What has no canonical word is not lost: it travels in extension members (`thinking_blocks`, `content_blocks`, `citations`,
//! `stop_details`, `native_finish_reason`), and what a client sends back of them is replayed as it came.

mod answer;
mod request;
mod said;
mod stream;
mod usage;

use bytes::Bytes;
use ferrogw_llm::{Answer, Failure};
use http::{HeaderMap, StatusCode};

use crate::refused;
use crate::wire::{Call, Decoder, Encoded, Refusal, Wire};

/// Anthropic's own API.
pub(crate) struct Anthropic;

impl Wire for Anthropic {
    fn encode(&self, call: &Call<'_>) -> Result<Encoded, Refusal> {
        request::encode(call)
    }

    fn decode(&self, call: &Call<'_>, body: Bytes) -> Result<Answer, Failure> {
        answer::decode(call, &body)
    }

    fn decoder(&self, call: &Call<'_>) -> Box<dyn Decoder> {
        Box::new(stream::Events::new(call))
    }

    fn failure(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Failure {
        refused::read(status, headers, body)
    }
}

#[cfg(test)]
mod tests;

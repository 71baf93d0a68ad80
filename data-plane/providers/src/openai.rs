//! The OpenAI wire: the canonical spelling itself, and the few ways in which compatible providers deviate from it.
//!
//! Nothing is translated here. A request keeps the client's bytes but for the members that have to change, an answer keeps the
//! provider's, and reading means observing: no JSON tree is built on this path.

mod answer;
mod repair;
mod request;
mod scan;
mod stream;

use bytes::Bytes;
use ferrogw_llm::{Answer, Failure};
use http::{HeaderMap, StatusCode};

use crate::refused;
use crate::wire::{Call, Decoder, Encoded, Refusal, Wire};

/// OpenAI's API and everything compatible with it.
pub(crate) struct OpenAi;

impl Wire for OpenAi {
    fn encode(&self, call: &Call<'_>) -> Result<Encoded, Refusal> {
        request::encode(call)
    }

    fn decode(&self, call: &Call<'_>, body: Bytes) -> Result<Answer, Failure> {
        answer::decode(call, body)
    }

    fn decoder(&self, call: &Call<'_>) -> Box<dyn Decoder> {
        Box::new(stream::Frames::new(call))
    }

    fn failure(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Failure {
        refused::read(status, headers, body)
    }
}

#[cfg(test)]
mod tests;

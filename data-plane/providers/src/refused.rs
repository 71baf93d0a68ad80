//! From a provider's refusal to a [`Failure`]: what every wire has in common.

mod class;
mod envelope;
mod wait;

use ferrogw_llm::{Failure, FailureClass};
use http::{HeaderMap, StatusCode};
use serde_json::Value;

pub(crate) use envelope::Envelope;

/// Reads the answer of a provider that refused. Of the body only what is known to be a message gets through: never raw bytes, never
/// HTML, and no secret that the provider quotes back.
pub(crate) fn read(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Failure {
    let envelope = serde_json::from_slice(body).map(|json| Envelope::read(&json)).unwrap_or_default();
    let class = class::of(Some(status), &envelope);
    let message = envelope.message.unwrap_or_else(|| phrase(status));
    let retry_after = wait::asked(status, headers);
    Failure { class, status: Some(status), message, kind: envelope.kind, param: envelope.param, code: envelope.code, retry_after }
}

/// Reads an error that came inside an answer of status 200: in the body, or as a frame of a stream.
pub(crate) fn read_inside(json: &Value) -> Failure {
    let envelope = Envelope::read(json);
    let status = envelope.status.and_then(|status| StatusCode::from_u16(status).ok());
    let class = class::of(status, &envelope);
    let message = envelope.message.unwrap_or_else(|| "the provider reported an error without a message".to_owned());
    Failure { class, status, message, kind: envelope.kind, param: envelope.param, code: envelope.code, retry_after: None }
}

/// An answer that is none.
pub(crate) fn malformed(what: &str) -> Failure {
    Failure::ours(FailureClass::Malformed, format!("the provider answered with {what}"))
}

fn phrase(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("the provider answered {} {reason}", status.as_u16()),
        None => format!("the provider answered with status {}", status.as_u16()),
    }
}

#[cfg(test)]
mod tests;

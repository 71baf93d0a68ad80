//! Observes a whole answer; its bytes stay as they are.

use bytes::Bytes;
use ferrogw_llm::{Answer, Failure, FailureClass, Observed, Operation};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::scan::{Frame, told};
use crate::refused;
use crate::wire::Call;

pub(super) fn decode(call: &Call<'_>, body: Bytes) -> Result<Answer, Failure> {
    if body.trim_ascii().is_empty() {
        return Err(refused::malformed("an empty body"));
    }
    let text = std::str::from_utf8(&body).map_err(|_| refused::malformed("a body that is not UTF-8"))?;
    // The parser's own words could quote the body, which may be anything.
    let frame: Frame<'_> =
        serde_json::from_str(text).map_err(|_| refused::malformed("a body that is not the JSON of an answer"))?;
    if let Some(error) = error(&frame) {
        return Err(error);
    }
    if call.request.operation() != Operation::Embeddings && frame.choices.as_ref().is_none_or(Vec::is_empty) {
        return Err(refused::malformed("an answer without choices"));
    }
    let mut observed = Observed::default();
    frame.note(&mut observed, call.provider.quirks.reasoning_outside_output);
    Ok(Answer { body, observed })
}

/// The error that a frame reports instead of content: at its top, or of one alternative.
pub(super) fn error(frame: &Frame<'_>) -> Option<Failure> {
    if let Some(error) = told(frame.error) {
        return Some(read(error));
    }
    let choices = frame.choices.as_deref().unwrap_or_default();
    choices.iter().find_map(|choice| {
        let failed = choice.finish_reason().is_some_and(|reason| reason == "error");
        match told(choice.error) {
            Some(error) => Some(read(error)),
            None if failed => Some(Failure::ours(FailureClass::Server, "the provider broke off the answer with an error")),
            None => None,
        }
    })
}

fn read(error: &RawValue) -> Failure {
    let error: Value = serde_json::from_str(error.get()).unwrap_or_default();
    refused::read_inside(&json!({ "error": error }))
}

//! Observes a stream; its frames pass as they are, unless the provider's are known to need mending.

use std::collections::BTreeMap;

use ferrogw_llm::{Chunk, ChunkKind, Failure, FailureClass, Observed, StreamFault};
use serde_json::Value;

use super::answer;
use super::repair::Repair;
use super::scan::{Choice, Frame};
use crate::frame::Event;
use crate::refused;
use crate::wire::{Call, Decoder, Progress};

/// Reads the frames of one stream.
pub(super) struct Frames {
    observed: Observed,
    /// Every alternative seen, and whether it told why it stopped.
    finished: BTreeMap<u32, bool>,
    reasoning_outside_output: bool,
    repair: Option<Repair>,
}

impl Frames {
    pub(super) fn new(call: &Call<'_>) -> Self {
        let quirks = &call.provider.quirks;
        Self {
            observed: Observed::default(),
            finished: BTreeMap::new(),
            reasoning_outside_output: quirks.reasoning_outside_output,
            repair: quirks.repair_frames.then(|| Repair::new(call)),
        }
    }

    /// Whether the end was told: there was an answer, and every alternative of it said why it stopped.
    fn is_complete(&self) -> bool {
        !self.finished.is_empty() && self.finished.values().all(|finished| *finished)
    }

    fn note(&mut self, frame: &Frame<'_>) {
        frame.note(&mut self.observed, self.reasoning_outside_output);
        for choice in frame.choices.iter().flatten() {
            *self.finished.entry(choice.index).or_default() |= choice.finish_reason().is_some();
        }
    }
}

impl Decoder for Frames {
    fn push(&mut self, event: &Event, out: &mut Vec<Chunk>) -> Result<Progress, StreamFault> {
        let data = event.data.trim_ascii();
        if data == b"[DONE]" {
            return if self.is_complete() { Ok(Progress::Done) } else { Err(StreamFault::Truncated) };
        }
        let unreadable = || StreamFault::Malformed("a frame is not the JSON of a chunk".to_owned());
        let text = std::str::from_utf8(data).map_err(|_| StreamFault::Malformed("a frame is not UTF-8".to_owned()))?;
        if &event.name[..] == b"error" {
            return Err(StreamFault::Upstream(reported(text)));
        }
        let frame: Frame<'_> = serde_json::from_str(text).map_err(|_| unreadable())?;
        if let Some(failure) = answer::error(&frame) {
            return Err(StreamFault::Upstream(failure));
        }
        self.note(&frame);
        let kind = kind(&frame);
        let data = match &mut self.repair {
            Some(repair) => repair.mend(&event.data, &mut self.observed.repairs).ok_or_else(unreadable)?,
            None => event.data.clone(),
        };
        out.push(Chunk { data, kind });
        Ok(Progress::More)
    }

    fn finish(&mut self, _: &mut Vec<Chunk>) -> Result<(), StreamFault> {
        if !self.is_complete() {
            return Err(StreamFault::Truncated);
        }
        // The end mark that the client gets is ours.
        self.observed.repairs += 1;
        Ok(())
    }

    fn observed(&self) -> &Observed {
        &self.observed
    }
}

fn kind(frame: &Frame<'_>) -> ChunkKind {
    match frame.choices.as_deref().unwrap_or_default() {
        [] if frame.usage(false).is_some() => ChunkKind::UsageOnly,
        choices if choices.iter().any(Choice::has_content) => ChunkKind::Content,
        _ => ChunkKind::Lead,
    }
}

/// The failure that an event named `error` reports.
fn reported(text: &str) -> Failure {
    match serde_json::from_str::<Value>(text) {
        Ok(json) => refused::read_inside(&json),
        Err(_) => Failure::ours(FailureClass::Server, "the provider broke off the answer with an error"),
    }
}

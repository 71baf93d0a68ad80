//! From the events of a streamed message to chunks.

mod blocks;
mod chunk;

use std::borrow::Cow;

use ferrogw_llm::{Chunk, ChunkKind, Observed, StreamFault};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use self::blocks::Blocks;
use self::chunk::{Delta, Writer};
use super::said::{End, Said};
use super::usage::Tally;
use crate::frame::Event;
use crate::refused;
use crate::text::{Text, or_empty};
use crate::wire::{Call, Decoder, Progress};

/// Reads the events of one message.
pub(super) struct Events {
    observed: Observed,
    created: i64,
    writer: Option<Writer>,
    blocks: Blocks,
    tally: Tally,
}

/// Any event; which members it has depends on its type.
#[derive(Deserialize)]
struct AnyEvent<'a> {
    #[serde(rename = "type", borrow, default, deserialize_with = "or_empty")]
    kind: Cow<'a, str>,
    #[serde(default)]
    index: u32,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    #[serde(borrow)]
    content_block: Option<&'a RawValue>,
    #[serde(borrow)]
    delta: Option<&'a RawValue>,
    #[serde(borrow)]
    usage: Option<&'a RawValue>,
    #[serde(borrow)]
    context_management: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Start<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    model: Cow<'a, str>,
    #[serde(borrow)]
    usage: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Stop<'a> {
    #[serde(borrow)]
    stop_reason: Option<Text<'a>>,
    #[serde(borrow)]
    stop_sequence: Option<&'a RawValue>,
    #[serde(borrow)]
    stop_details: Option<&'a RawValue>,
    #[serde(borrow)]
    container: Option<&'a RawValue>,
}

impl Events {
    pub(super) fn new(call: &Call<'_>) -> Self {
        Self {
            observed: Observed::default(),
            created: call.now_unix,
            writer: None,
            blocks: Blocks::default(),
            tally: Tally::default(),
        }
    }

    fn begin(&mut self, message: Option<&RawValue>, out: &mut Vec<Chunk>) -> Result<(), StreamFault> {
        let start: Start<'_> = read(message, "message_start")?;
        if let Some(usage) = start.usage {
            self.tally.hear(usage);
        }
        self.observed.id = Some(start.id.clone().into_owned());
        self.observed.model = Some(start.model.clone().into_owned());
        let writer = self.writer.insert(Writer::new(start.id.into_owned(), start.model.into_owned(), self.created));
        out.push(writer.delta(&Delta::role(), ChunkKind::Lead));
        Ok(())
    }

    /// The API tells the reason to stop once, and usage as often as it likes.
    fn change(&mut self, event: &AnyEvent<'_>, out: &mut Vec<Chunk>) -> Result<(), StreamFault> {
        if let Some(usage) = event.usage {
            self.tally.hear(usage);
        }
        let stop: Stop<'_> = read(event.delta, "message_delta")?;
        let Some(reason) = stop.stop_reason.filter(|_| self.observed.finish_reason.is_none()) else { return Ok(()) };
        let writer = self.writer.as_ref().ok_or_else(out_of_order)?;
        for said in self.blocks.close_all() {
            out.push(writer.delta(&Delta::said(said), ChunkKind::Content));
        }
        let end = End::new(Some(reason.0), stop.stop_sequence, stop.stop_details);
        self.observed.finish_reason = end.finish_reason.as_deref().map(str::to_owned);
        out.push(writer.end(end, stop.container, event.context_management));
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<Chunk>) -> Result<Progress, StreamFault> {
        let writer = self.writer.as_ref().filter(|_| self.observed.finish_reason.is_some()).ok_or_else(out_of_order)?;
        if let Some(usage) = self.tally.to_canonical() {
            out.push(writer.usage(&usage, self.tally.service_tier()));
        }
        Ok(Progress::Done)
    }

    fn observe(&mut self) {
        (self.observed.usage, self.observed.other_tier) = (self.tally.usage(), self.tally.is_of_other_tier());
    }

    fn say(&self, delta: Option<Delta<'_>>, out: &mut Vec<Chunk>) -> Result<(), StreamFault> {
        let writer = self.writer.as_ref().ok_or_else(out_of_order)?;
        out.extend(delta.map(|delta| writer.delta(&delta, ChunkKind::Content)));
        Ok(())
    }
}

impl Decoder for Events {
    fn push(&mut self, event: &Event, out: &mut Vec<Chunk>) -> Result<Progress, StreamFault> {
        let text = std::str::from_utf8(&event.data).map_err(|_| StreamFault::Malformed("an event is not UTF-8".to_owned()))?;
        let event: AnyEvent<'_> =
            serde_json::from_str(text).map_err(|_| StreamFault::Malformed("an event is not the JSON of one".to_owned()))?;
        match &*event.kind {
            "message_start" => self.begin(event.message, out)?,
            "content_block_start" => {
                let delta = self.blocks.start(event.index, read_raw(event.content_block)?)?;
                self.say(delta, out)?;
            }
            "content_block_delta" => {
                let delta = self.blocks.grow(event.index, read_raw(event.delta)?)?;
                self.say(delta, out)?;
            }
            "content_block_stop" => {
                let said: Option<Said<'_>> = self.blocks.close(event.index);
                self.say(said.map(Delta::said), out)?;
            }
            "message_delta" => self.change(&event, out)?,
            "message_stop" => {
                let progress = self.end(out)?;
                self.observe();
                return Ok(progress);
            }
            "error" => {
                return Err(StreamFault::Upstream(refused::read_inside(
                    &serde_json::from_str::<Value>(text).unwrap_or_default(),
                )));
            }
            // `ping`, and events of tomorrow: the API says that more may come. An error without a type is an error all the same.
            _ if event.error.is_some() => {
                return Err(StreamFault::Upstream(refused::read_inside(
                    &serde_json::from_str::<Value>(text).unwrap_or_default(),
                )));
            }
            _ => {}
        }
        self.observe();
        Ok(Progress::More)
    }

    fn finish(&mut self, _: &mut Vec<Chunk>) -> Result<(), StreamFault> {
        Err(StreamFault::Truncated)
    }

    fn observed(&self) -> &Observed {
        &self.observed
    }
}

fn read<'a, T: Deserialize<'a>>(json: Option<&'a RawValue>, what: &str) -> Result<T, StreamFault> {
    serde_json::from_str(read_raw(json)?.get())
        .map_err(|_| StreamFault::Malformed(format!("an event `{what}` lacks what belongs to it")))
}

fn read_raw(json: Option<&RawValue>) -> Result<&RawValue, StreamFault> {
    json.ok_or_else(|| StreamFault::Malformed("an event lacks what belongs to it".to_owned()))
}

fn out_of_order() -> StreamFault {
    StreamFault::Malformed("the events of a message are out of order".to_owned())
}

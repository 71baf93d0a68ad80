//! A stream on its way to the client.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{BufMut, Bytes, BytesMut};
use ferrogw_llm::{Chunk, ChunkKind};
use http_body::{Body, Frame};

use super::super::source::{Source, Step};
use crate::exchange::Account;
use crate::plugin::Filter;
use crate::rejection::Rejection;
use crate::surface;

/// What OpenAI's dialect ends a good stream with.
const DONE: &[u8] = b"data: [DONE]\n\n";

/// How long a stream whose client left after the model had stopped is read on for its usage, which comes last.
const USAGE: Duration = Duration::from_secs(2);

/// A stream on its way to the client, and its account.
pub(super) struct Stream {
    /// Where chunks come from; another attempt's source could take its place. `None`: everything is said.
    open: Option<(Box<Source>, Account)>,
    chunks: Vec<Chunk>,
    filters: Vec<Box<dyn Filter>>,
    tells_usage: bool,
}

impl Stream {
    pub(super) fn new(source: Box<Source>, account: Account, filters: Vec<Box<dyn Filter>>, tells_usage: bool) -> Self {
        Self { open: Some((source, account)), chunks: Vec::new(), filters, tells_usage }
    }

    /// Frames the chunks at hand.
    fn write_chunks(&mut self, out: &mut BytesMut) -> Result<(), Rejection> {
        out.reserve(self.chunks.iter().map(|chunk| chunk.data.len() + 8).sum());
        for mut chunk in self.chunks.drain(..) {
            if chunk.kind == ChunkKind::UsageOnly && !self.tells_usage {
                continue;
            }
            for filter in &mut self.filters {
                filter.pass(&mut chunk)?;
            }
            write(out, &chunk.data);
        }
        Ok(())
    }

    /// Says and records how the stream ended.
    fn end(&mut self, out: &mut BytesMut, fault: Option<&Rejection>) {
        let Some((source, mut account)) = self.open.take() else { return };
        account.observes(source.observed());
        match fault {
            None => {
                out.extend_from_slice(DONE);
                account.close();
                source.linger();
            }
            Some(rejection) => {
                write(out, &surface::envelope(rejection));
                account.close_broken(rejection);
            }
        }
    }

    /// What the provider's part of the stream came to.
    fn settle(&mut self, step: Step, out: &mut BytesMut) {
        match step {
            Step::More => {}
            Step::End => self.end(out, None),
            Step::Fault(failure) => {
                let Some((source, account)) = &mut self.open else { return };
                let failure = account.redacts(failure);
                source.failed(&failure);
                account.tried_in_vain(&failure);
                self.end(out, Some(&failure.into()));
            }
        }
    }
}

impl Body for Stream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = &mut *self;
        loop {
            let Some((source, _)) = &mut this.open else { return Poll::Ready(None) };
            let step = ready!(source.poll_step(cx, &mut this.chunks));
            let mut out = BytesMut::new();
            match this.write_chunks(&mut out) {
                Ok(()) => this.settle(step, &mut out),
                Err(rejection) => this.end(&mut out, Some(&rejection)),
            }
            if !out.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(out.freeze()))));
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.open.is_none()
    }
}

impl Drop for Stream {
    /// The client hung up: what it consumed so far is on its account.
    fn drop(&mut self) {
        let Some((mut source, mut account)) = self.open.take() else { return };
        account.observes(source.observed());
        let usage_is_next = source.observed().finish_reason.is_some() && source.observed().usage.is_none();
        if let (true, Ok(runtime)) = (usage_is_next, tokio::runtime::Handle::try_current()) {
            runtime.spawn(async move {
                let _ = tokio::time::timeout(USAGE, source.drain()).await;
                account.observes(source.observed());
            });
        }
    }
}

/// Writes an event; where its data has several lines, each says that it is one.
fn write(out: &mut BytesMut, data: &[u8]) {
    out.reserve(data.len() + 8);
    let mut line = |line: &[u8]| {
        out.put_slice(b"data: ");
        out.put_slice(line);
        out.put_slice(b"\n");
    };
    if data.contains(&b'\n') {
        data.split(|byte| *byte == b'\n').for_each(line);
    } else {
        line(data);
    }
    out.put_slice(b"\n");
}

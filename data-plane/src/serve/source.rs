//! A stream that answers, as chunks.
//!
//! Pulled and never pushed: nothing is read from the provider faster than the client takes it, and dropping the source is how the
//! provider hears that nobody listens any more.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use ferrogw_llm::{Chunk, ChunkKind, Failure, FailureClass, Observed, StreamFault};
use ferrogw_providers::{Progress, Stream, completions};
use http_body_util::BodyExt;
use hyper::body::{Body as _, Incoming};

use super::call::Prepared;
use super::timer::{Limit, Timer};
use crate::upstream::broken_body;
use crate::vitals::InFlight;

/// How much is put into one write when a lot has arrived at once, in bytes.
const BATCH: usize = 32 << 10;

/// How long a connection is read on after its stream told its end, so that the next request can use it.
const LINGER: Duration = Duration::from_secs(2);

/// What became of the stream after the chunks that were handed out.
#[derive(Debug)]
pub(super) enum Step {
    /// It goes on.
    More,
    /// It ended as it should.
    End,
    /// It broke.
    Fault(Failure),
}

/// A stream that answers.
pub(super) struct Source {
    body: Incoming,
    stream: Stream,
    by_way_of_chat: bool,
    timer: Timer,
    between_frames: Duration,
    /// Whether the timer has been set for the frame that is awaited.
    awaiting: bool,
    begun: bool,
    /// The body was read to its very end, so its connection is free.
    drained: bool,
    /// Chunks that came before the first content, and that itself.
    held: Vec<Chunk>,
    /// How the stream ended, if it did while its beginning was awaited.
    ended: Option<Step>,
    in_flight: InFlight,
}

impl Source {
    /// The stream in `body`, which answers `call`.
    pub(super) fn new(call: &Prepared, body: Incoming, mut timer: Timer, in_flight: InFlight) -> Self {
        let limits = call.limits();
        timer.expect(Limit::FirstContent, limits.first_content);
        Self {
            body,
            stream: Stream::new(call.decoder()),
            by_way_of_chat: call.by_way_of_chat,
            timer,
            between_frames: limits.between_frames,
            awaiting: true,
            begun: false,
            drained: false,
            held: Vec::new(),
            ended: None,
            in_flight,
        }
    }

    /// Waits for the first content. What came before it is held, so that until then nothing has been said to the client and
    /// another target can take over.
    pub(super) async fn begin(mut self) -> Result<Self, Failure> {
        let mut chunks = Vec::new();
        let last = loop {
            let step = poll_fn(|cx| self.poll_step(cx, &mut chunks)).await;
            let has_content = chunks.iter().any(|chunk| chunk.kind == ChunkKind::Content);
            match step {
                step if has_content => break step,
                Step::More => {}
                Step::Fault(failure) => return Err(failure),
                Step::End => return Err(Failure::ours(FailureClass::Malformed, "the stream ended without any content")),
            }
        };
        self.ended = Some(last).filter(|last| !matches!(last, Step::More));
        self.held = chunks;
        self.begun = true;
        self.awaiting = false;
        self.timer.release_request();
        Ok(self)
    }

    /// Appends what has arrived to `out`, and tells what became of the stream after it.
    pub(super) fn poll_step(&mut self, cx: &mut Context<'_>, out: &mut Vec<Chunk>) -> Poll<Step> {
        if !self.held.is_empty() {
            out.append(&mut self.held);
            // The content that was waited for is sent at once, and with it the end, if that is known already.
            return Poll::Ready(self.ended.take().unwrap_or(Step::More));
        }
        let (known, mut length) = (out.len(), 0);
        while length < BATCH {
            match Pin::new(&mut self.body).poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) => {
                    let Ok(data) = frame.into_data() else { continue };
                    length += data.len();
                    self.awaiting &= !self.begun;
                    if let Some(end) = self.read(Some(&data), out) {
                        return Poll::Ready(end);
                    }
                }
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Step::Fault(broken_body(&error))),
                Poll::Ready(None) => {
                    self.drained = true;
                    return Poll::Ready(self.read(None, out).unwrap_or(Step::End));
                }
                Poll::Pending if out.len() > known => break,
                Poll::Pending => return self.poll_timer(cx),
            }
        }
        Poll::Ready(Step::More)
    }

    /// What was observed so far.
    pub(super) fn observed(&self) -> &Observed {
        self.stream.observed()
    }

    /// Reads on to the end of the stream for the sake of what can be observed.
    pub(super) async fn drain(&mut self) {
        let mut unheard = Vec::new();
        while let Step::More = poll_fn(|cx| self.poll_step(cx, &mut unheard)).await {
            unheard.clear();
        }
    }

    /// Notes that the stream failed after all.
    pub(super) fn failed(&self, failure: &Failure) {
        self.in_flight.failed(failure);
    }

    /// Reads on, without keeping anybody waiting, until the connection is free for the next request.
    pub(super) fn linger(mut self: Box<Self>) {
        if self.drained {
            return;
        }
        let to_the_end = async move { while let Some(Ok(_)) = self.body.frame().await {} };
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(tokio::time::timeout(LINGER, to_the_end));
        }
    }

    /// Reads bytes as they arrived, or (`None`) their end; `Some`: the stream is over.
    fn read(&mut self, bytes: Option<&[u8]>, out: &mut Vec<Chunk>) -> Option<Step> {
        let known = out.len();
        let progress = match bytes {
            Some(bytes) => self.stream.push(bytes, out),
            None => self.stream.finish(out).map(|()| Progress::Done),
        };
        if let Err(malformed) = self.respell(&mut out[known..]) {
            return Some(malformed);
        }
        match progress {
            Ok(Progress::More) => None,
            Ok(Progress::Done) => Some(Step::End),
            Err(broken) => Some(fault(broken)),
        }
    }

    /// Makes chunks of a text completion out of chat's, where that was asked for.
    fn respell(&self, chunks: &mut [Chunk]) -> Result<(), Step> {
        if self.by_way_of_chat {
            for chunk in chunks {
                *chunk = completions::from_chat_chunk(chunk).map_err(|error| fault(StreamFault::Malformed(error.to_string())))?;
            }
        }
        Ok(())
    }

    fn poll_timer(&mut self, cx: &mut Context<'_>) -> Poll<Step> {
        if !self.awaiting {
            self.awaiting = true;
            self.timer.expect(Limit::BetweenFrames, self.between_frames);
        }
        self.timer.poll(cx).map(|limit| Step::Fault(limit.failure()))
    }
}

fn fault(fault: StreamFault) -> Step {
    Step::Fault(match fault {
        StreamFault::Upstream(failure) => failure,
        StreamFault::Malformed(detail) => Failure::ours(FailureClass::Malformed, detail),
        StreamFault::Truncated => Failure::ours(FailureClass::Connection, "the stream broke off before its end was told"),
    })
}

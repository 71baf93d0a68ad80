//! One attempt's timer: a single sleep, set anew for each thing that is waited for.
//!
//! Moving the due time into the future costs nothing but a store: the sleep is left alone, fires early and is then set again. So a
//! stream of a thousand frames touches the runtime's timer wheel a handful of times.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use ferrogw_llm::{Failure, FailureClass};
use tokio::time::{Instant, Sleep, sleep_until};

/// What ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limit {
    /// `timeouts.head`
    Head,
    /// `timeouts.first_content`
    FirstContent,
    /// `timeouts.between_frames`
    BetweenFrames,
    /// `timeouts.total`
    Total,
    /// `request_timeout`
    Request,
}

impl Limit {
    /// The failure of an attempt that ran into it.
    pub(crate) fn failure(self) -> Failure {
        let message = match self {
            Self::Head => "no answer came within `timeouts.head`",
            Self::FirstContent => "the stream brought no content within `timeouts.first_content`",
            Self::BetweenFrames => "the provider fell silent for longer than `timeouts.between_frames`",
            Self::Total => "the attempt took longer than `timeouts.total`",
            Self::Request => "the request took longer than `request_timeout`",
        };
        Failure::ours(FailureClass::Timer, message)
    }
}

/// The timer of one attempt.
#[derive(Debug)]
pub(crate) struct Timer {
    sleep: Pin<Box<Sleep>>,
    due: (Instant, Limit),
    total: Option<Instant>,
    request: Option<Instant>,
}

impl Timer {
    /// A timer that at first waits for `limit`; `total` and `request` bound everything from now on.
    pub(crate) fn start(limit: Limit, within: Duration, total: Option<Duration>, request: Option<Instant>) -> Self {
        let now = Instant::now();
        let due = now + within;
        Self { sleep: Box::pin(sleep_until(due)), due: (due, limit), total: total.map(|total| now + total), request }
    }

    /// Waits for something else from now on.
    pub(crate) fn expect(&mut self, limit: Limit, within: Duration) {
        self.due = (Instant::now() + within, limit);
    }

    /// The request's own bound holds no longer: its first content is there.
    pub(crate) fn release_request(&mut self) {
        self.request = None;
    }

    /// Ready when something ran out.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Limit> {
        let (due, limit) = self.next();
        if self.sleep.deadline() > due {
            self.sleep.as_mut().reset(due);
        }
        while self.sleep.as_mut().poll(cx).is_ready() {
            if Instant::now() >= due {
                return Poll::Ready(limit);
            }
            self.sleep.as_mut().reset(due);
        }
        Poll::Pending
    }

    /// Awaits `future` for as long as nothing runs out.
    pub(crate) async fn within<F: Future>(&mut self, future: F) -> Result<F::Output, Limit> {
        let mut future = pin!(future);
        poll_fn(|cx| match future.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Ok(output)),
            Poll::Pending => self.poll(cx).map(Err),
        })
        .await
    }

    /// What runs out first.
    fn next(&self) -> (Instant, Limit) {
        let whole = [self.total.map(|at| (at, Limit::Total)), self.request.map(|at| (at, Limit::Request))];
        whole.into_iter().flatten().fold(self.due, |first, other| if other.0 < first.0 { other } else { first })
    }
}

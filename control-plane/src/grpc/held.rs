//! A response stream that ends its pump when the caller drops it.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::mpsc;
use tokio_stream::Stream;
use tokio_util::task::AbortOnDropHandle;
use tonic::Status;

/// What a pump task sends, and the task itself. In process, a server that read its inbound only while its response is polled could
/// get stuck; a task of its own cannot, and it must not outlive the call.
pub(super) struct Held<T> {
    outbound: mpsc::Receiver<Result<T, Status>>,
    _pump: AbortOnDropHandle<()>,
}

impl<T> Held<T> {
    pub(super) fn new(outbound: mpsc::Receiver<Result<T, Status>>, pump: impl Future<Output = ()> + Send + 'static) -> Self {
        Self { outbound, _pump: AbortOnDropHandle::new(tokio::spawn(pump)) }
    }
}

impl<T> Stream for Held<T> {
    type Item = Result<T, Status>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.outbound.poll_recv(context)
    }
}

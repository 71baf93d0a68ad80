//! One client's connection: HTTP/1.1 or HTTP/2, whichever it begins with.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response};
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use hyper::rt::Executor;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;

use super::attendance::InFlight;
use super::socket::Socket;
use super::{Limits, Service};

/// Streams of one HTTP/2 connection that may be open at once.
const STREAMS: u32 = 256;

/// How connections of a core speak.
pub(super) fn builder(limits: &Limits) -> Builder<Here> {
    let mut builder = Builder::new(Here);
    // The core's roster watches the head's time, with no timer per request.
    builder.http1().header_read_timeout(None).max_buf_size(limits.head_bytes as usize).pipeline_flush(true);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(limits.head_bytes)
        .max_concurrent_streams(STREAMS)
        .keep_alive_interval(limits.idle / 2)
        .keep_alive_timeout(limits.head);
    builder
}

/// Serves requests until the client hangs up, or is asked to, or errs.
pub(super) async fn serve(builder: Rc<Builder<Here>>, socket: Socket, service: impl Service) {
    let (attendance, peer) = (socket.attendance.clone(), socket.peer);
    let entrance = attendance.clone();
    let answer = service_fn(move |request: Request<Incoming>| {
        let in_flight = entrance.enter(request.version());
        let answer = service.answer(request, peer);
        async move { Ok::<_, Infallible>(attended(answer.await, in_flight)) }
    });
    let mut connection = Box::pin(builder.serve_connection(TokioIo::new(socket), answer));
    let ended = poll_fn(|cx| {
        if attendance.is_asked_to_leave(cx) {
            connection.as_mut().graceful_shutdown();
        }
        connection.as_mut().poll(cx)
    })
    .await;
    if let Err(error) = ended {
        tracing::trace!(error = %error, "a client's connection broke");
    }
}

fn attended(response: Response<Body>, in_flight: InFlight) -> Response<Attended> {
    response.map(|body| Attended { body, _in_flight: in_flight })
}

/// An answer's body; its request is in flight until the body is gone.
pub(super) struct Attended {
    body: Body,
    _in_flight: InFlight,
}

impl http_body::Body for Attended {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Runs the streams of an HTTP/2 connection on the core that has the connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Here;

impl<F: Future<Output = ()> + 'static> Executor<F> for Here {
    fn execute(&self, task: F) {
        tokio::task::spawn_local(task);
    }
}

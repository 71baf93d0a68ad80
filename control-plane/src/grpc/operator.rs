//! The `Operator` service: what people and their scripts watch.
//!
//! Who may call was decided before a call comes here. Its streams have no end of their own, so each looks now and then whether its
//! caller's credential is still good, and ends when the process is about to.

use std::time::Duration;

use ferrogw_proto::operator::operator_server::{self, OperatorServer};
use ferrogw_proto::operator::{LogEntry, TailLogsRequest, WatchWorkersRequest, Workers};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use crate::app::App;
use crate::auth::{Credential, JUDGE_EVERY};

mod tail;
mod translate;
mod workers;

/// Messages that the caller has not read yet.
const OUTBOUND: usize = 16;

/// How long a caller that reads slowly has to hear why its stream ends.
const LAST_WORD: Duration = Duration::from_secs(1);

/// The service, behind whatever decides who may call.
pub(crate) fn service(app: App) -> OperatorServer<impl operator_server::Operator> {
    OperatorServer::new(Operator { app })
}

struct Operator {
    app: App,
}

#[tonic::async_trait]
impl operator_server::Operator for Operator {
    type WatchWorkersStream = ReceiverStream<Result<Workers, Status>>;
    type TailLogsStream = ReceiverStream<Result<LogEntry, Status>>;

    async fn watch_workers(&self, call: Request<WatchWorkersRequest>) -> Result<Response<Self::WatchWorkersStream>, Status> {
        let (line, stream) = Line::open(&self.app, &call)?;
        tokio::spawn(line.run(workers::watch));
        Ok(Response::new(stream))
    }

    async fn tail_logs(&self, call: Request<TailLogsRequest>) -> Result<Response<Self::TailLogsStream>, Status> {
        let (line, stream) = Line::open(&self.app, &call)?;
        let tail = tail::Tail::open(&self.app, call.into_inner()).await?;
        tokio::spawn(line.run(async |line: &mut Line<LogEntry>| tail.follow(line).await));
        Ok(Response::new(stream))
    }
}

/// A stream to an operator.
struct Line<T> {
    app: App,
    credential: Credential,
    judged: Instant,
    outbound: mpsc::Sender<Result<T, Status>>,
}

/// Why a stream is over.
enum End {
    /// The caller is gone.
    Gone,
    /// The caller is told why.
    Told(Status),
}

impl<T> Line<T> {
    fn open<R>(app: &App, call: &Request<R>) -> Result<(Self, ReceiverStream<Result<T, Status>>), Status> {
        let credential = call.extensions().get::<Credential>().cloned();
        let credential = credential.ok_or_else(|| Status::internal("the operator service is not guarded"))?;
        let (outbound, stream) = mpsc::channel(OUTBOUND);
        Ok((Self { app: app.clone(), credential, judged: Instant::now(), outbound }, ReceiverStream::new(stream)))
    }

    /// Talks until it is over, and says why it is.
    async fn run(mut self, talk: impl AsyncFnOnce(&mut Self) -> End) {
        if let End::Told(status) = talk(&mut self).await {
            let _ = timeout(LAST_WORD, self.outbound.send(Err(status))).await;
        }
    }

    /// Waits until the caller is gone or the process is about to end.
    async fn over(&self) -> End {
        tokio::select! {
            () = self.outbound.closed() => End::Gone,
            () = self.app.closing.cancelled() => End::Told(Status::unavailable("the control plane is shutting down")),
        }
    }

    /// Sends a message as soon as the caller reads, if its credential is still good.
    async fn send(&mut self, message: T) -> Result<(), End> {
        self.judge().await?;
        tokio::select! {
            end = self.over() => Err(end),
            sent = self.outbound.send(Ok(message)) => sent.map_err(|_| End::Gone),
        }
    }

    /// Looks whether the caller's credential is still good, when it is time to.
    async fn judge(&mut self) -> Result<(), End> {
        if self.judged.elapsed() < JUDGE_EVERY {
            return Ok(());
        }
        self.judged = Instant::now();
        if self.credential.may_still_read(&self.app).await {
            return Ok(());
        }
        Err(End::Told(Status::unauthenticated("the credential was revoked, has expired or may not read any more")))
    }
}

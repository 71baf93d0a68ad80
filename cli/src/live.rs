//! Streams that the gateway keeps open, over gRPC on the admin address: connecting, waiting, and connecting again.

pub(crate) mod translate;

use std::ops::ControlFlow;
use std::time::Duration;

use ferrogw_api::Client;
use ferrogw_api::client::Unusable;
use ferrogw_config::Secret;
use ferrogw_proto::operator::operator_client::OperatorClient;
use ferrogw_proto::operator::{LogEntry, TailLogsRequest, WatchWorkersRequest, Workers};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::{Channel, ClientTlsConfig, Endpoint};
use tonic::{Code, Request, Status, Streaming};

use crate::args::Connection;
use crate::failure::{Failure, root_of};
use crate::output::Output;

/// How long a connection may take to be made, and how long a silent one is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long is waited before the first try to connect again; it doubles with each.
const SHORTEST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(15);

/// A way to the gateway's streams.
pub(crate) struct Live {
    channel: Channel,
    authorization: Option<MetadataValue<Ascii>>,
    pub(crate) base: String,
}

impl Live {
    /// Makes one; nothing is connected yet.
    pub(crate) fn new(connection: &Connection) -> Result<Self, Failure> {
        // Standard input may hold the key, and is there once.
        let key = connection.credential()?;
        // Its checks of the address and the key, and its choice of cryptography, hold here too.
        let base = Client::new(&connection.gateway_url, key.as_ref())?.base().origin().ascii_serialization();
        let unusable = |_| Failure::Usage(format!("`{base}` cannot be called over gRPC"));
        let mut endpoint = Endpoint::from_shared(base.clone()).map_err(unusable)?;
        if base.starts_with("https:") {
            endpoint = endpoint.tls_config(ClientTlsConfig::new().with_native_roots()).map_err(unusable)?;
        }
        let channel = endpoint
            .connect_timeout(PATIENCE)
            .tcp_nodelay(true)
            .http2_keep_alive_interval(PATIENCE / 2)
            .keep_alive_timeout(PATIENCE / 2)
            .keep_alive_while_idle(true)
            .connect_lazy();
        Ok(Self { channel, authorization: key.as_ref().map(authorization).transpose()?, base })
    }

    /// All workers, again whenever something about them changes.
    pub(crate) async fn workers(&self) -> Result<Streaming<Workers>, Status> {
        let answer = OperatorClient::new(self.channel.clone()).watch_workers(self.request(WatchWorkersRequest {})).await;
        answer.map(tonic::Response::into_inner)
    }

    /// Requests as they are stored.
    pub(crate) async fn logs(&self, wanted: TailLogsRequest) -> Result<Streaming<LogEntry>, Status> {
        let answer = OperatorClient::new(self.channel.clone()).tail_logs(self.request(wanted)).await;
        answer.map(tonic::Response::into_inner)
    }

    fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        if let Some(authorization) = &self.authorization {
            request.metadata_mut().insert("authorization", authorization.clone());
        }
        request
    }
}

fn authorization(key: &Secret<String>) -> Result<MetadataValue<Ascii>, Failure> {
    MetadataValue::try_from(format!("Bearer {}", key.expose())).map_err(|_| Failure::Connection(Unusable::Credential))
}

/// Hands each message of a stream to `take` until that says to stop. A stream that breaks is opened again, for as long as it takes;
/// one that never was open, or that is refused, is a failure.
pub(crate) async fn follow<T>(
    base: &str,
    output: Output,
    open: impl AsyncFn() -> Result<Streaming<T>, Status>,
    mut take: impl FnMut(T) -> Result<ControlFlow<()>, Failure>,
) -> Result<(), Failure> {
    let failed = |status: Status| Failure::Stream { base: base.to_owned(), status: Box::new(status) };
    let mut known = false;
    let mut pause = SHORTEST;
    loop {
        let broken = match open().await {
            Err(status) if !known => return Err(failed(status)),
            Err(status) => status,
            Ok(mut stream) => {
                if known {
                    output.note("connected again");
                }
                known = true;
                loop {
                    match stream.message().await {
                        Ok(Some(message)) => {
                            pause = SHORTEST;
                            if take(message)?.is_break() {
                                return Ok(());
                            }
                        }
                        Ok(None) => break Status::unavailable("the stream ended"),
                        Err(status) => break status,
                    }
                }
            }
        };
        if is_final(&broken) {
            return Err(failed(broken));
        }
        output.note(&format!("connection lost: {}; trying again in {:.1} s", root_of(&broken), pause.as_secs_f32()));
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST);
    }
}

/// Whether trying again would end in the same way.
fn is_final(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::Unauthenticated
            | Code::PermissionDenied
            | Code::InvalidArgument
            | Code::FailedPrecondition
            | Code::NotFound
            | Code::Unimplemented
    )
}

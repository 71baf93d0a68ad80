//! The way to providers: one pooled client per core, over what all cores share (trust, proxies, the egress rule).
//!
//! HTTP/1.1 and HTTP/2 by ALPN, plain and TLS; redirects are never followed, because they would carry a credential elsewhere. A
//! pooled connection that turns out dead before a byte of the request was written is replaced without anybody noticing; once
//! bytes were written the request may have been acted on, and another try is the retry policy's business.

mod connect;
mod egress;
mod fault;
mod proxy;
mod tls;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, header};
use http_body_util::Full;
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};

pub use egress::Egress;
pub use hyper_util::client::legacy::ResponseFuture;
pub use tls::InvalidTrust;

pub(crate) use fault::{broken_body, unanswered};

use self::connect::Connector;
use self::proxy::Proxies;
use crate::environment::Environment;
use crate::snapshot::Live;

/// How long an unused connection is kept: shorter than the minute after which most servers close it.
const IDLE: Duration = Duration::from_secs(50);

/// What the clients of all cores share.
#[derive(Debug, Clone)]
pub struct Transport {
    tls: Arc<rustls::ClientConfig>,
    proxies: Arc<Proxies>,
    egress: Egress,
}

impl Transport {
    /// Reads trust and proxies from the environment: the system's certificates (`SSL_CERT_FILE` replaces them),
    /// `FERROGW_CA_FILE` in addition to them, `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`.
    ///
    /// # Errors
    ///
    /// [`InvalidTrust`] when `FERROGW_CA_FILE` cannot be used.
    pub fn of(environment: &Environment) -> Result<Self, InvalidTrust> {
        let tls = Arc::new(tls::client(environment)?);
        Ok(Self { tls, proxies: Arc::new(Proxies::of(environment)), egress: Egress::of(environment) })
    }
}

/// One core's connections to providers. Cloning it shares them.
#[derive(Clone)]
pub struct Client {
    http: legacy::Client<Connector, Full<Bytes>>,
    proxies: Arc<Proxies>,
}

impl Client {
    /// A client without connections. `live` tells how long each host's connecting may take.
    #[must_use]
    pub fn new(transport: &Transport, live: Arc<Live>) -> Self {
        let http = legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .http2_adaptive_window(true)
            .http2_keep_alive_interval(Duration::from_secs(20))
            .build(Connector::new(transport, live));
        Self { http, proxies: Arc::clone(&transport.proxies) }
    }

    /// Sends a request; dropping the future, or the answer's body, cancels it.
    pub fn send(&self, mut request: Request<Full<Bytes>>) -> ResponseFuture {
        if let Some(login) = self.proxies.login_for(request.uri()) {
            request.headers_mut().insert(header::PROXY_AUTHORIZATION, login);
        }
        self.http.request(request)
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Client")
    }
}

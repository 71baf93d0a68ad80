//! TLS in front of what the suite starts: an authority that nobody trusts unless told to, and doors that show its certificate.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response, Version};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// What a door offers to speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// HTTP/1.1
    Http1,
    /// HTTP/2
    Http2,
}

impl Protocol {
    fn name(self) -> Vec<u8> {
        match self {
            Self::Http1 => b"http/1.1".to_vec(),
            Self::Http2 => b"h2".to_vec(),
        }
    }
}

/// A private authority with one certificate, for `localhost`.
pub struct Authority {
    file: PathBuf,
    certificate: rcgen::CertifiedKey<rcgen::KeyPair>,
}

impl Authority {
    /// A new one, whose certificate is written to a file for `FERROGW_CA_FILE`.
    ///
    /// # Panics
    /// When the machine makes no certificate or no file.
    #[must_use]
    pub fn new() -> Self {
        let certificate = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        let file = crate::scratch("authority").join("ca.pem");
        std::fs::write(&file, certificate.cert.pem()).expect("a file");
        Self { file, certificate }
    }

    /// The certificate's file.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// A door to whatever listens at the loopback port `behind`; its own port.
    ///
    /// # Panics
    /// When there is no free port.
    pub async fn door_to(&self, behind: u16, offer: Protocol) -> u16 {
        self.open(offer, move |mut client| async move {
            let Ok(mut server) = TcpStream::connect(("127.0.0.1", behind)).await else { return };
            let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
        })
        .await
    }

    /// A server that answers every request with this JSON; its port, and which versions of HTTP it was asked in.
    ///
    /// # Panics
    /// When there is no free port.
    pub async fn server(&self, offer: Protocol, answer: String) -> (u16, Arc<Mutex<Vec<Version>>>) {
        let versions: Arc<Mutex<Vec<Version>>> = Arc::default();
        let (seen, answer) = (Arc::clone(&versions), Bytes::from(answer));
        let port = self.open(offer, move |client| {
            let (seen, answer) = (Arc::clone(&seen), answer.clone());
            let service = service_fn(move |request: Request<Incoming>| {
                seen.lock().expect("nobody panics while holding it").push(request.version());
                let response = Response::builder().header("content-type", "application/json").body(Full::new(answer.clone()));
                async { Ok::<_, Infallible>(response.expect("constant parts")) }
            });
            async move { drop(Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(client), service).await) }
        });
        (port.await, versions)
    }

    async fn open<F>(
        &self,
        offer: Protocol,
        serve: impl Fn(tokio_rustls::server::TlsStream<TcpStream>) -> F + Send + 'static,
    ) -> u16
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let acceptor = TlsAcceptor::from(Arc::new(self.config(offer)));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A client that does not trust us hangs up here.
                if let Ok(client) = acceptor.accept(stream).await {
                    tokio::spawn(serve(client));
                }
            }
        });
        port
    }

    fn config(&self, offer: Protocol) -> ServerConfig {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.certificate.signing_key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("ring has them");
        let mut config = config
            .with_no_client_auth()
            .with_single_cert(vec![self.certificate.cert.der().clone()], key)
            .expect("the certificate belongs to its key");
        config.alpn_protocols = vec![offer.name()];
        config
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

//! The playground: an operator's requests to models, made through a worker as any client would make them.
//!
//! Workers know no sessions and no admin keys. So the control plane makes a key for inference that lives some minutes, pushes it as it
//! pushes all keys, and calls a worker at the address that the worker said in its hello; nothing else is ever called.

use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Client, Method, Response, Url};
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::app::App;
use crate::store::StoreError;

mod choice;
mod egress;
mod key;

pub(crate) use choice::default_url;
pub(crate) use key::sweep;

use choice::Candidate;
use egress::Guarded;
use key::Keeper;

/// How long a worker may take to accept a connection. How long it may take to answer is the configuration's to say.
const CONNECT: Duration = Duration::from_secs(5);

/// What a playground needs to keep.
#[derive(Debug, Default)]
pub(crate) struct Playground {
    /// Made when it is first needed: most control planes never ask.
    http: OnceCell<Client>,
    keeper: Keeper,
}

/// What is asked of a worker.
#[derive(Debug)]
pub(crate) struct Question {
    /// GET or POST.
    pub(crate) method: Method,
    /// One of the paths that the playground knows, e.g. `v1/models`.
    pub(crate) path: &'static str,
    /// What the body is.
    pub(crate) content_type: Option<HeaderValue>,
    /// The body.
    pub(crate) body: Bytes,
    /// Under which id it is found in the request log.
    pub(crate) request_id: String,
}

/// Why a question was not put to a worker, or has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unanswered {
    /// The key cannot be made.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nobody can be asked from here.
    #[error("no HTTP client could be made to ask workers with")]
    Transport(#[source] reqwest::Error),
    /// There is nobody to ask.
    #[error("no worker is connected to this control plane")]
    NoWorker,
    /// Nobody serves what is in force.
    #[error("no connected worker serves the configuration and the keys in force yet; look at the workers for what they refuse")]
    NoneCurrent,
    /// The worker says an address that nobody may be sent to.
    #[error("the worker {worker} says that it is at {url}, which is no address of a worker; set FERROGW_ADVERTISE_URL there")]
    Address {
        /// The worker's name.
        worker: String,
        /// What it says.
        url: String,
    },
    /// The worker is not at its address.
    #[error("the worker {worker} cannot be reached at {url}; set FERROGW_ADVERTISE_URL there to its address as seen from here")]
    Unreachable {
        /// The worker's name.
        worker: String,
        /// Its address.
        url: String,
        /// What the network said.
        #[source]
        source: reqwest::Error,
    },
    /// The worker's answer broke off, or is none of a worker's.
    #[error("the worker {worker} gave no answer that a worker gives")]
    Odd {
        /// The worker's name.
        worker: String,
    },
}

impl Playground {
    /// Puts a question to the least busy worker that serves what is in force; which one, and its answer as it begins.
    pub(crate) async fn ask(&self, app: &App, question: &Question) -> Result<(Uuid, Response), Unanswered> {
        match self.ask_once(app, question).await {
            // A key that a worker does not know any more (the store was restored, say) is of no use to anybody.
            Err(Unanswered::Odd { .. }) => {
                self.keeper.forget().await;
                self.ask_once(app, question).await
            }
            answer => answer,
        }
    }

    async fn ask_once(&self, app: &App, question: &Question) -> Result<(Uuid, Response), Unanswered> {
        let key = self.keeper.key(&app.store).await?;
        let mut unreachable = Unanswered::NoWorker;
        for worker in choice::candidates(app, key.key.revision).await? {
            let mut secret = HeaderValue::try_from(format!("Bearer {}", key.secret.expose())).expect("a key is a header value");
            secret.set_sensitive(true);
            match self.put(&worker, question, secret).await {
                // Nothing was asked yet, so another one can be.
                Err(Unanswered::Unreachable { source, worker, url }) if source.is_connect() => {
                    unreachable = Unanswered::Unreachable { source, worker, url };
                }
                answer => return Ok((worker.id, answer?)),
            }
        }
        Err(unreachable)
    }

    async fn put(&self, worker: &Candidate, question: &Question, secret: HeaderValue) -> Result<Response, Unanswered> {
        let name = || worker.name.clone();
        let url =
            address(&worker.url, question.path).ok_or_else(|| Unanswered::Address { worker: name(), url: worker.url.clone() })?;
        let http = self.http.get_or_try_init(async || transport()).await.map_err(Unanswered::Transport)?;
        let mut request = http
            .request(question.method.clone(), url)
            .header(AUTHORIZATION, secret)
            .header(HeaderName::from_static("x-request-id"), &question.request_id)
            .header(ACCEPT, "*/*");
        if let Some(kind) = &question.content_type {
            request = request.header(CONTENT_TYPE, kind).body(question.body.clone());
        }
        let unreachable = |source: reqwest::Error| Unanswered::Unreachable {
            worker: name(),
            url: worker.url.clone(),
            source: source.without_url(),
        };
        let response = request.send().await.map_err(unreachable)?;
        // The key is ours: where it is refused, or the client sent elsewhere, it is not the operator who erred.
        let odd = response.status().is_redirection() || response.status().as_u16() == 401;
        if odd { Err(Unanswered::Odd { worker: name() }) } else { Ok(response) }
    }
}

fn transport() -> Result<Client, reqwest::Error> {
    // A process that already chose a provider keeps it; the second call is then refused, which is what is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = || {
        Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .dns_resolver(Guarded)
            .connect_timeout(CONNECT)
            // A connection each: whoever hangs up here hangs up there.
            .pool_max_idle_per_host(0)
            .user_agent(concat!("ferrogw-control-plane/", env!("CARGO_PKG_VERSION")))
    };
    // A system without certificates can ask workers that speak no TLS.
    builder().build().or_else(|_| builder().tls_certs_only([]).build())
}

/// The address of `path` at a worker, if the worker's is one that may be called.
fn address(base: &str, path: &str) -> Option<Url> {
    let mut url = Url::parse(base).ok()?;
    let plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    let literal = url.host_str()?.trim_matches(['[', ']']).parse::<IpAddr>();
    if !plain || literal.is_ok_and(egress::is_forbidden) {
        return None;
    }
    let path = format!("{}/{path}", url.path().trim_end_matches('/'));
    url.set_path(&path);
    url.set_query(None);
    url.set_fragment(None);
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::address;

    fn at(base: &str) -> Option<String> {
        address(base, "v1/models").map(Into::into)
    }

    #[test]
    fn a_worker_may_be_anywhere_that_a_server_can_be() {
        assert_eq!(at("http://127.0.0.1:8080").as_deref(), Some("http://127.0.0.1:8080/v1/models"));
        assert_eq!(at("https://worker.internal/ai/?x#y").as_deref(), Some("https://worker.internal/ai/v1/models"));
        assert_eq!(at("http://[fd12::1]:8080/").as_deref(), Some("http://[fd12::1]:8080/v1/models"));
    }

    #[test]
    fn what_is_no_workers_address_is_not_called() {
        for base in [
            "",
            "worker:8080",
            "file:///etc/passwd",
            "http://user:password@worker",
            "http://169.254.169.254",
            "http://[fe80::1]:8080",
            "http://0.0.0.0:8080",
            "http://[::ffff:169.254.169.254]",
            "http://2852039166/",
            "http://100.100.100.200",
            "http://[fd00:ec2::254]",
        ] {
            assert_eq!(at(base), None, "{base}");
        }
    }
}

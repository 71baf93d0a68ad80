//! The typed client: one method per endpoint.
//!
//! What is not evidence of success is an error: a redirect (never followed, so the credential goes nowhere else), an empty
//! answer where a record is due, an answer of another shape.

mod error;
// A browser reads what is still being sent by itself: as an event source, or into a file.
#[cfg(not(target_arch = "wasm32"))]
mod events;
mod exchange;
mod path;
mod probe;
mod resources;
#[cfg(not(target_arch = "wasm32"))]
mod stream;
mod transport;

use ferrogw_config::Secret;
use http::Method;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};

pub use error::{Error, Unusable};
pub use probe::Alive;
pub use resources::{Change, Current, HistoryQuery, KeyUsageQuery, Purge};
#[cfg(not(target_arch = "wasm32"))]
pub use stream::{Download, LogTail};
pub use transport::{TransportError, Url};

use exchange::Exchange;
use path::Path;
use transport::RequestBuilder;

/// What tells a call of the gateway's own page from one that another page made the browser send.
const PAGE_HEADER: HeaderName = HeaderName::from_static("x-ferrogw-request");
const PAGE: &str = "dashboard";

/// How long an answer may take.
const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(15);

/// A way to one control plane, with one credential.
#[derive(Debug, Clone)]
pub struct Client {
    http: transport::Client,
    base: Url,
    authorization: Option<HeaderValue>,
}

impl Client {
    /// A client of the gateway or control plane at `base`, e.g. `http://localhost:8080`. Without a credential it is a page of the
    /// gateway's own: the browser adds the session's cookie, and the client what tells its calls from another page's.
    ///
    /// # Errors
    ///
    /// `base` is no http(s) URL or holds a user, or the credential holds characters that no header can carry.
    pub fn new(base: &str, credential: Option<&Secret<String>>) -> Result<Self, Unusable> {
        // What stands before an `@` may be a password.
        let shown = || base.rsplit_once('@').map_or(base, |(_, place)| place).to_owned();
        let url = Url::parse(base).map_err(|_| Unusable::Url(shown()))?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(Unusable::Url(shown()));
        }
        // A browser calls the page's own origin, which has none.
        #[cfg(not(target_arch = "wasm32"))]
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Unusable::Userinfo);
        }
        let authorization = credential.map(bearer).transpose()?;
        Ok(Self { http: transport::client().map_err(Unusable::Transport)?, base: url, authorization })
    }

    /// The address it talks to.
    #[must_use]
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// How far this machine's clock is behind the control plane's, by the last answer; `None`: nothing has answered yet.
    #[cfg(target_arch = "wasm32")]
    #[must_use]
    pub fn clock_behind(&self) -> Option<time::Duration> {
        self.http.clock_behind()
    }

    /// The `OpenAPI` document of the admin API.
    ///
    /// # Errors
    ///
    /// As every method of this type: [`Error`].
    pub async fn openapi(&self) -> Result<serde_json::Value, Error> {
        self.get(Path::of(&["openapi.json"])).json().await
    }

    fn get(&self, path: Path) -> Exchange {
        self.exchange(Method::GET, path)
    }

    fn exchange(&self, method: Method, path: Path) -> Exchange {
        let mut exchange = self.lasting(method, path);
        exchange.request = exchange.request.timeout(TIMEOUT);
        exchange
    }

    /// An exchange whose answer may take as long as it likes.
    fn lasting(&self, method: Method, path: Path) -> Exchange {
        let url = path.under(&self.base);
        let mut request: RequestBuilder = self.http.request(method.clone(), url.clone());
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization.clone());
        } else {
            request = request.header(PAGE_HEADER, PAGE);
        }
        Exchange { request, method, path, url, also: None }
    }
}

fn bearer(credential: &Secret<String>) -> Result<HeaderValue, Unusable> {
    let mut value = HeaderValue::try_from(format!("Bearer {}", credential.expose())).map_err(|_| Unusable::Credential)?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests;

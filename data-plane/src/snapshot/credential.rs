//! What opens a target: its credential and headers, out of the worker's environment.
//!
//! The one rule that matters here: a provider's own variable (`OPENAI_API_KEY` …) goes to that provider's catalog host or to its
//! own address variable and nowhere else, whoever writes the configuration. The control plane checks what it can; the worker,
//! which knows the environment, is the one that enforces it.

use ferrogw_config::catalog::{self, Auth, Provider};
use ferrogw_config::{Target, variable};
use http::{HeaderMap, HeaderName, HeaderValue, header};

use super::endpoint::{Endpoint, segment};
use crate::environment::Environment;

/// Why a target has no credential or headers.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The document is at fault: it is refused. (path within the target, message, hint)
    Document(String, String, &'static str),
    /// This worker lacks something: the target is unroutable here.
    Worker(String),
}

/// A target's credential and headers being worked out.
pub(super) struct Credentials<'a> {
    pub environment: &'a Environment,
    pub target: &'a Target,
    pub provider: &'static Provider,
    pub endpoint: &'a Endpoint,
}

impl Credentials<'_> {
    /// Every header that does not depend on the request.
    pub(super) fn headers(&self) -> Result<HeaderMap, Trouble> {
        let mut headers = HeaderMap::with_capacity(4 + self.target.headers.len());
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::USER_AGENT, HeaderValue::from_static(concat!("ferrogw/", env!("CARGO_PKG_VERSION"))));
        if let Some(login) = self.endpoint.login() {
            headers.insert(header::AUTHORIZATION, login.clone());
        }
        if let Some((name, value)) = self.credential()? {
            headers.insert(name, value);
        }
        for (name, text) in &self.target.headers {
            let path = format!("headers.{name}");
            let value = self.resolve(&path, text)?;
            let parsed = HeaderName::try_from(name.as_str()).ok().filter(|name| !is_ours(name));
            let (Some(name), Some(value)) = (parsed, sensitive(&value)) else {
                let message = "is not a header that can be sent".to_owned();
                return Err(Trouble::Document(path, message, "use another name, and a value without control characters"));
            };
            headers.insert(name, value);
        }
        Ok(headers)
    }

    fn credential(&self) -> Result<Option<(HeaderName, HeaderValue)>, Trouble> {
        let Some((secret, origin)) = self.secret()? else { return Ok(None) };
        let (name, text) = match self.provider.auth {
            Auth::Header(name) => (HeaderName::from_static(name), secret),
            Auth::Bearer | Auth::None => (header::AUTHORIZATION, format!("Bearer {secret}")),
        };
        match sensitive(&text) {
            Some(value) => Ok(Some((name, value))),
            None => Err(Trouble::Worker(format!("the credential in {origin} has characters that no header can carry"))),
        }
    }

    /// The secret and where it was found.
    fn secret(&self) -> Result<Option<(String, String)>, Trouble> {
        if let Some(text) = &self.target.api_key {
            let secret = self.resolve("api_key", text)?;
            return match secret.trim() {
                "" => Err(Trouble::Worker(format!("{text} is empty on this worker; set it"))),
                secret => Ok(Some((secret.to_owned(), text.clone()))),
            };
        }
        let Some(name) = self.provider.credential_env else { return Ok(None) };
        if !may_receive(self.endpoint, self.provider, self.environment) {
            return Ok(None);
        }
        match self.environment.get(name) {
            Some(secret) => Ok(Some((secret.to_owned(), name.to_owned()))),
            None => Err(Trouble::Worker(format!("{name} is not set on this worker; set it and restart the worker"))),
        }
    }

    /// Resolves `${VAR}` in a text of the document.
    fn resolve(&self, path: &str, text: &str) -> Result<String, Trouble> {
        for name in variable::names(text) {
            if !variable::may_be_used(name) {
                let message = format!("may not use the gateway's own variable {name}");
                return Err(Trouble::Document(path.to_owned(), message, "name a variable of this target's own"));
            }
            let owner = catalog::owner_of_variable(name);
            if owner.is_some_and(|owner| !may_receive(self.endpoint, owner, self.environment)) {
                let message = format!("{name} may go only to its provider's own address");
                let hint = "keep this address's credential in a variable of another name";
                return Err(Trouble::Document(path.to_owned(), message, hint));
            }
        }
        variable::resolve(text, |name| self.environment.defined(name).map(str::to_owned)).map_err(|missing| {
            let message = format!("{} is not set on this worker", missing.join(", "));
            Trouble::Document(path.to_owned(), message, "set it in the worker's environment")
        })
    }
}

/// Whether the secrets of `owner` may be sent to `endpoint`.
fn may_receive(endpoint: &Endpoint, owner: &'static Provider, environment: &Environment) -> bool {
    let catalog = root(owner, environment).ok();
    let variable = environment.get(owner.base_url_env);
    let variable = variable.and_then(|text| Endpoint::parse_variable(text, owner.base_url).ok());
    [catalog, variable].iter().flatten().any(|own| own.same_origin(endpoint))
}

/// The catalog's API root of `provider`, its settings filled in; or what is missing on this worker.
pub(super) fn root(provider: &'static Provider, environment: &Environment) -> Result<Endpoint, String> {
    if provider.base_url.is_empty() {
        return Err(format!("{} is not set on this worker; set it to the provider's address", provider.base_url_env));
    }
    let mut text = provider.base_url.to_owned();
    for name in provider.settings {
        let value = environment.get(name).ok_or_else(|| format!("{name} is not set on this worker; set it"))?;
        let escaped = segment(value).ok_or_else(|| format!("{name} is no usable setting; mend it"))?;
        text = text.replace(&format!("{{{name}}}"), &escaped);
    }
    Endpoint::parse(&text).map_err(|error| format!("the catalog's address {error}"))
}

/// Headers that belong to the message itself, which whoever sends it has to write.
fn is_ours(name: &HeaderName) -> bool {
    [header::HOST, header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION, header::UPGRADE, header::TE]
        .contains(name)
}

fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests;

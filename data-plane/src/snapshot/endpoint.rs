//! Where a target's API is: the root of its addresses.

use base64::Engine as _;
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderValue, Uri};

/// An API root, e.g. `https://api.openai.com/v1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    scheme: Scheme,
    authority: Authority,
    /// Begins with a slash unless empty, and never ends with one.
    path: String,
    /// The address's own user and password, as a header.
    login: Option<HeaderValue>,
}

/// Why a text is no API root. `Display` quotes nothing of it: an address may carry a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEndpoint {
    /// Not an absolute URL.
    #[error("is not an absolute http or https URL such as https://llm.example.com/v1")]
    NotAbsolute,
    /// Has a query or a fragment.
    #[error("has a query or fragment; an API root ends with its path")]
    Query,
}

impl Endpoint {
    /// Reads an API root.
    ///
    /// # Errors
    ///
    /// [`InvalidEndpoint`] when it is none.
    pub fn parse(text: &str) -> Result<Self, InvalidEndpoint> {
        if text.contains(['?', '#']) {
            return Err(InvalidEndpoint::Query);
        }
        let uri: Uri = text.trim().parse().map_err(|_| InvalidEndpoint::NotAbsolute)?;
        let parts = uri.into_parts();
        let scheme = parts.scheme.filter(|scheme| *scheme == Scheme::HTTP || *scheme == Scheme::HTTPS);
        let (Some(scheme), Some(authority)) = (scheme, parts.authority) else { return Err(InvalidEndpoint::NotAbsolute) };
        let path = parts.path_and_query.as_ref().map_or("", PathAndQuery::path).trim_end_matches('/').to_owned();
        let (authority, login) = without_login(&authority)?;
        Ok(Self { scheme, authority, path, login })
    }

    /// Reads the value of a provider's own address variable: the API root, of which the scheme (`http`) and, where it has no
    /// path at all, the version that `default` ends with may be left out.
    ///
    /// # Errors
    ///
    /// [`InvalidEndpoint`] when it is none.
    pub fn parse_variable(text: &str, default: &str) -> Result<Self, InvalidEndpoint> {
        let mut endpoint = match text.contains("://") {
            true => Self::parse(text)?,
            false => Self::parse(&format!("http://{}", text.trim()))?,
        };
        let version = default.rsplit('/').next().filter(|last| is_version(last));
        if let (true, Some(version)) = (endpoint.path.is_empty(), version) {
            endpoint.path = format!("/{version}");
        }
        Ok(endpoint)
    }

    /// The address of `path` below the root.
    #[must_use]
    pub fn uri(&self, path: &str) -> Option<Uri> {
        let mut whole = String::with_capacity(self.path.len() + 1 + path.len());
        whole.push_str(&self.path);
        whole.push('/');
        whole.push_str(path);
        let mut parts = http::uri::Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(PathAndQuery::from_maybe_shared(bytes::Bytes::from(whole)).ok()?);
        Uri::from_parts(parts).ok()
    }

    /// The host, without the brackets of an IPv6 address.
    #[must_use]
    pub fn host(&self) -> &str {
        self.authority.host().trim_start_matches('[').trim_end_matches(']')
    }

    /// Host and port.
    #[must_use]
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Whether both lead to the same server over the same scheme, so that a credential meant for one may go to the other.
    #[must_use]
    pub fn same_origin(&self, other: &Self) -> bool {
        self.scheme == other.scheme && self.host().eq_ignore_ascii_case(other.host()) && self.port() == other.port()
    }

    /// The address's own user and password, as an `Authorization` header.
    #[must_use]
    pub fn login(&self) -> Option<&HeaderValue> {
        self.login.as_ref()
    }

    fn port(&self) -> u16 {
        self.authority.port_u16().unwrap_or(if self.scheme == Scheme::HTTPS { 443 } else { 80 })
    }
}

fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn without_login(authority: &Authority) -> Result<(Authority, Option<HeaderValue>), InvalidEndpoint> {
    let Some((login, host)) = authority.as_str().rsplit_once('@') else { return Ok((authority.clone(), None)) };
    let host = host.parse().map_err(|_| InvalidEndpoint::NotAbsolute)?;
    let encoded = base64::engine::general_purpose::STANDARD.encode(login);
    let mut header = HeaderValue::from_str(&format!("Basic {encoded}")).map_err(|_| InvalidEndpoint::NotAbsolute)?;
    header.set_sensitive(true);
    Ok((host, Some(header)))
}

/// Percent-escapes `value` as one segment of a path; `None` where it would not be one (`""`, `.`, `..`).
#[must_use]
pub(super) fn segment(value: &str) -> Option<String> {
    if matches!(value, "" | "." | "..") {
        return None;
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    Some(value.bytes().fold(String::with_capacity(value.len()), |mut out, byte| {
        match plain(byte) {
            true => out.push(char::from(byte)),
            false => out.push_str(&format!("%{byte:02X}")),
        }
        out
    }))
}

#[cfg(test)]
mod tests;

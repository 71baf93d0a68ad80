//! Where a URL leads: scheme, host and port, as far as a configuration has to know.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Where requests to a URL go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    https: bool,
    host: String,
    port: u16,
}

/// Why a text is no API root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidRoot {
    #[error("is not an http or https URL")]
    Scheme,
    #[error("has no host, or one that cannot be")]
    Host,
    #[error("has a port that cannot be")]
    Port,
    #[error("holds a user name or a password")]
    UserInfo,
    #[error("has a query or a fragment")]
    Query,
    #[error("holds white space or a `${{VAR}}`, which is not expanded here")]
    Character,
    #[error("leads to a link-local address, where machines keep their own credentials")]
    LinkLocal,
}

impl Origin {
    /// Where the API root `url` leads.
    pub(crate) fn of(url: &str) -> Result<Self, InvalidRoot> {
        if url.contains("${") || url.contains(|character: char| character.is_whitespace() || character.is_control()) {
            return Err(InvalidRoot::Character);
        }
        let (scheme, rest) = url.split_once("://").ok_or(InvalidRoot::Scheme)?;
        let https = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err(InvalidRoot::Scheme),
        };
        if rest.contains(['?', '#']) {
            return Err(InvalidRoot::Query);
        }
        let authority = rest.split('/').next().unwrap_or_default();
        if authority.contains('@') {
            return Err(InvalidRoot::UserInfo);
        }
        let (host, port) = host_and_port(authority)?;
        let port = match port {
            Some(port) => port.parse().ok().filter(|port| *port > 0).ok_or(InvalidRoot::Port)?,
            None if https => 443,
            None => 80,
        };
        Ok(Self { https, host, port })
    }
}

fn host_and_port(authority: &str) -> Result<(String, Option<&str>), InvalidRoot> {
    if let Some((address, after)) = authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        let address: Ipv6Addr = address.parse().map_err(|_| InvalidRoot::Host)?;
        let link_local =
            address.is_unicast_link_local() || address.to_ipv4_mapped().is_some_and(|address| address.is_link_local());
        return match (link_local, after.strip_prefix(':')) {
            (true, _) => Err(InvalidRoot::LinkLocal),
            (false, None) if !after.is_empty() => Err(InvalidRoot::Port),
            (false, port) => Ok((address.to_string(), port)),
        };
    }
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let possible = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    if host.is_empty() || !host.bytes().all(possible) {
        return Err(InvalidRoot::Host);
    }
    let host = host.to_ascii_lowercase();
    if host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_link_local()) || host == "metadata.google.internal" {
        return Err(InvalidRoot::LinkLocal);
    }
    Ok((host, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, expected: Result<(bool, &str, u16), InvalidRoot>) {
        let expected = expected.map(|(https, host, port)| Origin { https, host: host.to_owned(), port });
        assert_eq!(Origin::of(url), expected, "{url}");
    }

    #[test]
    fn scheme_host_and_port_are_told() {
        check("https://API.openai.com/v1", Ok((true, "api.openai.com", 443)));
        check("http://localhost:11434", Ok((false, "localhost", 11434)));
        check("http://[::1]:8000/v1", Ok((false, "::1", 8000)));
    }

    #[test]
    fn what_cannot_be_an_api_root_is_refused() {
        check("api.openai.com/v1", Err(InvalidRoot::Scheme));
        check("ftp://api.openai.com", Err(InvalidRoot::Scheme));
        check("https:///v1", Err(InvalidRoot::Host));
        check("https://exa mple.com", Err(InvalidRoot::Character));
        check("https://${HOST}/v1", Err(InvalidRoot::Character));
        check("https://user:pass@example.com", Err(InvalidRoot::UserInfo));
        check("https://example.com/v1?key=1", Err(InvalidRoot::Query));
        check("https://example.com:0", Err(InvalidRoot::Port));
        check("https://example.com:70000", Err(InvalidRoot::Port));
        check("http://[::1]8000", Err(InvalidRoot::Port));
        check("http://169.254.169.254/latest", Err(InvalidRoot::LinkLocal));
        check("http://[::ffff:169.254.169.254]/", Err(InvalidRoot::LinkLocal));
    }
}

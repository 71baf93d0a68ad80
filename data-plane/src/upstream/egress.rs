//! Where requests may not go, whoever writes the configuration: addresses that only the machine itself should ask, such as a
//! cloud's metadata service, which hands out the machine's credentials.
//!
//! Loopback and private addresses are fine: that is where self-hosted models live.

use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use tower::Service;

use crate::environment::Environment;

/// Names under which clouds offer their metadata.
const METADATA_HOSTS: [&str; 4] = ["metadata", "metadata.google.internal", "metadata.goog", "instance-data"];

/// EC2's metadata service over IPv6.
const METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

/// Alibaba Cloud's metadata service, which is not link-local.
const METADATA_V4: Ipv4Addr = Ipv4Addr::new(100, 100, 100, 200);

/// Which hosts and addresses may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Egress {
    link_local: bool,
}

/// An address that may not be asked.
#[derive(Debug, thiserror::Error)]
#[error("the host resolves to a link-local or metadata address, which is refused unless FERROGW_ALLOW_LINK_LOCAL=1")]
pub(super) struct Refused;

impl Egress {
    /// The rule of this process: `FERROGW_ALLOW_LINK_LOCAL=1` lifts it.
    #[must_use]
    pub fn of(environment: &Environment) -> Self {
        Self { link_local: matches!(environment.get("FERROGW_ALLOW_LINK_LOCAL"), Some("1" | "true")) }
    }

    /// Whether `host`, a name or a literal address, may be asked. What a name resolves to is judged when it is resolved.
    #[must_use]
    pub fn allows_host(self, host: &str) -> bool {
        let host = host.trim_end_matches('.');
        match host.parse() {
            Ok(address) => self.allows(address),
            Err(_) => self.link_local || !METADATA_HOSTS.iter().any(|known| known.eq_ignore_ascii_case(host)),
        }
    }

    /// Whether `address` may be asked.
    #[must_use]
    pub fn allows(self, address: IpAddr) -> bool {
        self.link_local
            || match address.to_canonical() {
                IpAddr::V4(address) => !address.is_link_local() && address != METADATA_V4,
                IpAddr::V6(address) => !address.is_unicast_link_local() && address != METADATA_V6,
            }
    }
}

/// The system's resolver, behind the rule: DNS must not point where a configuration may not.
#[derive(Debug, Clone)]
pub(super) struct Resolver {
    system: GaiResolver,
    egress: Egress,
}

impl Resolver {
    pub(super) fn new(egress: Egress) -> Self {
        Self { system: GaiResolver::new(), egress }
    }
}

type Error = Box<dyn std::error::Error + Send + Sync>;

impl Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.system.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let (lookup, egress) = (self.system.call(name), self.egress);
        Box::pin(async move {
            let found: Vec<SocketAddr> = lookup.await?.collect();
            let allowed: Vec<SocketAddr> = found.iter().filter(|address| egress.allows(address.ip())).copied().collect();
            match allowed.is_empty() && !found.is_empty() {
                true => Err(Refused.into()),
                false => Ok(allowed.into_iter()),
            }
        })
    }
}

#[cfg(test)]
mod tests;

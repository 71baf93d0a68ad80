//! The way to a control plane in another process.

use std::time::Duration;

use ferrogw_proto::{Link, link};
use tonic::transport::{ClientTlsConfig, Endpoint};

/// Addresses that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum InvalidAddress {
    /// Not a URL.
    #[error("`{address}` is not the address of a control plane; set FERROGW_CONTROL_PLANE to something like http://host:50051")]
    Unreadable {
        /// What was given.
        address: String,
        /// What is wrong with it.
        #[source]
        source: tonic::transport::Error,
    },
    /// TLS could not be set up.
    #[error("cannot set up TLS for the control plane's address")]
    Tls(#[source] tonic::transport::Error),
}

/// A link to the control plane at `address` (`http://…` or `https://…`). It connects on first use and again whenever the connection
/// breaks; one that is silent is found out by HTTP/2 pings.
///
/// # Errors
///
/// [`InvalidAddress`].
pub fn connect(address: &str) -> Result<Link, InvalidAddress> {
    let unreadable = |source| InvalidAddress::Unreadable { address: address.to_owned(), source };
    let mut endpoint = Endpoint::from_shared(address.to_owned()).map_err(unreadable)?;
    if endpoint.uri().scheme_str() == Some("https") {
        endpoint = endpoint.tls_config(ClientTlsConfig::new().with_native_roots()).map_err(InvalidAddress::Tls)?;
    }
    let channel = endpoint
        .connect_timeout(Duration::from_secs(5))
        .tcp_nodelay(true)
        .http2_keep_alive_interval(Duration::from_secs(5))
        .keep_alive_timeout(Duration::from_secs(5))
        .keep_alive_while_idle(true)
        .connect_lazy();
    Ok(link(channel))
}

//! The way to a control plane in another process.

use std::time::Duration;

use ferrogw_proto::{Link, link};
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint};

use crate::environment::Environment;

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
    /// `FERROGW_CA_FILE` cannot be read.
    #[error("FERROGW_CA_FILE `{path}` cannot be read")]
    Authority {
        /// The file.
        path: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// TLS could not be set up.
    #[error("cannot set up TLS for the control plane's address")]
    Tls(#[source] tonic::transport::Error),
}

/// A link to the control plane at `address` (`http://…` or `https://…`). It connects on first use and again whenever the connection
/// breaks; one that is silent is found out by HTTP/2 pings. Over TLS it has to show a certificate of an authority that the system
/// trusts, or of `FERROGW_CA_FILE`.
///
/// # Errors
///
/// [`InvalidAddress`].
pub fn connect(address: &str, environment: &Environment) -> Result<Link, InvalidAddress> {
    let unreadable = |source| InvalidAddress::Unreadable { address: address.to_owned(), source };
    let mut endpoint = Endpoint::from_shared(address.to_owned()).map_err(unreadable)?;
    if endpoint.uri().scheme_str() == Some("https") {
        endpoint = endpoint.tls_config(trust(environment)?).map_err(InvalidAddress::Tls)?;
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

fn trust(environment: &Environment) -> Result<ClientTlsConfig, InvalidAddress> {
    let system = ClientTlsConfig::new().with_native_roots();
    let Some(path) = environment.get("FERROGW_CA_FILE") else { return Ok(system) };
    let unreadable = |source| InvalidAddress::Authority { path: path.to_owned(), source };
    Ok(system.ca_certificate(Certificate::from_pem(std::fs::read(path).map_err(unreadable)?)))
}

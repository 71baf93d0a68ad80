//! Whom we trust.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::environment::Environment;

/// `FERROGW_CA_FILE` cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum InvalidTrust {
    /// The file cannot be read as PEM certificates.
    #[error("FERROGW_CA_FILE `{path}` cannot be read as a file of PEM certificates")]
    Unreadable {
        /// The file.
        path: String,
        /// What is wrong with it.
        #[source]
        source: rustls::pki_types::pem::Error,
    },
    /// A certificate in it cannot serve as a root.
    #[error("FERROGW_CA_FILE `{path}` holds a certificate that cannot be trusted as a root")]
    NoRoot {
        /// The file.
        path: String,
        /// What is wrong with it.
        #[source]
        source: rustls::Error,
    },
    /// The file holds no certificate.
    #[error("FERROGW_CA_FILE `{path}` holds no certificate")]
    Empty {
        /// The file.
        path: String,
    },
    /// The TLS library refuses its own defaults.
    #[error("TLS cannot be set up")]
    Unsupported(#[from] rustls::Error),
}

/// A client's side of TLS: the system's roots and the operator's own; HTTP/2 where the server offers it.
pub(super) fn client(environment: &Environment) -> Result<ClientConfig, InvalidTrust> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let mut client = builder.with_root_certificates(roots(environment)?).with_no_client_auth();
    client.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(client)
}

fn roots(environment: &Environment) -> Result<RootCertStore, InvalidTrust> {
    let mut roots = RootCertStore::empty();
    let system = rustls_native_certs::load_native_certs();
    for error in &system.errors {
        tracing::warn!(%error, "some of the system's certificates cannot be read");
    }
    roots.add_parsable_certificates(system.certs);
    if let Some(path) = environment.get("FERROGW_CA_FILE") {
        add_file(&mut roots, path)?;
    }
    if roots.is_empty() {
        tracing::warn!("no certificate authority is trusted, so no https provider can be reached; install ca-certificates");
    }
    Ok(roots)
}

fn add_file(roots: &mut RootCertStore, path: &str) -> Result<(), InvalidTrust> {
    let unreadable = |source| InvalidTrust::Unreadable { path: path.to_owned(), source };
    let before = roots.len();
    for certificate in CertificateDer::pem_file_iter(path).map_err(unreadable)? {
        let certificate = certificate.map_err(unreadable)?;
        roots.add(certificate).map_err(|source| InvalidTrust::NoRoot { path: path.to_owned(), source })?;
    }
    if roots.len() == before { Err(InvalidTrust::Empty { path: path.to_owned() }) } else { Ok(()) }
}

#[cfg(test)]
mod tests;

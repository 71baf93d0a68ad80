//! What carries a call: `reqwest`, or in a browser the browser itself.
//!
//! In a browser `reqwest` would do nothing but pass the call on, and bring tables for international host names along that weigh more
//! than the page; the types of `browser` have the methods of its types that are used here.

#[cfg(target_arch = "wasm32")]
mod browser;

#[cfg(target_arch = "wasm32")]
pub(super) use browser::{Client, RequestBuilder, Response};
#[cfg(target_arch = "wasm32")]
pub use browser::{TransportError, Url};
#[cfg(not(target_arch = "wasm32"))]
pub(super) use reqwest::{Client, RequestBuilder, Response};
#[cfg(not(target_arch = "wasm32"))]
pub use reqwest::{Error as TransportError, Url};

#[cfg(not(target_arch = "wasm32"))]
pub(super) fn client() -> Result<Client, TransportError> {
    // A process that already chose a provider keeps it; the second call is then refused, which is what is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(std::time::Duration::from_secs(5))
        .user_agent(concat!("ferrogw/", env!("CARGO_PKG_VERSION")))
        .build()
}

#[cfg(target_arch = "wasm32")]
pub(super) fn client() -> Result<Client, TransportError> {
    Ok(Client::default())
}

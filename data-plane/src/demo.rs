//! The demo provider: a small upstream on the loopback interface that speaks OpenAI's API, so that the gateway can be tried
//! without any account.
//!
//! No model is asked. Whatever model is requested, the answers name `demo` (or `demo-embedding`), which can be requested in turn.
//! It is an upstream like any other, reached through the same wire, timers and records; nothing else in the worker knows of it
//! but the route that leads here.

mod answer;
mod chat;
mod completions;
mod embeddings;
mod schema;
mod stream;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::serve::ListenerExt as _;
use http::StatusCode;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

/// The model that every answer names.
const MODEL: &str = "demo";

/// The model that every embedding names.
const EMBEDDING_MODEL: &str = "demo-embedding";

/// A running demo provider.
#[derive(Debug, Clone, Copy)]
pub struct Demo {
    address: SocketAddr,
}

impl Demo {
    /// Starts one on a free port, on `runtime`, until `shutdown`.
    ///
    /// # Errors
    ///
    /// What the operating system says when there is no port to be had.
    pub fn start(runtime: &Handle, shutdown: CancellationToken) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let _entered = runtime.enter();
        let listener = TcpListener::from_std(listener)?.tap_io(|stream| drop(stream.set_nodelay(true)));
        runtime.spawn(shutdown.run_until_cancelled_owned(axum::serve(listener, router()).into_future()));
        Ok(Self { address })
    }

    /// Its API root.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }
}

fn router() -> Router {
    Router::new()
        .route("/v1/chat/completions", post(chat::answer))
        .route("/v1/completions", post(completions::answer))
        .route("/v1/embeddings", post(embeddings::answer))
}

/// A request that the demo cannot make sense of.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Unreadable(String);

impl From<serde_json::Error> for Unreadable {
    fn from(error: serde_json::Error) -> Self {
        Self(format!("The demo provider cannot read the request: {error}."))
    }
}

impl IntoResponse for Unreadable {
    fn into_response(self) -> Response {
        let error = json!({"message": self.0, "type": "invalid_request_error", "param": null, "code": null});
        (StatusCode::BAD_REQUEST, axum::Json(json!({"error": error}))).into_response()
    }
}

/// Tokens as the demo counts them: four bytes each, the last one not always whole.
fn tokens(text: &str) -> usize {
    text.len().div_ceil(4)
}

fn now_unix() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests;

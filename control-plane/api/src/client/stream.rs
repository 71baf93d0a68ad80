//! Answers that are read while they come.

use std::collections::VecDeque;
use std::pin::Pin;

use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use reqwest::Method;

use super::error::Error;
use super::events::Events;
use super::exchange::{Exchange, origin};
use crate::log::LogEvent;

type Chunks = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>;

/// A file that is being sent.
pub struct Download {
    chunks: Chunks,
    base: String,
}

/// The request log while it grows.
pub struct LogTail {
    download: Download,
    events: Events,
    ready: VecDeque<LogEvent>,
    path: String,
}

impl Download {
    pub(super) async fn open(exchange: Exchange) -> Result<Self, Error> {
        let base = origin(&exchange.url);
        let chunks = exchange.open().await?.bytes_stream();
        Ok(Self { chunks: Box::pin(chunks), base })
    }

    /// The next part; `None`: that was all.
    ///
    /// # Errors
    ///
    /// [`Error::Unreachable`] where it broke off.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        let unreachable = |source: reqwest::Error| Error::Unreachable { base: self.base.clone(), source: source.without_url() };
        self.chunks.next().await.transpose().map_err(unreachable)
    }
}

impl LogTail {
    pub(super) async fn open(exchange: Exchange) -> Result<Self, Error> {
        let path = exchange.path.to_string();
        let download = Download::open(exchange).await?;
        Ok(Self { download, events: Events::default(), ready: VecDeque::new(), path })
    }

    /// What happens next; `None`: the control plane ended it.
    ///
    /// # Errors
    ///
    /// [`Error::Unreachable`] where it broke off, [`Error::Unexpected`] where it is no tail of the request log.
    pub async fn next(&mut self) -> Result<Option<LogEvent>, Error> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Ok(Some(event));
            }
            let Some(chunk) = self.download.next().await? else { return Ok(None) };
            let odd = |reason: String| Error::Unexpected { method: Method::GET, path: self.path.clone(), reason };
            self.ready.extend(self.events.feed(&chunk).map_err(odd)?);
        }
    }
}

impl std::fmt::Debug for Download {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Download({})", self.base)
    }
}

impl std::fmt::Debug for LogTail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LogTail({})", self.path)
    }
}

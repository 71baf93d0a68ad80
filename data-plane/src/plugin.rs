//! What looks on, or steps in, at four moments of a request's life.
//!
//! The moments are called by `serve` and `relay` and by nobody else, outside of the attempt loop: a request that is tried three
//! times is screened once. A route without plugins pays for none of this.

mod request_logger;

use std::fmt::Debug;
use std::panic::AssertUnwindSafe;

use async_trait::async_trait;
use ferrogw_config::model;
use ferrogw_llm::{Answer, Chunk};
use futures::FutureExt;

use self::request_logger::RequestLogger;
use crate::exchange::Exchange;
use crate::record::Record;
use crate::rejection::Rejection;

/// One plugin at one stage. It implements only the moments that it cares about.
#[async_trait]
pub trait Plugin: Debug + Send + Sync {
    /// Whether a request may go on without it: one that only watches must not stop traffic when it breaks.
    fn is_optional(&self) -> bool {
        false
    }

    /// Before anything is sent to a provider.
    async fn before(&self, _exchange: &mut Exchange) -> Result<(), Rejection> {
        Ok(())
    }

    /// When a whole answer is there, before the client gets it.
    async fn after(&self, _exchange: &Exchange, _answer: &mut Answer) -> Result<(), Rejection> {
        Ok(())
    }

    /// What is to see every chunk of a stream before the client does; asked once per stream.
    fn filter(&self, _exchange: &Exchange) -> Option<Box<dyn Filter>> {
        None
    }

    /// When the request is over, whatever became of it.
    fn finished(&self, _record: &Record) {}
}

/// One plugin's view of one stream.
pub trait Filter: Send {
    /// Sees, changes or (with `Err`) ends the stream at a chunk.
    ///
    /// # Errors
    ///
    /// The rejection that the client is told in the stream's error event.
    fn pass(&mut self, chunk: &mut Chunk) -> Result<(), Rejection>;
}

/// The plugins of a route, in order.
#[derive(Debug, Default)]
pub struct Plugins(Vec<Box<dyn Plugin>>);

impl Plugins {
    /// Builds what the configuration enables; `Err`: the path of a plugin that this build does not have.
    pub(crate) fn of(configured: &[model::Plugin]) -> Result<Self, String> {
        let mut plugins: Vec<Box<dyn Plugin>> = Vec::new();
        for (at, plugin) in configured.iter().enumerate().filter(|(_, plugin)| plugin.enabled) {
            match plugin.name.as_str() {
                "request-logger" => plugins.push(Box::new(RequestLogger::of(plugin))),
                _ => return Err(format!("plugins[{at}].name")),
            }
        }
        Ok(Self(plugins))
    }

    /// The moment before anything is sent.
    pub(crate) async fn before(&self, exchange: &mut Exchange) -> Result<(), Rejection> {
        for plugin in &self.0 {
            let outcome = AssertUnwindSafe(plugin.before(exchange)).catch_unwind().await;
            settle(plugin.as_ref(), outcome)?;
        }
        Ok(())
    }

    /// The moment when a whole answer is there.
    pub(crate) async fn after(&self, exchange: &Exchange, answer: &mut Answer) -> Result<(), Rejection> {
        for plugin in &self.0 {
            let outcome = AssertUnwindSafe(plugin.after(exchange, answer)).catch_unwind().await;
            settle(plugin.as_ref(), outcome)?;
        }
        Ok(())
    }

    /// The filters of one stream, in order.
    pub(crate) fn filters(&self, exchange: &Exchange) -> Vec<Box<dyn Filter>> {
        self.0.iter().filter_map(|plugin| plugin.filter(exchange)).collect()
    }

    /// The end of a request. Called on drop, too, so that a panic of a plugin must not get out.
    pub(crate) fn finished(&self, record: &Record) {
        for plugin in &self.0 {
            if std::panic::catch_unwind(AssertUnwindSafe(|| plugin.finished(record))).is_err() {
                tracing::error!(?plugin, request_id = record.request_id, "plugin panicked at the end of a request");
            }
        }
    }
}

impl From<Vec<Box<dyn Plugin>>> for Plugins {
    fn from(plugins: Vec<Box<dyn Plugin>>) -> Self {
        Self(plugins)
    }
}

/// What a moment's outcome means for the request: a broken plugin stops it unless the plugin only watches.
fn settle(plugin: &dyn Plugin, outcome: std::thread::Result<Result<(), Rejection>>) -> Result<(), Rejection> {
    let Ok(verdict) = outcome else {
        tracing::error!(?plugin, optional = plugin.is_optional(), "plugin panicked");
        return if plugin.is_optional() { Ok(()) } else { Err(Rejection::plugin_broke()) };
    };
    verdict
}

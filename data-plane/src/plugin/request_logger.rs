//! `request-logger`: a line in the process log at its stage of each request.
//!
//! Lines say who asked for which model and what became of it; never a body, a key or an address.

use async_trait::async_trait;
use ferrogw_config::model;
use tracing::Level;

use super::Plugin;
use crate::exchange::Exchange;
use crate::record::Record;
use crate::rejection::Rejection;

/// When a line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Before,
    After,
    Failed,
}

/// The plugin, at one stage.
#[derive(Debug)]
pub(super) struct RequestLogger {
    level: Level,
    stage: Stage,
}

/// Tracing's macros want their level at compile time.
macro_rules! line {
    ($level:expr, $($rest:tt)*) => {
        match $level {
            Level::ERROR => tracing::error!($($rest)*),
            Level::WARN => tracing::warn!($($rest)*),
            Level::INFO => tracing::info!($($rest)*),
            Level::DEBUG => tracing::debug!($($rest)*),
            Level::TRACE => tracing::trace!($($rest)*),
        }
    };
}

impl RequestLogger {
    pub(super) fn of(configured: &model::Plugin) -> Self {
        let level = configured.config.get("level").and_then(|level| level.as_str()).and_then(|level| level.parse().ok());
        let stage = match configured.stage.as_str() {
            "after_request" => Stage::After,
            "on_error" => Stage::Failed,
            _ => Stage::Before,
        };
        Self { level: level.unwrap_or(Level::INFO), stage }
    }
}

#[async_trait]
impl Plugin for RequestLogger {
    fn is_optional(&self) -> bool {
        true
    }

    async fn before(&self, exchange: &mut Exchange) -> Result<(), Rejection> {
        if self.stage == Stage::Before {
            let record = exchange.record();
            line!(
                self.level,
                request_id = record.request_id,
                model = record.requested_model,
                operation = record.operation.name(),
                stream = record.stream,
                "request"
            );
        }
        Ok(())
    }

    fn finished(&self, record: &Record) {
        let error = record.error.as_ref().map(|error| error.class);
        let due = match self.stage {
            Stage::Before => false,
            Stage::After => error.is_none(),
            Stage::Failed => error.is_some(),
        };
        if due {
            line!(
                self.level,
                request_id = record.request_id,
                model = record.requested_model,
                target = &*record.target,
                status = record.status,
                error,
                duration_ms = u64::try_from(record.duration.as_millis()).unwrap_or(u64::MAX),
                tokens = record.usage.map(|usage| usage.total()),
                "request finished"
            );
        }
    }
}

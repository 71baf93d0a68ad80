//! The way of a record from the core that served the request to the control plane.
//!
//! A core leaves records in its own [`Recorder`], which costs it no wait and no wake-up while there is traffic. One thread (`writer`)
//! collects them every few milliseconds, shows each to the metrics and appends them to the spool on disk (`spool`, `backlog`,
//! `segment`). One task (`deliver`) sends them on and holds them until their receipt. Whatever fails, traffic goes on and money is
//! kept: where detail finds no room it is folded into sums (`sums`).

use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::record::Record;
use crate::worker_dir::WorkerDir;

mod backlog;
mod deliver;
mod gauge;
mod marks;
mod recorder;
mod segment;
mod spool;
mod sums;
#[cfg(test)]
mod tests;
mod translate;
mod writer;

pub use deliver::Deliverer;
pub use gauge::Gauge;
pub use recorder::Recorder;

use recorder::Bell;
use writer::Writer;

/// How much a spool may hold.
#[derive(Debug, Clone, Copy)]
pub struct SpoolLimits {
    /// Bytes on disk. Beyond, the oldest records that were never sent become sums.
    pub max_bytes: u64,
    /// Bytes of one file; what is delivered is deleted by whole files.
    pub segment_bytes: u64,
}

impl Default for SpoolLimits {
    /// About two million records in files of 4 MiB.
    fn default() -> Self {
        Self { max_bytes: 1 << 30, segment_bytes: 4 << 20 }
    }
}

/// Sees every record once, off the cores.
pub type Observe = Arc<dyn Fn(&Record) + Send + Sync>;

/// The ends of the pipe: one recorder per core, and the task that delivers.
pub struct Usage {
    /// One per core.
    pub recorders: Vec<Recorder>,
    /// To be run beside the cores; it also ends the pipe.
    pub deliverer: Deliverer,
    /// How full the spool is.
    pub gauge: Arc<Gauge>,
}

impl Usage {
    /// Starts the writer's thread. A directory that cannot be written to is an alarm, not an error: traffic goes on.
    ///
    /// # Errors
    ///
    /// The operating system gives no thread.
    pub fn start(dir: Arc<WorkerDir>, limits: SpoolLimits, cores: usize, observe: Observe) -> io::Result<Self> {
        let gauge = Arc::new(Gauge::default());
        let bell = Arc::new(Bell::default());
        let recorders: Vec<_> = (0..cores).map(|_| Recorder::new(Arc::clone(&bell), Arc::clone(&observe))).collect();
        let buffers = recorders.iter().map(Recorder::buffer).collect();
        let deliverer = Writer::start(dir, limits, (buffers, bell), observe, Arc::clone(&gauge))?;
        Ok(Self { recorders, deliverer, gauge })
    }
}

/// How long records are collected before they are written: with the write itself a record is on disk well within 20 ms.
const COLLECT: Duration = Duration::from_millis(5);

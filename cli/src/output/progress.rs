//! How far long work is: one line on standard error, where somebody looks.

use std::io::{self, Write as _};

use super::Output;
use super::tone::Stream;

/// A line that is written over until the work is done.
pub(crate) struct Progress {
    shown: bool,
    begun: bool,
}

impl Progress {
    pub(crate) fn of(output: Output) -> Self {
        Self { shown: !output.quiet && Stream::Error.takes_control(), begun: false }
    }

    /// Says how far it is.
    pub(crate) fn tell(&mut self, text: &str) {
        if self.shown {
            self.begun = true;
            let _ = write!(io::stderr(), "\r\u{1b}[K{text} …");
            let _ = io::stderr().flush();
        }
    }

    /// Takes the line away.
    pub(crate) fn end(&mut self) {
        if std::mem::take(&mut self.begun) {
            let _ = write!(io::stderr(), "\r\u{1b}[K");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}

//! A list that is shown again and again: in place on a terminal, and elsewhere by what changed.

use std::collections::HashMap;
use std::ops::ControlFlow;

use ferrogw_api::worker::Worker;

use super::{WORKER_WIDTHS, WORKERS};
use crate::failure::Failure;
use crate::output::{self, Output, Stream, Tone, moment};
use crate::printable;

pub(super) struct Screen {
    output: Output,
    /// Lines of the terminal that the last list took.
    lines: usize,
    /// What was last written of each worker.
    known: HashMap<String, String>,
    headed: bool,
}

impl Screen {
    pub(super) fn new(output: Output) -> Self {
        Self { output, lines: 0, known: HashMap::new(), headed: false }
    }

    /// Shows the list: over the last one where a terminal can do that, otherwise the workers that changed.
    pub(super) fn show(&mut self, version: u64, workers: &[Worker]) -> Result<ControlFlow<()>, Failure> {
        match self.output.look() {
            Some(width) if Stream::Output.takes_control() => self.draw(version, workers, width),
            _ => self.append(workers),
        }
    }

    fn draw(&mut self, version: u64, workers: &[Worker], width: usize) -> Result<ControlFlow<()>, Failure> {
        let table = output::table(workers, WORKERS, Some(width));
        let now = moment(time::OffsetDateTime::now_utc());
        let current = workers.iter().filter(|worker| worker.connected && worker.status == "current").count();
        let connected = workers.iter().filter(|worker| worker.connected).count();
        let head =
            format!("{now}   version {version} in force   {current} of {connected} connected workers serve it   Ctrl-C ends");
        let head = Stream::Output.paint(&printable::fit_end(&head, width), Tone::Dim);
        let page = format!("{head}\n{table}");
        let back = if self.lines > 0 { format!("\u{1b}[{}A\r\u{1b}[J", self.lines) } else { String::new() };
        self.lines = page.lines().map(|line| printable::rows(line, width)).sum();
        output::write_on(&format!("{back}{page}"))
    }

    fn append(&mut self, workers: &[Worker]) -> Result<ControlFlow<()>, Failure> {
        let mut lines = Vec::new();
        if !std::mem::replace(&mut self.headed, true) {
            lines.push(output::heading(WORKERS, WORKER_WIDTHS));
        }
        for worker in workers {
            // What moves all the time is no change.
            let state = format!("{} {} {}", worker.status, worker.version, worker.report.spool_full);
            if self.note(worker, state) {
                lines.push(output::line(worker, WORKERS, WORKER_WIDTHS));
            }
        }
        if lines.is_empty() { Ok(ControlFlow::Continue(())) } else { output::write_on(&lines.join("\n")) }
    }

    /// Writes a line for each worker of which it says something new.
    pub(super) fn changes(&mut self, workers: &[Worker], line: fn(&Worker) -> String) -> Result<ControlFlow<()>, Failure> {
        for worker in workers {
            if self.note(worker, line(worker)) && output::write_on(&printable::line(&line(worker)))?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Whether this is new of the worker.
    fn note(&mut self, worker: &Worker, state: String) -> bool {
        self.known.insert(worker.id.clone(), state.clone()) != Some(state)
    }
}

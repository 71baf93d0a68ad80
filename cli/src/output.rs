//! How results are written: a table for people, JSON or YAML for programs.
//!
//! Results go to standard output, everything else that is said to people to standard error.

mod column;
mod details;
mod document;
mod progress;
mod table;
pub(crate) mod tone;

use std::io::{self, ErrorKind, IsTerminal as _, Write as _};
use std::ops::ControlFlow;

use clap::ValueEnum;
use serde::Serialize;

use crate::failure::{Failure, with_causes};
use crate::printable;

pub(crate) use column::{Column, column, count, dollars, id, instant, list, millis, moment, number, text, toned};
pub(crate) use progress::Progress;
pub(crate) use table::{heading, line, render as table, render_of as table_of};
pub(crate) use tone::{Stream, Tone};

/// How results are written: in columns for people; records as JSON, lists as arrays; or both as YAML.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    #[default]
    Table,
    Json,
    Yaml,
}

/// Where results go, and how they look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    /// How results are written.
    pub(crate) format: Format,
    /// Only what a script needs: ids, or nothing.
    pub(crate) quiet: bool,
}

impl Output {
    /// Writes a list of records: its members, not what they came in. `called` is what people are told that there are none of; empty:
    /// they were told already.
    pub(crate) fn list<T: Serialize>(self, records: &[T], columns: &[Column<T>], called: &str) -> Result<(), Failure> {
        match self.format {
            Format::Json | Format::Yaml => self.record(&records),
            Format::Table if self.quiet => records.iter().try_for_each(|record| self.ids(record, columns)),
            Format::Table if records.is_empty() => {
                if !called.is_empty() {
                    self.note(&format!("no {called}"));
                }
                Ok(())
            }
            Format::Table => write(&table::render(records, columns, self.look())),
        }
    }

    /// Writes one short record as a table of one row.
    pub(crate) fn row<T: Serialize>(self, record: &T, columns: &[Column<T>]) -> Result<(), Failure> {
        match self.format {
            Format::Json | Format::Yaml => self.record(record),
            Format::Table if self.quiet => self.ids(record, columns),
            Format::Table => write(&table::render(std::slice::from_ref(record), columns, self.look())),
        }
    }

    /// Writes one long record, a line for each member.
    pub(crate) fn details<T: Serialize>(self, record: &T, columns: &[Column<T>]) -> Result<(), Failure> {
        match self.format {
            Format::Json | Format::Yaml => self.record(record),
            Format::Table if self.quiet => self.ids(record, columns),
            Format::Table => write(&details::render(record, columns, self.look())),
        }
    }

    /// Writes one record that no table can hold: as JSON for people too.
    pub(crate) fn record<T: Serialize>(self, record: &T) -> Result<(), Failure> {
        let text = match self.format {
            Format::Table | Format::Json => json(record)?,
            Format::Yaml => yaml(record)?,
        };
        write(text.trim_end())
    }

    /// Writes one of many records that come over time: as a line of JSON, or as a YAML document of its own.
    pub(crate) fn event<T: Serialize>(self, record: &T) -> Result<ControlFlow<()>, Failure> {
        let text = match self.format {
            Format::Table | Format::Json => {
                document::json_line(record).map_err(|error| Failure::Write(io::Error::other(error)))?
            }
            Format::Yaml => format!("---\n{}", yaml(record)?.trim_end()),
        };
        write_on(&text)
    }

    /// Whether results are for people.
    pub(crate) fn is_table(self) -> bool {
        self.format == Format::Table
    }

    /// Says something that is not a result.
    pub(crate) fn note(self, text: &str) {
        if !self.quiet {
            say(text);
        }
    }

    /// Says something that was made fit for a terminal already, and may be coloured.
    pub(crate) fn tell(self, text: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr(), "{text}");
        }
    }

    /// How wide tables may be; `None`: nobody looks at them.
    pub(crate) fn look(self) -> Option<usize> {
        if !io::stdout().is_terminal() {
            return None;
        }
        terminal_size::terminal_size().map(|(terminal_size::Width(width), _)| usize::from(width))
    }

    fn ids<T>(self, record: &T, columns: &[Column<T>]) -> Result<(), Failure> {
        columns.iter().filter(|column| column.is_id()).take(1).try_for_each(|column| write(&printable::line(&column.of(record))))
    }
}

/// Writes a record as YAML, as it could stand in a file.
pub(crate) fn yaml<T: Serialize>(record: &T) -> Result<String, Failure> {
    document::yaml(record).map_err(|error| Failure::Write(io::Error::other(error)))
}

/// Writes a record as JSON, as it could stand in a file.
pub(crate) fn json<T: Serialize>(record: &T) -> Result<String, Failure> {
    document::json(record).map_err(|error| Failure::Write(io::Error::other(error)))
}

/// Writes lines to standard output. A reader that went away, such as `head`, has what it wanted.
pub(crate) fn write(text: &str) -> Result<(), Failure> {
    if text.is_empty() { Ok(()) } else { write_on(text).map(|_| ()) }
}

/// Writes lines to standard output, to which more will come; it may stop where the reader went away.
pub(crate) fn write_on(text: &str) -> Result<ControlFlow<()>, Failure> {
    let mut stdout = io::stdout().lock();
    match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
        Ok(()) => Ok(ControlFlow::Continue(())),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(ControlFlow::Break(())),
        Err(error) => Err(Failure::Write(error)),
    }
}

/// Says something to people, on standard error. Nobody is left to be told when that is closed.
pub(crate) fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{}", printable::lines(text));
}

/// Says why the command did not succeed, and what might help.
pub(crate) fn say_failure(failure: &Failure) {
    let told = |word: &str, tone: Tone, text: &str| {
        let _ = writeln!(io::stderr(), "{} {}", Stream::Error.paint(word, tone), printable::lines(text));
    };
    told("error:", Tone::Bad, &with_causes(failure));
    for hint in failure.hints() {
        told("hint:", Tone::Warn, &hint);
    }
}

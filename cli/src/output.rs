//! How results are written: a table for people, JSON or YAML for programs.

mod table;

use std::io::{self, ErrorKind, Write as _};

use clap::ValueEnum;
use serde::Serialize;

use crate::failure::Failure;

pub(crate) use table::{Column, instant, list, number, text};

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// Columns for people
    #[default]
    Table,
    /// Records as JSON, lists as arrays
    Json,
    /// Records as YAML, lists as sequences
    Yaml,
}

impl Format {
    /// Writes a list of records: its members, not what they came in.
    pub(crate) fn list<T: Serialize>(self, records: &[T], columns: &[Column<T>]) -> Result<(), Failure> {
        match self {
            Self::Table => write(&table::render(records, columns)),
            Self::Json | Self::Yaml => self.record(&records),
        }
    }

    /// Writes one record that has columns.
    pub(crate) fn row<T: Serialize>(self, record: &T, columns: &[Column<T>]) -> Result<(), Failure> {
        match self {
            Self::Table => write(&table::render(std::slice::from_ref(record), columns)),
            Self::Json | Self::Yaml => self.record(record),
        }
    }

    /// Writes one record that no table can hold: as JSON for people too.
    pub(crate) fn record<T: Serialize>(self, record: &T) -> Result<(), Failure> {
        let unwritable = |error: String| Failure::Write(io::Error::other(error));
        let text = match self {
            Self::Table | Self::Json => serde_json::to_string_pretty(record).map_err(|error| unwritable(error.to_string()))?,
            Self::Yaml => serde_yaml::to_string(record).map_err(|error| unwritable(error.to_string()))?,
        };
        write(text.trim_end())
    }
}

/// Writes lines to standard output. A reader that went away, such as `head`, has what it wanted.
pub(crate) fn write(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(Failure::Write),
    }
}

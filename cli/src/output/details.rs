//! One record, a line for each member.

use super::column::Column;
use super::tone::Stream;
use crate::printable;

/// Longest value, in columns; JSON and YAML have it whole.
const LONGEST: usize = 1000;

pub(super) fn render<T>(record: &T, columns: &[Column<T>], look: Option<usize>) -> String {
    let widest = columns.iter().map(|column| column.name.len()).max().unwrap_or_default();
    let lines = columns.iter().map(|column| {
        let value = printable::fit(&column.of(record), LONGEST);
        let value = if value.is_empty() { "-" } else { &value };
        let value = if look.is_some() { Stream::Output.paint(value, column.tone(record)) } else { value.to_owned() };
        format!("{:widest$}   {value}", column.name.to_lowercase())
    });
    lines.collect::<Vec<_>>().join("\n")
}

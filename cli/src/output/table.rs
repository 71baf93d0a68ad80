//! Columns for people.

use comfy_table::{Cell, ContentArrangement, Table, presets};
use time::OffsetDateTime;
use time::macros::format_description;

use crate::say::printable;

/// Longest cell, in characters; a longer text ends in `…`. JSON and YAML have it whole.
const LONGEST: usize = 60;

/// A column: its name, and what it shows of a record.
pub(crate) type Column<T> = (&'static str, fn(&T) -> String);

pub(super) fn render<T>(records: &[T], columns: &[Column<T>]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    table.set_header(names);
    for record in records {
        table.add_row(columns.iter().map(|(_, show)| Cell::new(cell(&show(record)))));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 3));
    }
    table.trim_fmt()
}

/// One line of bounded length; nothing is shown as `-`.
fn cell(text: &str) -> String {
    let line = printable(text).replace('\n', " ");
    let line = line.trim();
    match line.char_indices().nth(LONGEST) {
        None if line.is_empty() => "-".to_owned(),
        None => line.to_owned(),
        Some(_) => line.chars().take(LONGEST - 1).chain(['…']).collect(),
    }
}

/// A text that may be absent.
pub(crate) fn text(text: Option<&str>) -> String {
    text.unwrap_or_default().to_owned()
}

/// A time that may be absent.
pub(crate) fn instant(at: Option<OffsetDateTime>) -> String {
    let minutes = format_description!("[year]-[month]-[day] [hour]:[minute] UTC");
    at.and_then(|at| at.to_offset(time::UtcOffset::UTC).format(minutes).ok()).unwrap_or_default()
}

/// A figure that may be unknown.
pub(crate) fn number(figure: Option<impl ToString>) -> String {
    figure.map(|figure| figure.to_string()).unwrap_or_default()
}

/// Several things.
pub(crate) fn list<T: ToString>(things: impl IntoIterator<Item = T>) -> String {
    things.into_iter().map(|thing| thing.to_string()).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::{cell, instant};

    #[test]
    fn a_cell_is_one_bounded_line_that_no_terminal_obeys() {
        assert_eq!(cell("a\u{1b}[31m\nb"), "a [31m b");
        assert_eq!(cell(" "), "-");
        assert_eq!(cell(&"x".repeat(60)).chars().count(), 60);
        assert_eq!(cell(&"x".repeat(61)), format!("{}…", "x".repeat(59)));
    }

    #[test]
    fn a_time_is_shown_in_utc_to_the_minute() {
        let at = time::macros::datetime!(2026-01-31 23:30:15 -02:00);
        assert_eq!((instant(Some(at)), instant(None)), ("2026-02-01 01:30 UTC".to_owned(), String::new()));
    }
}

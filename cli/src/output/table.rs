//! Columns for people.

use super::column::Column;
use super::tone::{Stream, Tone};
use crate::printable;

/// Widest cell; JSON and YAML have the text whole.
const WIDEST: usize = 60;
/// Widest cell of a column that is copied from.
const WIDEST_ID: usize = 200;
/// What a column keeps where a table is wider than the terminal.
const NARROWEST: usize = 12;
/// Between two columns.
const GAP: &str = "   ";

/// The records, a row each. On a terminal of `look` columns, the widest columns are cut until a row fits a line.
pub(crate) fn render<T>(records: &[T], columns: &[Column<T>], look: Option<usize>) -> String {
    render_of(records, &columns.iter().collect::<Vec<_>>(), look)
}

/// As [`render`], of columns that were chosen.
pub(crate) fn render_of<T>(records: &[T], columns: &[&Column<T>], look: Option<usize>) -> String {
    let cells: Vec<Vec<String>> =
        records.iter().map(|record| columns.iter().map(|column| cell(column, record)).collect()).collect();
    let widths = widths(columns, &cells, look);
    let header: Vec<String> = columns.iter().map(|column| column.name.to_owned()).collect();
    let plain = vec![Tone::Plain; columns.len()];
    let mut lines = vec![row(&header, &widths, &plain)];
    for (record, cells) in records.iter().zip(&cells) {
        let tones: Vec<Tone> = columns.iter().map(|column| column.tone(record)).collect();
        lines.push(row(cells, &widths, &tones));
    }
    lines.join("\n")
}

/// The names of columns that keep their width, whatever comes below; the last one takes what is left.
pub(crate) fn heading<T>(columns: &[Column<T>], widths: &[usize]) -> String {
    let header: Vec<String> = columns.iter().map(|column| column.name.to_owned()).collect();
    fixed(&header, widths, &vec![Tone::Plain; columns.len()])
}

/// One record under [`heading`].
pub(crate) fn line<T>(record: &T, columns: &[Column<T>], widths: &[usize]) -> String {
    let cells: Vec<String> = columns.iter().map(|column| cell(column, record)).collect();
    let tones: Vec<Tone> = columns.iter().map(|column| column.tone(record)).collect();
    fixed(&cells, widths, &tones)
}

fn fixed(cells: &[String], widths: &[usize], tones: &[Tone]) -> String {
    let last = cells.len().saturating_sub(1);
    let widths: Vec<usize> = widths.iter().enumerate().map(|(at, width)| if at == last { WIDEST_ID } else { *width }).collect();
    row(cells, &widths, tones)
}

/// One line of bounded length; nothing is shown as `-`.
fn cell<T>(column: &Column<T>, record: &T) -> String {
    let text = printable::fit(&column.of(record), if column.is_id() { WIDEST_ID } else { WIDEST });
    if text.is_empty() { "-".to_owned() } else { text }
}

fn widths<T>(columns: &[&Column<T>], cells: &[Vec<String>], look: Option<usize>) -> Vec<usize> {
    let widest = |at: usize| cells.iter().map(|row| printable::width(&row[at])).max().unwrap_or_default();
    let mut widths: Vec<usize> = columns.iter().enumerate().map(|(at, column)| widest(at).max(column.name.len())).collect();
    let Some(look) = look else { return widths };
    let gaps = GAP.len() * columns.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > look {
        let least = |at: usize| NARROWEST.max(columns[at].name.len());
        let elastic = (0..columns.len()).filter(|at| !columns[*at].is_id() && widths[*at] > least(*at));
        let Some(widest) = elastic.max_by_key(|at| widths[*at]) else { break };
        widths[widest] -= 1;
    }
    widths
}

fn row(cells: &[String], widths: &[usize], tones: &[Tone]) -> String {
    let last = cells.len().saturating_sub(1);
    let mut line = String::new();
    for (at, ((cell, width), tone)) in cells.iter().zip(widths).zip(tones).enumerate() {
        let cell = if printable::width(cell) > *width { printable::fit(cell, *width) } else { cell.clone() };
        line.push_str(&Stream::Output.paint(&cell, *tone));
        if at < last {
            line.push_str(&" ".repeat(width.saturating_sub(printable::width(&cell))));
            line.push_str(GAP);
        }
    }
    line.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::column::{column, id};
    use super::render;
    use crate::printable::width;

    type Row = (&'static str, &'static str);

    const COLUMNS: &[super::Column<Row>] =
        &[id("ID", |row: &Row| row.0.to_owned()), column("NAME", |row: &Row| row.1.to_owned())];

    #[test]
    fn columns_begin_under_their_names_whatever_they_hold() {
        let table = render(&[("1", "日本"), ("22", ""), ("3", "a\u{1b}[2Jb\nc")], COLUMNS, None);
        assert_eq!(table, "ID   NAME\n1    日本\n22   -\n3    a\\u{1b}[2Jb\\nc");
    }

    #[test]
    fn a_cell_is_cut_by_its_width() {
        let long: &'static str = "🚀".repeat(5_000).leak();
        let table = render(&[("1", long)], COLUMNS, None);
        assert!(table.lines().all(|line| width(line) <= 65), "{table}");
    }

    #[test]
    fn a_row_fits_the_terminal_and_an_id_is_never_cut() {
        let key = "0197c0de-0000-7000-8000-000000000000";
        let table = render(&[(key, "a name that is longer than what is left of the line")], COLUMNS, Some(60));
        let row = table.lines().nth(1).unwrap();
        assert!(row.starts_with(key) && row.ends_with('…') && width(row) <= 60, "{row}");
    }
}

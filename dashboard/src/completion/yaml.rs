//! Places in YAML, by indentation. Mappings in braces are not looked into.

use super::place::{Place, Wanted};

/// One line, taken apart.
struct Row<'a> {
    /// Where its dash stands, if it begins an item.
    dash: Option<usize>,
    /// Where its text begins.
    column: usize,
    /// The member that it begins.
    name: Option<&'a str>,
    /// What stands behind the name, or the whole text.
    rest: &'a str,
}

impl<'a> Row<'a> {
    /// `None`: nothing but white space or a remark.
    fn of(line: &'a str) -> Option<Self> {
        let mut text = line.trim_start_matches(' ');
        let mut dash = None;
        while let Some(after) = text.strip_prefix('-').filter(|after| after.is_empty() || after.starts_with(' ')) {
            dash.get_or_insert(line.len() - text.len());
            text = after.trim_start_matches(' ');
        }
        if text.starts_with('#') || (text.is_empty() && dash.is_none()) {
            return None;
        }
        let column = line.len() - text.len();
        let colon = text.find(": ").or_else(|| text.ends_with(':').then(|| text.len() - 1));
        let (name, rest) = match colon {
            Some(at) if !text.starts_with(['{', '[']) => (Some(text[..at].trim_matches(['"', '\''])), &text[at + 1..]),
            _ => (None, text),
        };
        Some(Self { dash, column, name, rest })
    }

    /// The column from which on lines belong to it or to its siblings.
    fn outer(&self) -> usize {
        self.dash.unwrap_or(self.column)
    }
}

pub(super) fn place(text: &str, before: &str) -> Option<Place> {
    let (above, line) = before.rsplit_once('\n').unwrap_or(("", before));
    if line.trim_start().starts_with('#') || line.contains(" #") {
        return None;
    }
    let blank = Row { dash: None, column: line.len(), name: None, rest: "" };
    let row = Row::of(line).unwrap_or(blank);
    let (wanted, typed) = match row.name {
        Some(name) => {
            (Wanted::Value(name.to_owned()), row.rest.trim_start_matches([' ', '[']).rsplit(", ").next().unwrap_or_default())
        }
        None => (Wanted::Name, row.rest),
    };
    let (path, mut present) = walk_up(above, &row);
    present.extend(below(text.get(before.len()..).unwrap_or_default(), row.column));
    Some(Place { path, wanted, typed: typed.to_owned(), column: row.column, present })
}

/// The members around a row, and its siblings above it.
fn walk_up(above: &str, row: &Row<'_>) -> (Vec<String>, Vec<String>) {
    let (mut path, mut present) = (Vec::new(), Vec::new());
    // A parent stands further to the left; a list's parent may stand right above its dashes.
    let (mut column, mut item, mut siblings) = (row.column, row.dash, row.dash.is_none());
    for line in above.lines().rev().filter_map(Row::of) {
        match (item, line.name) {
            (Some(dash), Some(name)) if line.dash.is_none() && line.column <= dash => {
                path.push(name.to_owned());
                (column, item) = (line.column, None);
            }
            (Some(_), _) => {}
            (None, Some(name)) if line.column == column => {
                if siblings && path.is_empty() {
                    present.push(name.to_owned());
                }
                item = line.dash;
            }
            (None, Some(name)) if line.column < column => {
                path.push(name.to_owned());
                (column, item) = (line.column, line.dash);
            }
            (None, None) if line.outer() < column => item = line.dash.or(item),
            (None, _) => {}
        }
        siblings &= item.is_none();
    }
    path.reverse();
    (path, present)
}

/// Siblings below.
fn below(after: &str, column: usize) -> Vec<String> {
    let rows = after.lines().skip(1).filter_map(Row::of);
    let within = rows.take_while(|row| row.outer() >= column);
    within.filter(|row| row.dash.is_none() && row.column == column).filter_map(|row| row.name.map(str::to_owned)).collect()
}

//! Places in JSON, by reading everything before the cursor.

use super::place::{Place, Wanted};

/// A list or an object that is open.
struct Open {
    is_object: bool,
    /// The member being read.
    name: Option<String>,
    present: Vec<String>,
}

pub(super) fn place(before: &str) -> Option<Place> {
    let mut open: Vec<Open> = Vec::new();
    let mut typed = String::new();
    let mut letters = before.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '{' | '[' => open.push(Open { is_object: letter == '{', name: None, present: Vec::new() }),
            '}' | ']' => drop(open.pop()),
            ',' => open.last_mut()?.name = None,
            ':' => {
                let object = open.last_mut()?;
                object.present.push(typed.trim_matches('"').to_owned());
                object.name = object.present.last().cloned();
            }
            '"' => {
                typed = format!("\"{}", text(&mut letters));
                continue;
            }
            c if c.is_whitespace() => {}
            c => {
                typed.push(c);
                continue;
            }
        }
        if !letter.is_whitespace() {
            typed.clear();
        }
    }
    let innermost = open.last()?;
    let path = |open: &[Open]| open.iter().filter_map(|open| open.name.clone()).collect::<Vec<_>>();
    let outer = &open[..open.len() - 1];
    let (path, wanted) = match &innermost.name {
        Some(name) => (path(outer), Wanted::Value(name.clone())),
        None if innermost.is_object => (path(&open), Wanted::Name),
        None => {
            let mut path = path(outer);
            let name = path.pop()?;
            (path, Wanted::Value(name))
        }
    };
    let column = before.rsplit('\n').next().map_or(0, str::len) - typed.len().min(before.len());
    Some(Place { path, wanted, typed, column, present: innermost.present.clone() })
}

/// The rest of a text, its closing quote included.
fn text(letters: &mut std::str::Chars<'_>) -> String {
    let mut text = String::new();
    while let Some(letter) = letters.next() {
        text.push(letter);
        match letter {
            '"' => break,
            '\\' => text.extend(letters.next()),
            _ => {}
        }
    }
    text
}

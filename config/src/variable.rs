//! `${VAR}` references in a configuration.
//!
//! Only the braced form with a name of letters, digits and underscores is a reference; a bare `$` is data. References are kept
//! in the document and resolved on the worker, into a copy, when a component is built.

use std::collections::HashSet;

/// The names that `text` refers to, in order, each once.
#[must_use]
pub fn names(text: &str) -> Vec<&str> {
    let mut seen = HashSet::new();
    let references = pieces(text).filter_map(|piece| match piece {
        Piece::Reference(name) => Some(name),
        Piece::Text(_) => None,
    });
    references.filter(|name| seen.insert(*name)).collect()
}

/// Replaces every reference in `text`.
///
/// # Errors
///
/// The names that `value` does not know, each once. Defined but empty is fine.
pub fn resolve(text: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, Vec<String>> {
    let mut resolved = String::with_capacity(text.len());
    let mut missing = Vec::new();
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => resolved.push_str(text),
            Piece::Reference(name) => match value(name) {
                Some(value) => resolved.push_str(&value),
                None if missing.iter().any(|known| known == name) => {}
                None => missing.push(name.to_owned()),
            },
        }
    }
    if missing.is_empty() { Ok(resolved) } else { Err(missing) }
}

/// Whether a document may use the variable `name`: never the gateway's own (`FERROGW_*`, `MASTER_KEY`, `ADMIN_*`, `*_DSN`).
///
/// Whoever may write a configuration could otherwise send them to a host of their own.
#[must_use]
pub fn may_be_used(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    !(name == "MASTER_KEY" || name.starts_with("FERROGW_") || name.starts_with("ADMIN_") || name.ends_with("_DSN"))
}

/// What is left of `text` without its references.
#[must_use]
pub fn literal(text: &str) -> String {
    resolve(text, |_| Some(String::new())).unwrap_or_default()
}

enum Piece<'a> {
    Text(&'a str),
    Reference(&'a str),
}

/// `text` cut at its references; what only looks like one stays text.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some(name) = reference_at_start(rest) {
            rest = &rest[name.len() + "${}".len()..];
            return Some(Piece::Reference(name));
        }
        let end = rest.char_indices().skip(1).map(|(at, _)| at).find(|at| reference_at_start(&rest[*at..]).is_some());
        let (text, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        Some(Piece::Text(text))
    })
}

fn reference_at_start(text: &str) -> Option<&str> {
    let body = text.strip_prefix("${")?;
    let length = body.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let (name, after) = body.split_at(length);
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    (starts_well && after.starts_with('}')).then_some(name)
}

#[cfg(test)]
mod tests;

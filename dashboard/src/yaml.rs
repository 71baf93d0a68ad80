//! A configuration as YAML that people read: what names a thing first, short values before long ones.
//!
//! The admin API tells documents as JSON trees without an order. Both sides of a comparison are written by this one function, so
//! they differ in what they say alone.

use serde_json::{Map, Value};

/// Members that say what the rest is about, in this order.
const FIRST: [&str; 8] = ["apiVersion", "name", "virtual_key", "provider", "mode", "type", "stage", "enabled"];

/// The document as YAML.
#[must_use]
pub fn write(document: &Value) -> String {
    let mut text = String::new();
    match document {
        Value::Object(members) if !members.is_empty() => mapping(members, 0, &mut text),
        Value::Array(items) if !items.is_empty() => list(items, 0, &mut text),
        leaf => {
            text.push_str(&scalar(leaf));
            text.push('\n');
        }
    }
    text
}

/// Each member on lines of its own. The first one's indentation is already there.
fn mapping(members: &Map<String, Value>, depth: usize, text: &mut String) {
    let mut ordered: Vec<(&String, &Value)> = members.iter().collect();
    ordered.sort_by_key(|(name, value)| rank(name, value, depth));
    for (at, (name, value)) in ordered.into_iter().enumerate() {
        if at > 0 {
            indent(depth, text);
        }
        text.push_str(&plain_or_quoted(name));
        text.push(':');
        below(value, depth, text);
    }
}

fn rank(name: &str, value: &Value, depth: usize) -> (usize, bool, String) {
    let first = FIRST.iter().position(|known| *known == name).unwrap_or(FIRST.len());
    // The strategy explains the targets, so it stands before them however long it is.
    let long = !(depth == 0 && name == "strategy") && is_block(value);
    (first, long, name.to_owned())
}

fn list(items: &[Value], depth: usize, text: &mut String) {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            indent(depth, text);
        }
        text.push('-');
        match item {
            Value::Object(members) if !members.is_empty() => {
                text.push(' ');
                mapping(members, depth + 1, text);
            }
            Value::Array(inner) if is_block(item) => {
                text.push(' ');
                list(inner, depth + 1, text);
            }
            leaf => end_of_line(leaf, text),
        }
    }
}

/// A member's value: on its own lines, or behind its name.
fn below(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            text.push('\n');
            indent(depth + 1, text);
            mapping(members, depth + 1, text);
        }
        Value::Array(items) if is_block(value) => {
            text.push('\n');
            indent(depth + 1, text);
            list(items, depth + 1, text);
        }
        leaf => end_of_line(leaf, text),
    }
}

fn end_of_line(leaf: &Value, text: &mut String) {
    text.push(' ');
    text.push_str(&scalar(leaf));
    text.push('\n');
}

/// Whether it takes lines of its own. A few short words fit on one.
fn is_block(value: &Value) -> bool {
    const LINE: usize = 60;
    match value {
        Value::Object(members) => !members.is_empty(),
        Value::Array(items) => {
            let nested = items.iter().any(|item| matches!(item, Value::Object(_) | Value::Array(_)));
            nested || items.iter().map(|item| scalar(item).len() + 2).sum::<usize>() > LINE
        }
        _ => false,
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(word) => plain_or_quoted(word),
        Value::Array(items) => format!("[{}]", items.iter().map(scalar).collect::<Vec<_>>().join(", ")),
        Value::Object(_) => "{}".to_owned(),
        other => other.to_string(),
    }
}

/// Quotes what a reader of YAML would take for something else. JSON's quoting is YAML's too.
fn plain_or_quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '$' | '{' | '}' | ':' | '+' | '@');
    let begins = word.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '/' | '$'));
    let confusing = word.ends_with(':') || word.contains(['{', '}']) && !word.starts_with("${");
    let flow = word.contains(['{', '}', ':']) && word.contains(',');
    let is_word = begins && !confusing && !flow && word.chars().all(plain) && !is_reserved(word);
    let starts_as_number = word.starts_with(|c: char| c.is_ascii_digit()) && word.len() < 60;
    let is_time = starts_as_number && is_duration(word);
    if is_word || is_time { word.to_owned() } else { Value::String(word.to_owned()).to_string() }
}

/// Such as `30s`: digits and unit letters, which no reader takes for a number.
fn is_duration(word: &str) -> bool {
    word.ends_with(['s', 'm', 'h']) && word.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b's' | b'm' | b'h'))
}

fn is_reserved(word: &str) -> bool {
    matches!(word.to_ascii_lowercase().as_str(), "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n")
}

fn indent(depth: usize, text: &mut String) {
    text.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests;

//! What of a configuration may be seen.
//!
//! Everything is hidden unless a rule below says that it may be shown, so a member that is added to the configuration stays
//! hidden until somebody thinks about it. References (`${VAR}`) are no secrets and are always shown.

use ferrogw_config::variable;
use serde_json::{Map, Value};

mod marker;
mod rules;
mod url;

pub use marker::{marked, marked_text};
use rules::{Rule, rule};

/// Stands for a hidden value.
pub const HIDDEN: &str = "[REDACTED]";

/// The document as it may be shown.
#[must_use]
pub fn scrub(document: &Value) -> Value {
    node(document, &mut String::new())
}

/// `place` is where the node is: member names joined by dots, `[]` for any element.
fn node(value: &Value, place: &mut String) -> Value {
    match value {
        Value::Object(members) if rule(place) == Some(Rule::Options) => options(members),
        Value::Object(members) if rule(place) == Some(Rule::FreeForm) => free_form(members),
        Value::Object(members) => {
            let shown = members.iter().map(|(name, value)| (name.clone(), within(place, name, |place| node(value, place))));
            Value::Object(shown.collect())
        }
        Value::Array(elements) => {
            let length = place.len();
            place.push_str("[]");
            let shown = elements.iter().map(|value| node(value, place)).collect();
            place.truncate(length);
            Value::Array(shown)
        }
        leaf => self::leaf(leaf, rule(place)),
    }
}

fn within<T>(place: &mut String, name: &str, work: impl FnOnce(&mut String) -> T) -> T {
    let length = place.len();
    if !place.is_empty() {
        place.push('.');
    }
    place.push_str(name);
    let result = work(place);
    place.truncate(length);
    result
}

fn leaf(value: &Value, rule: Option<Rule>) -> Value {
    match (rule, value) {
        (_, Value::Null) | (Some(Rule::Shown), _) => value.clone(),
        (Some(Rule::Url), Value::String(text)) => Value::String(url::scrub(text)),
        (Some(Rule::Argument), Value::String(text)) => Value::String(argument(text)),
        (_, Value::String(text)) if is_reference(text) => value.clone(),
        _ => Value::String(HIDDEN.to_owned()),
    }
}

/// Options that a plugin's description names are shown, whatever they hold; others not even by name.
fn options(members: &Map<String, Value>) -> Value {
    let declared: Vec<String> = crate::plugin::catalog().into_iter().flat_map(|plugin| plugin.settings).collect();
    let (mut shown, mut hidden) = (Map::new(), Map::new());
    for (name, value) in members {
        let part = if declared.contains(name) { &mut shown } else { &mut hidden };
        part.insert(name.clone(), value.clone());
    }
    if let Value::Object(hidden) = free_form(&hidden) {
        shown.extend(hidden);
    }
    Value::Object(shown)
}

/// Members whose names may be secrets too: numbered in the order of their names, so that the numbers mean the same at each call.
fn free_form(members: &Map<String, Value>) -> Value {
    let mut names: Vec<&String> = members.keys().collect();
    names.sort();
    let hidden =
        names.into_iter().enumerate().map(|(at, name)| (format!("[REDACTED_KEY_{}]", at + 1), leaf(&members[name], None)));
    Value::Object(hidden.collect())
}

/// Flags of a command line are shown, their values are not.
fn argument(text: &str) -> String {
    match text.split_once('=') {
        _ if is_reference(text) => text.to_owned(),
        Some((flag, value)) if flag.starts_with('-') && !is_reference(value) => format!("{flag}={HIDDEN}"),
        _ if text.starts_with('-') => text.to_owned(),
        _ => HIDDEN.to_owned(),
    }
}

/// Whether a text is nothing but references, a word for the scheme before them aside (`Bearer ${TOKEN}`).
fn is_reference(text: &str) -> bool {
    let rest = ["Bearer ", "Basic ", "Token "].iter().find_map(|scheme| text.strip_prefix(scheme)).unwrap_or(text);
    !variable::names(rest).is_empty() && variable::literal(rest).trim().is_empty()
}

#[cfg(test)]
mod tests;

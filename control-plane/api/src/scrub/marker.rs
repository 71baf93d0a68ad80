//! Finding hidden values in a document that somebody sends back.

use serde_json::Value;

/// How both kinds of marker begin.
const BEGINNING: &str = "[REDACTED";

/// Where in a text a hidden value was left: its place in JSON, the line otherwise.
#[must_use]
pub fn marked_text(text: &str) -> Option<String> {
    let at = text.find(BEGINNING)?;
    let place = serde_json::from_str(text).ok().and_then(|tree| marked(&tree));
    place.or_else(|| Some(format!("line {}", text[..at].matches('\n').count() + 1)))
}

/// Where in a tree a hidden value was left, as a value, as a name, or within either.
#[must_use]
pub fn marked(tree: &Value) -> Option<String> {
    search(tree, "")
}

fn search(value: &Value, place: &str) -> Option<String> {
    match value {
        Value::String(text) => text.contains(BEGINNING).then(|| place.to_owned()),
        Value::Array(elements) => elements.iter().enumerate().find_map(|(at, value)| search(value, &format!("{place}[{at}]"))),
        Value::Object(members) => members.iter().find_map(|(name, value)| {
            if name.contains(BEGINNING) {
                return Some(place.to_owned());
            }
            let inner = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
            search(value, &inner)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

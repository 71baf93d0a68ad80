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
    let place = search(tree)?;
    Some(place.strip_prefix('.').map(str::to_owned).unwrap_or(place))
}

/// The place as seen from `value`: `.name` and `[number]`, one after the other. It is spelt once there is one: a text for each of very
/// many members of a very long name would take for ever.
fn search(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => text.contains(BEGINNING).then(String::new),
        Value::Array(elements) => elements.iter().enumerate().find_map(|(at, value)| Some(format!("[{at}]{}", search(value)?))),
        Value::Object(members) => members.iter().find_map(|(name, value)| {
            if name.contains(BEGINNING) {
                return Some(String::new());
            }
            Some(format!(".{name}{}", search(value)?))
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

//! JSON and YAML that a terminal can show: whatever it would obey is escaped, which means the same to every reader.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::printable::is_obeyed;

/// Begins the stand-in for a text that has to be escaped.
const STAND_IN: &str = "ferrogw-escaped-";

/// The record as JSON, with two spaces of indentation.
pub(super) fn json<T: Serialize>(record: &T) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(record).map(escaped)
}

/// The record as JSON on one line.
pub(super) fn json_line<T: Serialize>(record: &T) -> Result<String, serde_json::Error> {
    serde_json::to_string(record).map(escaped)
}

fn escaped(text: String) -> String {
    if !text.contains(is_harmful) {
        return text;
    }
    // Such a character can only stand within a text: the layout has none.
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if is_harmful(c) => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| escaped.push_str(&format!("\\u{unit:04x}"))),
            c => escaped.push(c),
        }
    }
    escaped
}

/// The record as YAML in block style.
pub(super) fn yaml<T: Serialize>(record: &T) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    let text = serde_yaml::to_string(record)?;
    if !text.contains(is_harmful) {
        return Ok(text);
    }
    // Only a text in double quotes can be escaped, and the writer chooses its quotes itself: it is given stand-ins.
    let mut texts = Vec::new();
    let tree = without_harm(serde_json::to_value(record)?, &mut texts);
    Ok(restored(&serde_yaml::to_string(&tree)?, &texts))
}

fn without_harm(value: Value, texts: &mut Vec<String>) -> Value {
    let mut safe = |text: String| {
        if !text.contains(is_harmful) && !text.contains(STAND_IN) {
            return text;
        }
        texts.push(text);
        stand_in(texts.len() - 1)
    };
    match value {
        Value::String(text) => Value::String(safe(text)),
        Value::Array(elements) => Value::Array(elements.into_iter().map(|element| without_harm(element, texts)).collect()),
        Value::Object(members) => {
            let members = members.into_iter().map(|(name, value)| {
                let name = match without_harm(Value::String(name), texts) {
                    Value::String(name) => name,
                    other => other.to_string(),
                };
                (name, without_harm(value, texts))
            });
            Value::Object(members.collect::<Map<_, _>>())
        }
        value => value,
    }
}

fn stand_in(at: usize) -> String {
    format!("{STAND_IN}{at:08}")
}

/// `text` with what the stand-ins stand for. Every text that held something like one has become one itself.
fn restored(text: &str, texts: &[String]) -> String {
    let mut pieces = text.split(STAND_IN);
    let mut restored = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (number, rest) = piece.split_at(piece.len().min(8));
        let harmful = number.parse().ok().and_then(|at: usize| texts.get(at));
        restored.push_str(&harmful.map(|text| quoted(text)).unwrap_or_default());
        restored.push_str(rest);
    }
    restored
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if is_harmful(c) => quoted.push_str(&format!("\\U{:08x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn is_harmful(c: char) -> bool {
    is_obeyed(c) && !matches!(c, '\n' | '\t')
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    fn hostile() -> Value {
        json!([{ "name\u{202e}": "a\u{1b}[2J\u{9b}b\u{7f}\n\"\\\u{e0041}", "plain": "ferrogw-escaped-00000000" }, "x\u{200b}"])
    }

    #[test]
    fn json_means_the_same_and_holds_nothing_that_is_obeyed() {
        let text = super::json(&hostile()).unwrap();
        assert!(!text.contains(super::is_harmful), "{text:?}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), hostile());
    }

    #[test]
    fn yaml_means_the_same_and_holds_nothing_that_is_obeyed() {
        let text = super::yaml(&hostile()).unwrap();
        assert!(!text.contains(super::is_harmful), "{text:?}");
        assert_eq!(serde_yaml::from_str::<Value>(&text).unwrap(), hostile());
    }

    #[test]
    fn what_is_harmless_is_written_as_ever() {
        assert_eq!(super::yaml(&json!({ "name": "日本" })).unwrap(), "name: 日本\n");
    }
}

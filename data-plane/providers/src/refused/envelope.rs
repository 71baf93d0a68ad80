//! The many shapes in which providers wrap an error message.

use std::borrow::Cow;

use ferrogw_llm::redact::redact;
use serde_json::Value;

/// What an error body says, as far as it says it in a known shape.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Envelope {
    /// The message, redacted and cut to length.
    pub(crate) message: Option<String>,
    /// The provider's `type`.
    pub(crate) kind: Option<String>,
    /// The member of the request that is at fault.
    pub(crate) param: Option<String>,
    /// The provider's code, as text.
    pub(crate) code: Option<String>,
    /// A more precise code inside of the first one.
    pub(crate) inner_code: Option<String>,
    /// The HTTP status that the body names, for errors that arrive inside a 200.
    pub(crate) status: Option<u16>,
}

impl Envelope {
    /// Longest message that is passed on, in characters.
    const LONGEST: usize = 2048;

    pub(crate) fn read(json: &Value) -> Self {
        match json {
            // Google's streams wrap the one error in an array.
            Value::Array(items) => items.first().map(Self::read).unwrap_or_default(),
            Value::Object(_) => Self::read_object(json),
            _ => Self::default(),
        }
    }

    fn read_object(json: &Value) -> Self {
        let error = &json["error"];
        let at = if error.is_object() { error } else { json };
        let inner_code = [&at["innererror"]["code"], &at["details"]["error_code"]].into_iter().find_map(word);
        Self {
            message: message(json),
            kind: [&at["type"], &at["__type"], &json["type"]].into_iter().find_map(word).filter(|kind| kind != "error"),
            param: word(&at["param"]).or_else(|| location(json)),
            code: [&at["code"], &json["error_code"], &json["errors"][0]["code"]].into_iter().find_map(word),
            inner_code,
            status: [&at["status_code"], &at["status"], &at["code"]].into_iter().find_map(status),
        }
    }
}

/// The message, from the first place that has one.
fn message(json: &Value) -> Option<String> {
    let error = &json["error"];
    let detail = &json["detail"];
    let places = [
        &error["message"],
        &error["error"],
        &error["detail"],
        error,
        &error[0],
        &json["errors"][0]["message"],
        &json["errors"][0],
        &json["message"]["detail"][0]["msg"],
        &json["message"]["detail"],
        &json["message"],
        detail,
        &detail[0]["msg"],
        &detail["error"],
        &detail["message"],
        &json["Message"],
        &json["reason"],
        &json["title"],
    ];
    places.into_iter().filter_map(Value::as_str).find_map(presentable)
}

/// A text fit for a client; `None` where it is empty or a page meant for a browser.
fn presentable(text: &str) -> Option<String> {
    let text = text.trim();
    let begins_as_markup = text.starts_with('<');
    if text.is_empty() || begins_as_markup {
        return None;
    }
    // What is cut off anyway need not be searched; the margin is for what redaction takes away.
    let redacted = redact(first(text, 2 * Envelope::LONGEST));
    Some(first(&redacted, Envelope::LONGEST).to_owned())
}

/// The first `most` characters.
fn first(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(end, _)| &text[..end])
}

/// Where a validation error points to, in OpenAI's spelling: `["body", "messages", 0]` is `messages[0]`.
fn location(json: &Value) -> Option<String> {
    let path = [&json["detail"][0]["loc"], &json["message"]["detail"][0]["loc"]].into_iter().find_map(Value::as_array)?;
    let mut spelt = String::new();
    for step in path.iter().skip_while(|step| step.as_str() == Some("body")) {
        match step {
            Value::String(name) if spelt.is_empty() => spelt.push_str(name),
            Value::String(name) => spelt.extend([".", name]),
            Value::Number(index) => spelt.push_str(&format!("[{index}]")),
            _ => return None,
        }
    }
    (!spelt.is_empty()).then(|| redact(&spelt).into_owned())
}

/// A short text or number, as text.
fn word(value: &Value) -> Option<String> {
    const LONGEST: usize = 128;
    let text = match value {
        Value::String(text) if !text.is_empty() && text.chars().count() <= LONGEST => Cow::Borrowed(&**text),
        Value::Number(number) => Cow::Owned(number.to_string()),
        _ => return None,
    };
    Some(redact(&text).into_owned())
}

/// A number that can be the status of a refusal.
fn status(value: &Value) -> Option<u16> {
    value.as_u64().and_then(|status| u16::try_from(status).ok()).filter(|status| (400..600).contains(status))
}

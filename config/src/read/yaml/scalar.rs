//! What a YAML scalar means: the core schema of YAML 1.2, in which `yes`, `no`, `on` and `off` are text.

use serde_json::Number;

use super::super::tree::{Fault, Value};
use crate::report::Position;

/// The value of `text`, which is `plain` if it has no quotes, with the core schema's tag if it has one.
pub(super) fn value(text: &str, plain: bool, tag: Option<&str>, at: Position) -> Result<Value, Fault> {
    match tag {
        Some("str") => return Ok(Value::String(text.to_owned())),
        None if !plain => return Ok(Value::String(text.to_owned())),
        _ => {}
    }
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ if is_not_finite(text) => {
            return Err(Fault::new(at, format!("{text} is not a number to configure anything with"), "write a finite number"));
        }
        _ => number(text).map_or_else(|| Value::String(text.to_owned()), Value::Number),
    })
}

fn is_not_finite(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    matches!(unsigned, ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN")
}

fn number(text: &str) -> Option<Number> {
    if let Some(digits) = text.strip_prefix("0x") {
        return u64::from_str_radix(digits, 16).ok().map(Number::from);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return u64::from_str_radix(digits, 8).ok().map(Number::from);
    }
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    // Rust's own float syntax also has words.
    let is_decimal = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E'));
    if is_decimal { text.parse().ok().and_then(Number::from_f64) } else { None }
}

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
    decimal(text)
}

/// A number with a point or an exponent. JSON's reader reads it: so it means the same in both syntaxes, and the check in the browser does
/// not carry a second reader of numbers, whose tables no compression makes smaller.
fn decimal(text: &str) -> Option<Number> {
    let (sign, unsigned) = text.split_at(usize::from(text.starts_with(['+', '-'])));
    let (mantissa, exponent) = unsigned.split_at(unsigned.find(['e', 'E']).unwrap_or(unsigned.len()));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !(is_digits(whole) && is_digits(fraction)) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let (minus, whole) = (sign.trim_start_matches('+'), whole.trim_start_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    // What JSON can say reaches its reader as it is.
    let point = match (mantissa.contains('.'), fraction) {
        (false, _) => "",
        (true, "") => ".0",
        (true, _) => ".",
    };
    let number: f64 = serde_json::from_str(&format!("{minus}{whole}{point}{fraction}{exponent}")).ok()?;
    Number::from_f64(number)
}

#[cfg(test)]
mod tests {
    use super::number;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(number(text).map(|number| number.to_string()).as_deref(), expected, "{text}");
    }

    #[test]
    fn a_number_is_what_the_core_schema_says() {
        check("0.7", Some("0.7"));
        check("-12.50", Some("-12.5"));
        check("+.5", Some("0.5"));
        check("007.5", Some("7.5"));
        check("1.", Some("1.0"));
        check("2e3", Some("2000.0"));
        check("1.5E-3", Some("0.0015"));
        check("100000000000000000000", Some("1e+20"));
    }

    #[test]
    fn a_long_number_is_the_same_in_either_syntax() {
        for text in ["123456789012345678901", "0.3333333333333333", "0.7610720597865555", "2.2250738585072014e-308", "6.02E23"] {
            let json: serde_json::Number = serde_json::from_str(text).unwrap();
            check(text, Some(&json.to_string()));
        }
    }

    #[test]
    fn what_only_looks_like_one_is_text() {
        for text in [".", "+", "-.", "1e", "1.2.3", "1e2.5", "1_000", "inf", "1e999", "--1.0", "0.5s"] {
            check(text, None);
        }
    }
}

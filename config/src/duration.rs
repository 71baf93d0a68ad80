//! Durations as people write them: `30s`, `1m30s`, `500ms`, `1.5h`.

use std::time::Duration;

/// Longest duration taken: a longer one is a slip of the pen.
const MAX: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// Why a text is no duration to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDuration {
    /// It is not a sequence of numbers and units.
    #[error("is not a duration")]
    Malformed,
    /// A number has no unit.
    #[error("has no unit")]
    NoUnit,
    /// It is zero or less.
    #[error("is not longer than zero")]
    NotPositive,
    /// It is longer than a year.
    #[error("is longer than a year")]
    TooLong,
}

/// Reads a duration: numbers, each with a unit of `h`, `m`, `s`, `ms`, `us` or `ns`, in sum longer than zero.
///
/// # Errors
///
/// What is wrong with the text.
pub fn parse(text: &str) -> Result<Duration, InvalidDuration> {
    if text.starts_with('-') {
        return Err(InvalidDuration::NotPositive);
    }
    if text.is_empty() {
        return Err(InvalidDuration::Malformed);
    }
    let mut total = Duration::ZERO;
    let mut rest = text;
    while !rest.is_empty() {
        let (part, after) = leading_part(rest)?;
        total = total.saturating_add(part);
        rest = after;
    }
    match total {
        Duration::ZERO => Err(InvalidDuration::NotPositive),
        _ if total > MAX => Err(InvalidDuration::TooLong),
        _ => Ok(total),
    }
}

/// Reads how long something lasts: as [`parse`] does, or whole days, such as `30d`, of which there may be more than of a year.
///
/// # Errors
///
/// What is wrong with the text.
pub fn span(text: &str) -> Result<Duration, InvalidDuration> {
    match text.strip_suffix('d').and_then(|days| days.parse::<u32>().ok()) {
        Some(0) => Err(InvalidDuration::NotPositive),
        Some(days) => Ok(Duration::from_secs(u64::from(days) * 86_400)),
        None => parse(text),
    }
}

/// The number and unit that `text` begins with, and what follows.
fn leading_part(text: &str) -> Result<(Duration, &str), InvalidDuration> {
    let end = text.find(|character: char| !character.is_ascii_digit() && character != '.').unwrap_or(text.len());
    let (number, text) = text.split_at(end);
    if !number.bytes().any(|byte| byte.is_ascii_digit()) {
        return Err(InvalidDuration::Malformed);
    }
    let end = text.find(|character: char| character.is_ascii_digit() || character == '.').unwrap_or(text.len());
    let (unit, after) = text.split_at(end);
    let nanoseconds = match unit {
        "h" => 3_600_000_000_000,
        "m" => 60_000_000_000,
        "s" => 1_000_000_000,
        "ms" => 1_000_000,
        "us" | "µs" | "μs" => 1_000,
        "ns" => 1,
        "" => return Err(InvalidDuration::NoUnit),
        _ => return Err(InvalidDuration::Malformed),
    };
    Ok((times(number, nanoseconds)?, after))
}

/// A decimal number of units of so many nanoseconds each, to the nearest nanosecond.
fn times(number: &str, nanoseconds: u64) -> Result<Duration, InvalidDuration> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if fraction.contains('.') {
        return Err(InvalidDuration::Malformed);
    }
    let whole = digits(whole).and_then(|whole| whole.checked_mul(nanoseconds)).ok_or(InvalidDuration::TooLong)?;
    // Further digits tell less than a nanosecond, whatever the unit.
    let fraction = &fraction[..fraction.len().min(19)];
    let part = digits(fraction).expect("19 digits are 64 bits");
    let scale = 10_u128.pow(fraction.len() as u32);
    let part = (u128::from(part) * u128::from(nanoseconds) + scale / 2) / scale;
    Ok(Duration::from_nanos(whole.saturating_add(part as u64)))
}

/// Nothing is zero.
fn digits(text: &str) -> Option<u64> {
    if text.is_empty() { Some(0) } else { text.parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<u64, InvalidDuration>) {
        assert_eq!(parse(text).map(|duration| u64::try_from(duration.as_millis()).unwrap()), expected, "{text:?}");
    }

    #[test]
    fn numbers_with_units_are_added_up() {
        check("30s", Ok(30_000));
        check("1m30s", Ok(90_000));
        check("500ms", Ok(500));
        check("1.5h", Ok(5_400_000));
        check("1h2m3s4ms", Ok(3_723_004));
        check("2000us", Ok(2));
        check(".5s", Ok(500));
        check("0.1s", Ok(100));
        check("0.0000000001h0.0000000002h1s", Ok(1_000));
        assert_eq!(parse("0.0000000000002777777778h"), Ok(Duration::from_nanos(1)));
    }

    #[test]
    fn a_span_may_be_days() {
        assert_eq!(span("800d"), Ok(Duration::from_secs(800 * 86_400)));
        assert_eq!(span("36h"), Ok(Duration::from_secs(36 * 3_600)));
        assert_eq!(
            (span("0d"), span("d"), span("30")),
            (Err(InvalidDuration::NotPositive), Err(InvalidDuration::Malformed), Err(InvalidDuration::NoUnit))
        );
    }

    #[test]
    fn everything_else_is_refused_with_its_reason() {
        use InvalidDuration::*;
        check("", Err(Malformed));
        check("banana", Err(Malformed));
        check("5 minutes", Err(Malformed));
        check("1.2.3s", Err(Malformed));
        check("30", Err(NoUnit));
        check("1m30", Err(NoUnit));
        check("0s", Err(NotPositive));
        check("-30s", Err(NotPositive));
        check("9000h", Err(TooLong));
        check("1e9s", Err(Malformed));
        check(&"9".repeat(400), Err(NoUnit));
        check(&format!("{}h", "9".repeat(400)), Err(TooLong));
    }
}

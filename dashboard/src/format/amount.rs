//! How much and how many.

use super::UNKNOWN;

/// A whole number with its thousands apart.
#[must_use]
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number in at most five characters, for axes and tiles: `950`, `12.3k`, `4.1M`.
#[must_use]
pub fn compact(number: f64) -> String {
    const STEPS: [(f64, &str); 4] = [(1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")];
    // 999,950 would otherwise be a thousand thousands.
    for (size, letter) in STEPS {
        if number.abs() >= size * 0.99995 {
            return format!("{}{letter}", shortest(number / size, if number.abs() >= size * 99.95 { 0 } else { 1 }));
        }
    }
    shortest(number, if number.abs() >= 10.0 || number == 0.0 { 0 } else { 2 })
}

/// US dollars with as many places as the amount needs; what is unknown is not free.
#[must_use]
pub fn money(dollars: Option<f64>) -> String {
    let Some(dollars) = dollars else { return UNKNOWN.to_owned() };
    let size = dollars.abs();
    let places = match size {
        _ if size == 0.0 => 2,
        _ if size < 0.000_001 => return "< $0.000001".to_owned(),
        _ if size < 0.001 => 6,
        _ if size < 1.0 => 4,
        _ => 2,
    };
    let text = format!("{size:.places$}");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, "00"));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), count);
    format!("{}${whole}.{rest}", if dollars < 0.0 { "−" } else { "" })
}

/// A part of a whole, in percent; nothing of nothing is unknown.
#[must_use]
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return UNKNOWN.to_owned();
    }
    #[expect(clippy::cast_precision_loss, reason = "a figure of three digits")]
    let share = part as f64 * 100.0 / whole as f64;
    match share {
        _ if part == 0 => "0%".to_owned(),
        _ if part == whole => "100%".to_owned(),
        _ if share < 0.1 => "< 0.1%".to_owned(),
        _ if share > 99.9 => "> 99.9%".to_owned(),
        _ => format!("{share:.1}%"),
    }
}

/// How many in a second, from how many in so many seconds.
#[must_use]
pub fn rate(number: u64, seconds: f64) -> String {
    if seconds <= 0.0 {
        return UNKNOWN.to_owned();
    }
    #[expect(clippy::cast_precision_loss, reason = "a figure of three digits")]
    let per_second = number as f64 / seconds;
    match per_second * 60.0 {
        per_minute if per_minute >= 60.0 || number == 0 => format!("{}/s", compact(per_second)),
        per_minute if per_minute < 0.01 => "< 0.01/min".to_owned(),
        per_minute => format!("{}/min", compact(per_minute)),
    }
}

/// A size in binary units.
#[must_use]
pub fn bytes(size: u64) -> String {
    const UNITS: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];
    if size < 1024 {
        return format!("{size} B");
    }
    #[expect(clippy::cast_precision_loss, reason = "a figure of three digits")]
    let mut size = size as f64 / 1024.0;
    let mut unit = 0;
    while size >= 1023.95 && unit + 1 < UNITS.len() {
        size /= 1024.0;
        unit += 1;
    }
    format!("{} {}", shortest(size, if size >= 99.95 { 0 } else { 1 }), UNITS[unit])
}

/// With at most so many places, and no zeros at their end.
pub(super) fn shortest(number: f64, places: usize) -> String {
    let text = format!("{number:.places$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

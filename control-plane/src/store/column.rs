//! How the domain's values are written into columns, and read back.

use std::time::Duration;

use time::OffsetDateTime;

/// Longest name in the request log, in bytes. Several may stand in one entry of an index, of which PostgreSQL takes 2,704 bytes.
const LONGEST_NAME: usize = 256;

/// This instant, as precisely as a column holds it.
pub(super) fn now() -> OffsetDateTime {
    instant(micros(OffsetDateTime::now_utc()))
}

/// Microseconds since 1970.
pub(super) fn micros(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos().div_euclid(1_000)).unwrap_or(i64::MAX)
}

/// The instant of a column, in UTC.
pub(super) fn instant(micros: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// A duration in microseconds.
pub(super) fn duration_micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// The duration of a column.
pub(super) fn duration(micros: i64) -> Duration {
    Duration::from_micros(unsigned(micros))
}

/// A count for a column; what no column can hold is cut to the largest.
pub(super) fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The count of a column, which never holds a negative one.
pub(super) fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

/// A text for a column. PostgreSQL stores no NUL, and one bad character must not keep a whole delivery from being stored.
pub(super) fn text(text: &str) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text.to_owned() }
}

/// A name for a column of the request log: the beginning of it, where it is too long. It was made up far away, and must not keep a
/// whole delivery from being stored either.
pub(super) fn name(name: &str) -> String {
    beginning(text(name), LONGEST_NAME)
}

/// The beginning of a text, of at most so many bytes.
pub(super) fn beginning(mut text: String, longest: usize) -> String {
    text.truncate(text.floor_char_boundary(longest));
    text
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_name_ends_with_a_whole_character_and_within_its_bound() {
        assert_eq!(name("gpt-4o"), "gpt-4o");
        assert_eq!(name(&"x".repeat(300)), "x".repeat(256));
        assert_eq!(name(&format!("x{}", "é".repeat(300))), format!("x{}", "é".repeat(127)));
        // What stands for a NUL is longer than it.
        assert_eq!(name(&"\0".repeat(256)), "\u{fffd}".repeat(85));
    }
}

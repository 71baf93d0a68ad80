//! How the domain's values are written into columns, and read back.

use std::time::Duration;

use time::OffsetDateTime;

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

//! When, and how long.

use time::{OffsetDateTime, UtcOffset};

use super::amount::shortest;

/// A duration in milliseconds, in the unit that suits it.
#[must_use]
pub fn span(millis: f64) -> String {
    match millis {
        _ if !millis.is_finite() || millis < 0.0 => super::UNKNOWN.to_owned(),
        _ if millis < 0.95 => format!("{} ms", shortest(millis, 2)),
        _ if millis < 9.95 => format!("{} ms", shortest(millis, 1)),
        _ if millis < 999.5 => format!("{millis:.0} ms"),
        _ if millis < 9_995.0 => format!("{:.2} s", millis / 1e3),
        _ if millis < 59_950.0 => format!("{:.1} s", millis / 1e3),
        _ => long(millis / 1e3),
    }
}

/// A minute or more, as its two largest units.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive, and centuries fit")]
fn long(seconds: f64) -> String {
    let seconds = seconds.round() as u64;
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match days {
        0 if hours == 0 => format!("{minutes} min {:02} s", seconds % 60),
        0 => format!("{hours} h {:02} min", minutes % 60),
        _ => format!("{days} d {} h", hours % 24),
    }
}

/// How long ago something was, in one unit; a moment that has not come yet counts as now.
#[must_use]
pub fn ago(then: OffsetDateTime, now: OffsetDateTime) -> String {
    let seconds = (now - then).whole_seconds();
    if seconds < 5 { "just now".to_owned() } else { format!("{} ago", one_unit(seconds)) }
}

/// How long until something is, in one unit; `None`: it has been.
#[must_use]
pub fn until(then: OffsetDateTime, now: OffsetDateTime) -> Option<String> {
    let seconds = (then - now).whole_seconds();
    (seconds > 0).then(|| format!("in {}", one_unit(seconds)))
}

fn one_unit(seconds: i64) -> String {
    match seconds {
        ..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..86_400 => format!("{} h", seconds / 3600),
        86_400..5_184_000 => format!("{} d", seconds / 86_400),
        _ => format!("{} months", seconds / 2_592_000),
    }
}

/// A moment in the reader's own time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// Date and time to the second.
    pub local: String,
    /// The same to the millisecond, in UTC.
    pub exact: String,
}

impl Moment {
    /// How `at` reads where clocks show `offset`.
    #[must_use]
    pub fn of(at: OffsetDateTime, offset: UtcOffset) -> Self {
        let utc = at.to_offset(UtcOffset::UTC);
        let exact = format!("{} {}.{:03} UTC", day(utc, UtcOffset::UTC), clock(utc, UtcOffset::UTC), utc.millisecond());
        Self { local: format!("{} {}", day(at, offset), clock(at, offset)), exact }
    }
}

/// Hours, minutes and seconds.
#[must_use]
pub fn clock(at: OffsetDateTime, offset: UtcOffset) -> String {
    let at = at.to_offset(offset);
    format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
}

/// The date.
#[must_use]
pub fn day(at: OffsetDateTime, offset: UtcOffset) -> String {
    let at = at.to_offset(offset);
    format!("{:04}-{:02}-{:02}", at.year(), u8::from(at.month()), at.day())
}

/// The time of day, with the date where that is another day than today.
#[must_use]
pub fn stamp(at: OffsetDateTime, now: OffsetDateTime, offset: UtcOffset) -> String {
    let local = at.to_offset(offset);
    if local.date() == now.to_offset(offset).date() {
        return clock(at, offset);
    }
    format!("{} {} {}", &local.month().to_string()[..3], local.day(), clock(at, offset))
}

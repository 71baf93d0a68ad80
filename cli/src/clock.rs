//! Times as operators say them, reckoned by the gateway's clock: this machine's may be wrong.

use std::str::FromStr;
use std::time::Duration;

use ferrogw_api::Client;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::failure::Failure;
use crate::output::Output;

/// What two clocks may differ by before it is worth a word. The gateway's is read to the second.
pub(crate) const TOLERANCE: time::Duration = time::Duration::seconds(30);

/// A length of time, such as 720h or 30d.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span(pub(crate) Duration);

/// A point in time: itself, or how long ago it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// At this time.
    At(OffsetDateTime),
    /// This long ago.
    Ago(Span),
}

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        ferrogw_config::duration::span(text).map(Self).map_err(|error| format!("`{text}` {error}; say 720h or 30d"))
    }
}

impl FromStr for When {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let date = || OffsetDateTime::parse(&format!("{text}T00:00:00Z"), &Rfc3339);
        OffsetDateTime::parse(text, &Rfc3339).or_else(|_| date()).map(Self::At).or_else(|_| {
            text.parse().map(Self::Ago).map_err(|_| {
                "say a time such as 2026-01-31T12:00:00Z, a day such as 2026-01-31 (UTC), or how long ago, such as 30m, 24h or 7d"
                    .to_owned()
            })
        })
    }
}

/// The gateway's clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    now: OffsetDateTime,
}

impl Clock {
    /// Reads it, and says where this machine's differs.
    pub(crate) async fn of(client: &Client, output: Output) -> Result<Self, Failure> {
        let here = OffsetDateTime::now_utc();
        let Some(there) = client.alive().await?.at else { return Ok(Self { now: here }) };
        if let Some(difference) = difference(here, there) {
            output.note(&format!("this machine's clock is {difference} the gateway's; times are reckoned by the gateway's"));
        }
        Ok(Self { now: there })
    }

    /// When something is that is so far ahead.
    pub(crate) fn after(self, Span(span): Span) -> OffsetDateTime {
        self.now.saturating_add(time::Duration::try_from(span).unwrap_or(time::Duration::MAX))
    }

    fn before(self, Span(span): Span) -> OffsetDateTime {
        self.now.saturating_sub(time::Duration::try_from(span).unwrap_or(time::Duration::MAX))
    }
}

impl When {
    /// The time that is meant. The gateway is asked only where its clock matters.
    pub(crate) async fn resolve(self, client: &Client, output: Output) -> Result<OffsetDateTime, Failure> {
        match self {
            Self::At(at) => Ok(at),
            Self::Ago(span) => Ok(Clock::of(client, output).await?.before(span)),
        }
    }

    /// As [`Self::resolve`], for a time that may be absent.
    pub(crate) async fn resolve_all(
        times: [Option<Self>; 2],
        client: &Client,
        output: Output,
    ) -> Result<[Option<OffsetDateTime>; 2], Failure> {
        let relative = times.iter().flatten().any(|time| matches!(time, Self::Ago(_)));
        let clock = if relative { Some(Clock::of(client, output).await?) } else { None };
        Ok(times.map(|time| {
            time.map(|time| match (time, clock) {
                (Self::At(at), _) => at,
                (Self::Ago(span), Some(clock)) => clock.before(span),
                (Self::Ago(span), None) => Clock { now: OffsetDateTime::now_utc() }.before(span),
            })
        }))
    }
}

/// How far and in which direction `here` is off, in words; `None`: not worth one.
pub(crate) fn difference(here: OffsetDateTime, there: OffsetDateTime) -> Option<String> {
    let difference = here - there;
    let seconds = difference.whole_seconds().unsigned_abs();
    let length = match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    };
    let direction = if difference.is_negative() { "behind" } else { "ahead of" };
    (difference.abs() > TOLERANCE).then(|| format!("{length} {direction}"))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::{When, difference};

    #[test]
    fn a_time_is_said_as_such_or_by_how_long_ago() {
        assert_eq!("2026-01-31T12:00:00Z".parse(), Ok(When::At(datetime!(2026-01-31 12:00 UTC))));
        assert_eq!("2026-01-31".parse(), Ok(When::At(datetime!(2026-01-31 0:00 UTC))));
        assert_eq!("7d".parse(), Ok(When::Ago("168h".parse().unwrap())));
        for wrong in ["yesterday", "-1h", "2026-13-01", "", "0d"] {
            assert!(wrong.parse::<When>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn clocks_that_differ_are_told_apart() {
        let noon = datetime!(2026-01-31 12:00 UTC);
        assert_eq!(difference(noon, noon + time::Duration::seconds(29)), None);
        assert_eq!(difference(noon, noon + time::Duration::hours(1)).as_deref(), Some("60 min behind"));
        assert_eq!(difference(noon + time::Duration::hours(3), noon).as_deref(), Some("3 h 0 min ahead of"));
    }
}

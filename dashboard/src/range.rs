//! Ranges of time, as people choose them and as the admin API is asked for them.

use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::address::Query;

/// The ranges that end now: their name in addresses, for people, and their length in minutes.
pub const LAST: [(&str, &str, i64); 7] = [
    ("15m", "Last 15 minutes", 15),
    ("1h", "Last hour", 60),
    ("6h", "Last 6 hours", 360),
    ("24h", "Last 24 hours", 1440),
    ("7d", "Last 7 days", 10_080),
    ("30d", "Last 30 days", 43_200),
    ("90d", "Last 90 days", 129_600),
];

/// Which of them it is when nobody chose.
const DEFAULT: usize = 3;

/// A range of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// One of [`LAST`], by its place.
    Last(usize),
    /// Between two moments.
    Between(OffsetDateTime, OffsetDateTime),
}

impl Default for Range {
    fn default() -> Self {
        Self::Last(DEFAULT)
    }
}

impl Range {
    /// What an address says; nonsense is as if nobody had chosen.
    #[must_use]
    pub fn of(query: &Query) -> Self {
        let moment = |name: &str| OffsetDateTime::parse(query.get(name)?, &Rfc3339).ok();
        if let (Some(since), Some(until)) = (moment("since"), moment("until"))
            && since < until
        {
            return Self::Between(since, until);
        }
        let named = query.get("range").and_then(|name| LAST.iter().position(|(known, ..)| *known == name));
        named.map_or_else(Self::default, Self::Last)
    }

    /// The address of the same page with this range.
    #[must_use]
    pub fn into_query(self, query: Query) -> Query {
        let query = query.with("since", "").with("until", "").with("range", "").with("cursor", "");
        match self {
            Self::Last(DEFAULT) => query,
            Self::Last(at) => query.with("range", LAST[at].0),
            Self::Between(since, until) => query.with("since", &rfc3339(since)).with("until", &rfc3339(until)),
        }
    }

    /// From when to when, where it is `now`.
    #[must_use]
    pub fn bounds(self, now: OffsetDateTime) -> (OffsetDateTime, OffsetDateTime) {
        match self {
            Self::Last(at) => (now - Duration::minutes(LAST[at].2), now),
            Self::Between(since, until) => (since, until),
        }
    }

    /// Whether it ends now, so that what it shows grows old.
    #[must_use]
    pub fn is_live(self) -> bool {
        matches!(self, Self::Last(_))
    }
}

/// As the admin API spells moments.
#[must_use]
pub fn rfc3339(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_range_survives_the_way_through_an_address() {
        let between = Range::Between(datetime!(2026-11-25 10:00 UTC), datetime!(2026-11-25 12:00 UTC));
        for range in (0..LAST.len()).map(Range::Last).chain([between]) {
            let query = range.into_query(Query::of("model=x&range=1h&cursor=abc"));
            assert_eq!(Range::of(&Query::of(&query.text())), range);
            assert_eq!((query.get("model"), query.get("cursor")), (Some("x"), None));
        }
    }

    #[test]
    fn the_usual_range_leaves_the_address_short() {
        assert_eq!(Range::default().into_query(Query::default()).text(), "");
    }

    #[test]
    fn nonsense_is_the_usual_range() {
        for text in [
            "range=1y",
            "since=yesterday&until=now",
            "since=2026-11-25T12:00:00Z&until=2026-11-25T10:00:00Z",
            "since=2026-11-25T12:00:00Z",
        ] {
            assert_eq!(Range::of(&Query::of(text)), Range::default(), "{text}");
        }
    }

    #[test]
    fn a_range_that_ends_now_moves_with_the_clock() {
        let now = datetime!(2026-11-25 12:00 UTC);
        assert_eq!(Range::Last(1).bounds(now), (datetime!(2026-11-25 11:00 UTC), now));
        assert!(Range::Last(1).is_live());
    }
}

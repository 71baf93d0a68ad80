//! What is shown of a record: columns of a table, or lines of a description.

use time::OffsetDateTime;
use time::macros::format_description;

use super::tone::Tone;

/// A column: its name, and what it shows of a record.
pub(crate) struct Column<T> {
    pub(super) name: &'static str,
    show: fn(&T) -> String,
    tone: fn(&T) -> Tone,
    id: bool,
}

/// A column that may be cut where there is no room.
pub(crate) const fn column<T>(name: &'static str, show: fn(&T) -> String) -> Column<T> {
    Column { name, show, tone: |_| Tone::Plain, id: false }
}

/// A column that people and scripts copy from: never cut, and the first one is what `--quiet` leaves.
pub(crate) const fn id<T>(name: &'static str, show: fn(&T) -> String) -> Column<T> {
    Column { name, show, tone: |_| Tone::Plain, id: true }
}

/// A column in the colour of what it says.
pub(crate) const fn toned<T>(name: &'static str, show: fn(&T) -> String, tone: fn(&T) -> Tone) -> Column<T> {
    Column { name, show, tone, id: false }
}

impl<T> Column<T> {
    /// What it shows of a record.
    pub(crate) fn of(&self, record: &T) -> String {
        (self.show)(record)
    }

    /// In which colour; what shows nothing has none.
    pub(super) fn tone(&self, record: &T) -> Tone {
        if self.of(record).is_empty() { Tone::Plain } else { (self.tone)(record) }
    }

    /// Whether this is its name.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        self.name == name
    }

    pub(super) fn is_id(&self) -> bool {
        self.id
    }
}

/// A text that may be absent.
pub(crate) fn text(text: Option<&str>) -> String {
    text.unwrap_or_default().to_owned()
}

/// A time that may be absent.
pub(crate) fn instant(at: Option<OffsetDateTime>) -> String {
    let minutes = format_description!("[year]-[month]-[day] [hour]:[minute] UTC");
    at.and_then(|at| at.to_offset(time::UtcOffset::UTC).format(minutes).ok()).unwrap_or_default()
}

/// A time to the second, to find one event among many.
pub(crate) fn moment(at: OffsetDateTime) -> String {
    let seconds = format_description!("[year]-[month]-[day] [hour]:[minute]:[second] UTC");
    at.to_offset(time::UtcOffset::UTC).format(seconds).unwrap_or_default()
}

/// A figure that may be unknown.
pub(crate) fn number(figure: Option<impl ToString>) -> String {
    figure.map(|figure| figure.to_string()).unwrap_or_default()
}

/// A large count, in groups of three digits.
pub(crate) fn count(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Milliseconds that may be unknown.
pub(crate) fn millis(ms: Option<f64>) -> String {
    ms.map(|ms| format!("{ms:.1}")).unwrap_or_default()
}

/// Dollars that may be unknown, which is not free.
pub(crate) fn dollars(usd: Option<f64>) -> String {
    match usd {
        None => String::new(),
        Some(usd) if usd != 0.0 && usd.abs() < 0.01 => {
            let text = format!("{usd:.9}");
            text.trim_end_matches('0').to_owned()
        }
        Some(usd) => format!("{usd:.4}"),
    }
}

/// Several things.
pub(crate) fn list<T: ToString>(things: impl IntoIterator<Item = T>) -> String {
    things.into_iter().map(|thing| thing.to_string()).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::{count, dollars, instant};

    #[test]
    fn a_time_is_shown_in_utc_to_the_minute() {
        let at = time::macros::datetime!(2026-01-31 23:30:15 -02:00);
        assert_eq!((instant(Some(at)), instant(None)), ("2026-02-01 01:30 UTC".to_owned(), String::new()));
    }

    #[test]
    fn counts_are_grouped() {
        assert_eq!([0, 999, 1000, 1_234_567].map(count), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn little_money_is_still_some() {
        assert_eq!([Some(0.0), Some(0.000_012), Some(12.5), None].map(dollars), ["0.0000", "0.000012", "12.5000", ""]);
    }
}

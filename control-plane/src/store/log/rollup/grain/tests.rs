use super::{Grain, Run, cover};

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;
const MINUTE: i64 = 60_000_000;

/// Stretches as (grain, from, to) in minutes.
fn covered(from: i64, to: i64, finest: Grain) -> Vec<(Grain, i64, i64)> {
    let runs = cover(from, to, finest).into_iter();
    runs.map(|Run { grain, from_us, to_us }| (grain, from_us / MINUTE, to_us / MINUTE)).collect()
}

#[test]
fn whole_days_are_days() {
    assert_eq!(covered(DAY, 3 * DAY, Grain::Minute), [(Grain::Day, 1440, 4320)]);
}

#[test]
fn a_range_within_an_hour_is_minutes() {
    assert_eq!(covered(HOUR + MINUTE, HOUR + 9 * MINUTE, Grain::Minute), [(Grain::Minute, 61, 69)]);
}

#[test]
fn ragged_ends_are_hours_and_minutes_around_days() {
    let (from, to) = (DAY - HOUR - 2 * MINUTE, 2 * DAY + 2 * HOUR + MINUTE);
    assert_eq!(
        covered(from, to, Grain::Minute),
        [
            (Grain::Minute, 1378, 1380),
            (Grain::Minute, 3000, 3001),
            (Grain::Hour, 1380, 1440),
            (Grain::Hour, 2880, 3000),
            (Grain::Day, 1440, 2880),
        ]
    );
}

#[test]
fn nothing_is_finer_than_what_may_be() {
    assert_eq!(covered(DAY - HOUR, DAY + HOUR, Grain::Hour), [(Grain::Hour, 1380, 1500)]);
    assert_eq!(covered(DAY, 2 * DAY, Grain::Day), [(Grain::Day, 1440, 2880)]);
}

#[test]
fn an_empty_range_is_nothing() {
    assert!(covered(DAY, DAY, Grain::Minute).is_empty());
}

#[test]
fn instants_before_1970_belong_to_the_stretch_that_holds_them() {
    assert_eq!(Grain::Hour.start(-1), -HOUR);
}

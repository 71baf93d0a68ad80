use time::macros::{datetime, offset};

use super::*;

#[test]
fn thousands_stand_apart() {
    for (number, text) in
        [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (u64::MAX, "18,446,744,073,709,551,615")]
    {
        assert_eq!(count(number), text);
    }
}

#[test]
fn compact_figures_stay_short() {
    let cases = [
        (0.0, "0"),
        (0.25, "0.25"),
        (9.5, "9.5"),
        (950.0, "950"),
        (999.97, "1k"),
        (1500.0, "1.5k"),
        (12_345.0, "12.3k"),
        (123_456.0, "123k"),
        (999_960.0, "1M"),
        (4_100_000.0, "4.1M"),
        (7e9, "7B"),
        (2e12, "2T"),
    ];
    for (number, text) in cases {
        assert_eq!(compact(number), text, "{number}");
    }
}

#[test]
fn money_has_the_places_that_it_needs_and_unknown_is_not_free() {
    let cases = [
        (None, "–"),
        (Some(0.0), "$0.00"),
        (Some(0.000_000_1), "< $0.000001"),
        (Some(0.000_42), "$0.000420"),
        (Some(0.0123), "$0.0123"),
        (Some(12.3), "$12.30"),
        (Some(1_234_567.891), "$1,234,567.89"),
        (Some(-2.5), "−$2.50"),
    ];
    for (dollars, text) in cases {
        assert_eq!(money(dollars), text, "{dollars:?}");
    }
}

#[test]
fn a_share_is_never_rounded_to_nothing_or_everything() {
    let cases = [
        ((0, 0), "–"),
        ((0, 10), "0%"),
        ((10, 10), "100%"),
        ((1, 100_000), "< 0.1%"),
        ((99_999, 100_000), "> 99.9%"),
        ((1, 3), "33.3%"),
    ];
    for ((part, whole), text) in cases {
        assert_eq!(percent(part, whole), text);
    }
}

#[test]
fn slow_rates_are_told_by_the_minute() {
    assert_eq!(rate(120, 60.0), "2/s");
    assert_eq!(rate(30, 60.0), "30/min");
    assert_eq!(rate(60, 60.0), "1/s");
    assert_eq!(rate(15, 86_400.0), "0.01/min");
    assert_eq!(rate(7, 86_400.0), "< 0.01/min");
    assert_eq!(rate(0, 60.0), "0/s");
    assert_eq!(rate(1, 0.0), "–");
}

#[test]
fn sizes_are_binary() {
    for (size, text) in [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (3 << 20, "3 MiB"), (1 << 30, "1 GiB")] {
        assert_eq!(bytes(size), text);
    }
}

#[test]
fn durations_take_the_unit_that_suits_them() {
    let cases = [
        (0.0, "0 ms"),
        (0.42, "0.42 ms"),
        (4.2, "4.2 ms"),
        (42.4, "42 ms"),
        (999.6, "1.00 s"),
        (1234.0, "1.23 s"),
        (12_340.0, "12.3 s"),
        (65_000.0, "1 min 05 s"),
        (3_725_000.0, "1 h 02 min"),
        (90_000_000.0, "1 d 1 h"),
        (f64::NAN, "–"),
    ];
    for (millis, text) in cases {
        assert_eq!(span(millis), text, "{millis}");
    }
}

#[test]
fn a_moment_ahead_of_the_clock_is_now() {
    let now = datetime!(2026-11-25 12:00 UTC);
    for (then, text) in [
        (datetime!(2026-11-25 13:00 UTC), "just now"),
        (datetime!(2026-11-25 11:59:30 UTC), "30 s ago"),
        (datetime!(2026-11-25 11:00 UTC), "1 h ago"),
        (datetime!(2026-11-20 12:00 UTC), "5 d ago"),
        (datetime!(2026-05-25 12:00 UTC), "6 months ago"),
    ] {
        assert_eq!(ago(then, now), text);
    }
    assert_eq!(until(datetime!(2026-11-25 12:30 UTC), now).as_deref(), Some("in 30 min"));
    assert_eq!(until(now, now), None);
}

#[test]
fn a_moment_is_told_where_the_reader_is_and_exactly() {
    let moment = Moment::of(datetime!(2026-11-25 23:30:05.042 UTC), offset!(+2));
    assert_eq!(moment, Moment { local: "2026-11-26 01:30:05".into(), exact: "2026-11-25 23:30:05.042 UTC".into() });
}

#[test]
fn what_happened_today_needs_no_date() {
    let now = datetime!(2026-11-25 12:00 UTC);
    assert_eq!(stamp(datetime!(2026-11-25 00:30:05 UTC), now, offset!(UTC)), "00:30:05");
    assert_eq!(stamp(datetime!(2026-11-25 00:30:05 UTC), now, offset!(-1)), "Nov 24 23:30:05");
}

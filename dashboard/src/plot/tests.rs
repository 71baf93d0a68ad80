use time::macros::{datetime, offset};

use super::*;

const PLANE: Plane = Plane { width: 100.0, height: 10.0 };
const SCALE: Scale = Scale { top: 10.0, height: 10.0 };

#[test]
fn ticks_are_round_and_reach_over_the_data() {
    let cases: [(f64, &[f64]); 6] = [
        (0.0, &[0.0, 0.5, 1.0]),
        (1.0, &[0.0, 0.5, 1.0]),
        (7.0, &[0.0, 5.0, 10.0]),
        (100.0, &[0.0, 50.0, 100.0]),
        (101.0, &[0.0, 100.0, 200.0]),
        (f64::NAN, &[0.0, 0.5, 1.0]),
    ];
    for (most, expected) in cases {
        assert_eq!(ticks(most, 2), expected, "{most}");
    }
    assert!(ticks(0.0043, 4).last().is_some_and(|top| *top >= 0.0043 && *top < 0.0061));
}

#[test]
fn instants_are_round_where_the_reader_is() {
    let texts = |since, until, most, offset| -> Vec<String> {
        instants(since, until, most, offset).into_iter().map(|(_, text)| text).collect()
    };
    let (morning, noon) = (datetime!(2026-11-25 09:10 UTC), datetime!(2026-11-25 12:10 UTC));
    assert_eq!(texts(morning, noon, 4, offset!(UTC)), ["10:00", "11:00", "12:00"]);
    assert_eq!(texts(morning, noon, 4, offset!(+5:30)), ["15:00", "16:00", "17:00"]);
    let evening = datetime!(2026-11-25 21:00 UTC);
    assert_eq!(texts(evening, evening + time::Duration::hours(6), 3, offset!(UTC)), ["22:00", "Nov 26", "02:00"]);
    let month = texts(evening, evening + time::Duration::days(30), 6, offset!(UTC));
    assert!(month.len() <= 7 && month.iter().all(|text| text.contains(' ')), "{month:?}");
}

#[test]
fn what_is_stacked_stands_on_what_is_below() {
    let bands = stack(&[vec![1.0, 2.0], vec![3.0, 0.0], vec![-1.0, 4.0]]);
    assert_eq!(bands, [[(0.0, 1.0), (0.0, 2.0)], [(1.0, 4.0), (2.0, 2.0)], [(4.0, 4.0), (2.0, 6.0)]]);
}

#[test]
fn a_line_has_gaps_where_nothing_is_known() {
    let path = line(&[Some(10.0), Some(0.0), None, Some(5.0)], PLANE, SCALE);
    assert_eq!(path, "M12.5 0.0L37.5 10.0M85.5 5.0a2 2 0 1 0 4 0a2 2 0 1 0-4 0");
}

#[test]
fn the_smallest_bar_is_seen_and_nothing_is_not() {
    assert_eq!(bars(&[(0.0, 0.0001), (0.0, 0.0)], PLANE, SCALE), "M1.0 10.0v-1.0h48.0v1.0Z");
}

#[test]
fn the_pointer_is_over_one_place_or_none() {
    for (x, place) in [(-1.0, None), (0.0, Some(0)), (49.9, Some(1)), (100.0, Some(3)), (101.0, None)] {
        assert_eq!(place_at(x, 100.0, 4), place, "{x}");
    }
    assert_eq!(place_at(1.0, 100.0, 0), None);
}

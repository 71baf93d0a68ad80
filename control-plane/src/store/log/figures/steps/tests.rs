use super::Steps;
use crate::store::log::rollup::grain::Grain;

const MINUTE: i64 = 60_000_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Length in minutes, count, beginning and end in minutes.
fn told(steps: Steps) -> (i64, i64, i64, i64) {
    (steps.micros / MINUTE, steps.count(), steps.from_us / MINUTE, steps.to_us / MINUTE)
}

#[test]
fn steps_are_the_shortest_of_which_few_enough_are_as_long_as_the_range() {
    let over = |span: i64, points| told(Steps::over(0, span, points, Grain::Minute));
    assert_eq!(over(HOUR, 60), (1, 60, 0, 60));
    assert_eq!(over(DAY, 60), (30, 48, 0, 1440));
    assert_eq!(over(7 * DAY, 60), (180, 56, 0, 10080));
    assert_eq!(over(30 * DAY, 60), (720, 60, 0, 43200));
    assert_eq!(over(30 * DAY, 240), (180, 240, 0, 43200));
    assert_eq!(over(400 * DAY, 240), (2880, 200, 0, 576_000));
}

#[test]
fn ragged_ends_are_widened_to_whole_steps() {
    let steps = Steps::over(HOUR + 1, 2 * HOUR + 1, 60, Grain::Minute);
    assert_eq!(told(steps), (1, 61, 60, 121));
    assert_eq!(told(Steps::over(5, 6, 60, Grain::Minute)), (1, 1, 0, 1));
}

#[test]
fn one_point_is_the_range_itself() {
    assert_eq!(told(Steps::over(DAY - HOUR - 1, 2 * DAY - HOUR - 1, 1, Grain::Minute)), (1441, 1, 1379, 2820));
    assert_eq!(told(Steps::over(HOUR / 2, 3 * DAY + 1, 1, Grain::Hour)), (73 * 60, 1, 0, 73 * 60));
}

#[test]
fn where_minutes_are_not_kept_steps_are_hours() {
    assert_eq!(told(Steps::over(HOUR / 2, HOUR, 60, Grain::Hour)), (60, 1, 0, 60));
}

#[test]
fn however_long_the_range_there_is_at_most_one_step_more_than_asked_for() {
    for points in [1, 2, 7, 240] {
        for span in [1, MINUTE, DAY, 4_000 * DAY, 400_000 * DAY] {
            for since in [0, 1, DAY - 1, -3 * DAY - 7] {
                let steps = Steps::over(since, since + span, points, Grain::Minute);
                assert!(steps.count() <= i64::from(points) + 1, "{points} points over {span} from {since}: {steps:?}");
                assert!(steps.from_us <= since && steps.to_us >= since + span);
            }
        }
    }
}

#[test]
fn an_empty_range_is_one_step() {
    assert_eq!(told(Steps::over(HOUR, HOUR, 60, Grain::Minute)), (1, 1, 60, 61));
}

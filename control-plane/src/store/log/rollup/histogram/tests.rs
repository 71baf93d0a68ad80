use super::Histogram;

/// What the module promises.
const ERROR: f64 = 0.044;

fn of(values: impl IntoIterator<Item = i64>) -> Histogram {
    let mut histogram = Histogram::default();
    values.into_iter().for_each(|value| histogram.add(value));
    histogram
}

#[test]
fn a_quantile_is_as_near_as_promised() {
    // From a microsecond to ten hours, unevenly.
    let mut values: Vec<i64> = (1_i64..20_000).map(|number| 1 + number * number * number % 36_000_000_000).collect();
    let histogram = of(values.clone());
    values.sort_unstable();
    for percent in [1, 10, 50, 90, 95, 99] {
        let exact = values[(values.len() * percent).div_ceil(100) - 1] as f64;
        let told = histogram.percentile(percent as u64, *values.last().unwrap()) as f64;
        // Rounding to whole microseconds comes on top where values are small.
        assert!((told - exact).abs() <= exact * ERROR + 0.5, "{percent} %: {told} for {exact}");
    }
}

#[test]
fn merged_histograms_are_the_histogram_of_everything() {
    let (one, other) = (of([5, 80_000, 80_000]), of([0, 80_000, 9_000_000]));
    let mut merged = one.clone();
    merged.merge(&other);
    assert_eq!(merged, of([5, 80_000, 80_000, 0, 80_000, 9_000_000]));
    let mut read = Histogram::default();
    read.add_text(&format!("{}  {}", one.text(), other.text()));
    assert_eq!(read, merged);
    merged.subtract(&other);
    assert_eq!(merged, one);
}

#[test]
fn what_is_written_is_read_again_and_nonsense_counts_nothing() {
    let histogram = of([1, 2, 3, i64::MAX, -7]);
    let mut read = Histogram::default();
    read.add_text(&histogram.text());
    read.add_text("a:b 3 :1 99999999:1");
    assert_eq!((read.count(), read), (5, histogram));
}

#[test]
fn the_last_rank_is_the_longest_exactly() {
    assert_eq!(of([100, 200, 12_345]).percentile(99, 12_345), 12_345);
    assert_eq!(of([77_777]).percentile(50, 77_777), 77_777);
}

#[test]
fn no_quantile_is_longer_than_the_longest() {
    // A bucket's middle may lie beyond the longest that was seen in it.
    for longest in 1_000..1_100 {
        assert!(of([longest, longest, longest]).percentile(50, longest) <= longest);
    }
}

use std::time::Duration;

use ferrogw_control_plane::store::{Group, LogFilter, LogRecord, LogStats, StatsFilter, Store, Tokens, TopError, Totals};

use crate::home::Home;
use crate::records::{NOON, day, deliver, failed, record};

const MINUTE: Duration = Duration::from_secs(60);

async fn stats(store: &Store, filter: &StatsFilter) -> LogStats {
    store.log_stats(filter).await.expect("it answers")
}

/// An hour from noon on, in six points.
fn hour() -> StatsFilter {
    let rows = LogFilter { since: Some(NOON), until: Some(NOON + MINUTE * 60), ..LogFilter::default() };
    StatsFilter { rows, buckets: 6, groups: 0 }
}

on_every_database! {
    async fn an_empty_log_counts_nothing(home: &Home) {
        let told = stats(&home.store().await, &hour()).await;
        assert_eq!(told.summary, Totals::default());
        assert!(told.latency.is_none() && told.first_content.is_none() && told.by_model.is_empty() && told.top_errors.is_empty());
        assert_eq!(told.series.expect("it was asked for").points.len(), 6);
    }

    async fn unknown_is_not_zero(home: &Home) {
        let store = home.store().await;
        let free = LogRecord { cost_nanos: Some(0), first_content: Some(Duration::ZERO), ..record() };
        let unknown = LogRecord { cost_nanos: None, tokens: None, first_content: None, ..record() };
        deliver(&store, [free, unknown]).await;
        let told = stats(&store, &hour()).await;
        assert_eq!((told.summary.unpriced, told.summary.cost_nanos), (1, 0));
        assert_eq!(told.first_content.expect("one was measured").count, 1);
    }

    async fn totals_add_up_what_is_known(home: &Home) {
        let store = home.store().await;
        let cached = Tokens { input: 1, cache_read: 2, cache_write: 4, cache_write_1h: 8, output: 16, reasoning: 3, ..Tokens::default() };
        deliver(&store, [record(), LogRecord { tokens: Some(cached), cost_nanos: Some(500), ..record() }, failed("boom")]).await;
        let expected = Totals { requests: 3, errors: 1, prompt_tokens: 25, completion_tokens: 21, cost_nanos: 1_500, unpriced: 1 };
        assert_eq!(stats(&store, &StatsFilter::default()).await.summary, expected);
    }

    async fn a_provider_that_counts_nonsense_leaves_the_figures_readable(home: &Home) {
        let store = home.store().await;
        // What one request is taken to have used at most.
        let (tokens, nanos) = (1_u64 << 40, 1_i64 << 40);
        let most = u64::MAX;
        let absurd = Tokens { input: most, cache_read: most, cache_write: most, cache_write_1h: most, output: most, ..Tokens::default() };
        let odd = || LogRecord { tokens: Some(absurd), cost_nanos: Some(i64::MAX), duration: Duration::MAX, ..record() };
        deliver(&store, [odd(), odd(), LogRecord { error: failed("boom").error, ..odd() }, record()]).await;
        let told = stats(&store, &hour()).await;
        let expected = Totals {
            requests: 4,
            errors: 1,
            prompt_tokens: 12 * tokens + 10,
            completion_tokens: 3 * tokens + 5,
            cost_nanos: 3 * nanos + 1_000,
            unpriced: 0,
        };
        assert_eq!((told.summary, told.latency.expect("it was measured").count), (expected, 4));
        // As roll-ups count them.
        let used = store.usage(&day()).await.expect("it answers").summary;
        assert_eq!((used.tokens.prompt(), used.tokens.output, used.cost_nanos), (12 * tokens + 10, 3 * tokens + 5, 3 * nanos + 1_000));
    }

    async fn groups_count_requests_and_name_the_nameless(home: &Home) {
        let store = home.store().await;
        let of = |provider: &str| LogRecord { provider: provider.to_owned(), ..record() };
        deliver(&store, [of("b"), of("a"), of("c"), of("c"), of("")]).await;
        let told = stats(&store, &StatsFilter::default()).await;
        let counts: Vec<_> = told.by_provider.iter().map(|Group { name, totals }| (name.as_str(), totals.requests)).collect();
        assert_eq!(counts, [("c", 2), ("a", 1), ("b", 1), ("unknown", 1)]);
        assert_eq!((told.by_model.len(), told.by_model[0].totals.requests), (1, 5));
        let limited = stats(&store, &StatsFilter { groups: 2, ..StatsFilter::default() }).await;
        assert_eq!(limited.by_provider, told.by_provider[..2]);
    }

    async fn the_most_frequent_errors_come_first_and_blank_ones_never(home: &Home) {
        let store = home.store().await;
        let mut records = vec![failed(""), failed("rare"), failed("often"), failed("often")];
        records.extend((0..10).map(|number| failed(&format!("once {number}"))));
        deliver(&store, records).await;
        let top = stats(&store, &StatsFilter::default()).await.top_errors;
        assert_eq!((top.len(), &top[0]), (8, &TopError { message: "often".to_owned(), count: 2 }));
        assert!(top.iter().all(|error| !error.message.is_empty()));
    }

    async fn percentiles_are_by_nearest_rank(home: &Home) {
        let store = home.store().await;
        deliver(&store, (1..=200).rev().map(|millis| LogRecord { duration: Duration::from_millis(millis), ..record() })).await;
        let latency = stats(&store, &hour()).await.latency.expect("it was measured");
        let millis = [latency.p50, latency.p95, latency.p99, latency.max].map(|duration| duration.as_millis());
        assert_eq!((millis, latency.mean, latency.count), ([100, 190, 198, 200], Duration::from_micros(100_500), 200));
    }

    async fn a_single_measurement_is_every_percentile(home: &Home) {
        let store = home.store().await;
        deliver(&store, [record()]).await;
        let latency = stats(&store, &hour()).await.latency.expect("it was measured");
        assert_eq!([latency.p50, latency.p99, latency.max, latency.mean], [Duration::from_millis(80); 4]);
    }

    async fn a_series_cuts_time_into_equal_steps(home: &Home) {
        let store = home.store().await;
        let at = |minutes: u32| LogRecord { started_at: NOON + MINUTE * minutes, ..record() };
        deliver(&store, [at(0), at(9), at(10), at(59), at(60), LogRecord { started_at: NOON - MINUTE, ..record() }]).await;
        let series = stats(&store, &hour()).await.series.expect("it was asked for");
        let counts: Vec<_> = series.points.iter().map(|point| ((point.start - NOON).whole_minutes(), point.totals.requests)).collect();
        assert_eq!(counts, [(0, 2), (10, 1), (20, 0), (30, 0), (40, 0), (50, 1)]);
        assert_eq!((series.start, series.end), (NOON, NOON + MINUTE * 60));
    }

    async fn series_and_percentiles_are_not_computed_unasked(home: &Home) {
        let store = home.store().await;
        deliver(&store, [record()]).await;
        for filter in [StatsFilter { buckets: 0, ..hour() }, StatsFilter { rows: LogFilter::default(), ..hour() }] {
            let told = stats(&store, &filter).await;
            assert!(told.series.is_none() && told.latency.is_none() && told.first_content.is_none());
        }
    }

    async fn figures_follow_the_filter(home: &Home) {
        let store = home.store().await;
        deliver(&store, [LogRecord { stream: true, ..record() }, record(), failed("boom")]).await;
        let streamed = StatsFilter { rows: LogFilter { stream: Some(true), ..LogFilter::default() }, ..StatsFilter::default() };
        assert_eq!(stats(&store, &streamed).await.summary.requests, 1);
    }
}

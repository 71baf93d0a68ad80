use std::time::Duration;

use ferrogw_control_plane::store::{KeyUse, LogEntry, LogItem, LogRecord, LogSum, Tokens, UsageFilter, UsageMinute};
use uuid::Uuid;

use crate::home::Home;
use crate::records::{NOON, deliver, failed, record, sum};

const MINUTE: Duration = Duration::from_secs(60);

on_every_database! {
    async fn a_minute_adds_up_what_one_key_used_of_one_model(home: &Home) {
        let (store, key) = (home.store().await, Uuid::now_v7());
        let keyed = |record| LogRecord { key_id: Some(key), ..record };
        let slow = LogRecord { duration: Duration::from_secs(61), started_at: NOON + Duration::from_secs(59), ..record() };
        deliver(&store, [keyed(record())]).await;
        deliver(&store, [keyed(slow), keyed(failed("boom")), record()]).await;
        let minutes = store.usage(&UsageFilter { key_id: Some(key), ..UsageFilter::default() }).await.expect("it answers");
        let expected = UsageMinute {
            start: NOON,
            key_id: Some(key),
            provider: "openai".to_owned(),
            model: "gpt-4o-mini".to_owned(),
            requests: 3,
            failures: 1,
            tokens: Tokens { input: 20, output: 10, ..Tokens::default() },
            cost_nanos: 2_000,
            unpriced: 1,
            latencies: [0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1],
        };
        assert_eq!(minutes, [expected]);
    }

    async fn minutes_keys_and_models_are_kept_apart(home: &Home) {
        let store = home.store().await;
        let later = LogRecord { started_at: NOON + MINUTE, ..record() };
        let other_model = LogRecord { model: "llama".to_owned(), ..record() };
        let keyed = LogRecord { key_id: Some(Uuid::now_v7()), ..record() };
        deliver(&store, [record(), later, other_model, keyed]).await;
        let minutes = store.usage(&UsageFilter::default()).await.expect("it answers");
        assert_eq!(minutes.iter().map(|minute| minute.requests).collect::<Vec<_>>(), [1, 1, 1, 1]);
        let range = UsageFilter { since: Some(NOON + MINUTE), until: Some(NOON + MINUTE * 2), key_id: None };
        assert_eq!(store.usage(&range).await.expect("it answers").len(), 1);
    }

    async fn a_latency_at_a_bound_belongs_below_it(home: &Home) {
        let store = home.store().await;
        let took = |millis| LogRecord { duration: Duration::from_millis(millis), ..record() };
        deliver(&store, [took(25), took(26), took(60_000)]).await;
        let minutes = store.usage(&UsageFilter::default()).await.expect("it answers");
        assert_eq!(minutes[0].latencies, [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
    }

    async fn a_key_remembers_its_uses_its_last_one_and_its_spending(home: &Home) {
        let (store, key) = (home.store().await, Uuid::now_v7());
        let used = |minutes: u32| LogRecord { key_id: Some(key), started_at: NOON + MINUTE * minutes, ..record() };
        deliver(&store, [used(5), used(3)]).await;
        deliver(&store, [used(4), LogRecord { cost_nanos: None, ..used(1) }, record()]).await;
        let usage = store.key_usage().await.expect("it answers");
        let expected = KeyUse { requests: 4, last_used_at: NOON + MINUTE * 5, cost_nanos: 3_000, unpriced: 1 };
        assert_eq!(usage.into_iter().collect::<Vec<_>>(), [(key, expected)]);
    }

    async fn a_sum_counts_for_its_key_and_its_hour(home: &Home) {
        let (store, key) = (home.store().await, Uuid::now_v7());
        let item = LogItem { sequence: 1, entry: LogEntry::Sum(LogSum { key_id: Some(key), ..sum(20) }) };
        store.record(Uuid::now_v7(), 1, &[item]).await.expect("it is stored");
        let minutes = store.usage(&UsageFilter::default()).await.expect("it answers");
        assert_eq!((minutes[0].requests, minutes[0].failures, minutes[0].cost_nanos, minutes[0].unpriced), (20, 1, 9_000, 1));
        assert_eq!(store.key_usage().await.expect("it answers")[&key].requests, 20);
    }
}

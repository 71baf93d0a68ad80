use std::time::Duration;

use ferrogw_control_plane::store::{
    Areas, Dimension, Figures, KeyFilter, KeyUse, LogEntry, LogItem, LogRecord, LogSum, Store, Tokens, Usage, UsageQuery,
};
use sea_orm::ConnectionTrait as _;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::home::{Home, Kind};
use crate::records::{NOON, day, deliver, failed, record, sum};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

async fn usage(store: &Store, query: UsageQuery) -> Usage {
    store.usage(&query).await.expect("it answers")
}

/// Steps that are not empty: hours since noon and requests.
fn busy(usage: &Usage) -> Vec<(i64, u64)> {
    let steps = usage.series.iter().filter(|step| step.figures.requests > 0);
    steps.map(|step| ((step.start - NOON).whole_hours(), step.figures.requests)).collect()
}

fn groups(usage: &Usage) -> Vec<(&str, u64)> {
    usage.groups.iter().map(|group| (group.name.as_str(), group.figures.requests)).collect()
}

on_every_database! {
    async fn a_step_adds_up_what_was_used_in_it(home: &Home) {
        let store = home.store().await;
        let slow = LogRecord { started_at: NOON + MINUTE * 59, duration: Duration::from_secs(61), first_content: Some(MINUTE), ..record() };
        deliver(&store, [record()]).await;
        deliver(&store, [slow, failed("boom"), LogRecord { started_at: NOON + HOUR, ..record() }]).await;
        let told = usage(&store, day()).await;
        assert_eq!((told.series.len(), told.step, told.since, told.until), (24, HOUR, NOON, NOON + HOUR * 24));
        assert_eq!(busy(&told), [(0, 3), (1, 1)]);
        let Figures { requests, errors, tokens, cost_nanos, unpriced, latency, first_content } = &told.series[0].figures;
        assert_eq!((*requests, *errors, *cost_nanos, *unpriced), (3, 1, 2_000, 1));
        assert_eq!(*tokens, Tokens { input: 20, output: 10, ..Tokens::default() });
        let latency = latency.as_ref().expect("it was measured");
        assert_eq!((latency.count, latency.max, latency.mean), (3, Duration::from_secs(61), Duration::from_micros(20_386_666)));
        let first_content = first_content.as_ref().expect("it was measured");
        assert_eq!((first_content.count, first_content.p50, first_content.max), (1, MINUTE, MINUTE));
        assert_eq!(told.summary.requests, 4);
        assert_eq!(told.series[5].figures, Figures::default());
    }

    async fn percentiles_are_near_and_maximum_and_mean_are_exact(home: &Home) {
        let store = home.store().await;
        for part in 0..4 {
            let took = |millis| LogRecord { duration: Duration::from_millis(millis), ..record() };
            deliver(&store, (1..=250).map(|number| took(part * 250 + number))).await;
        }
        let latency = usage(&store, day()).await.summary.latency.expect("it was measured");
        for (told, exact) in [(latency.p50, 500.0), (latency.p95, 950.0), (latency.p99, 990.0)] {
            let told = told.as_secs_f64() * 1e3;
            assert!((told - exact).abs() <= exact * 0.044, "{told} for {exact}");
        }
        assert_eq!((latency.max, latency.mean, latency.count), (Duration::from_secs(1), Duration::from_micros(500_500), 1_000));
    }

    async fn figures_are_told_by_provider_model_and_key(home: &Home) {
        let (store, key) = (home.store().await, Uuid::now_v7());
        let other = LogRecord { provider: "groq".to_owned(), model: "llama".to_owned(), key_id: Some(key), ..record() };
        deliver(&store, [record(), record(), other]).await;
        let by = async |dimension| usage(&store, UsageQuery { groups: Some(dimension), ..day() }).await;
        assert_eq!(groups(&by(Dimension::Provider).await), [("openai", 2), ("groq", 1)]);
        assert_eq!(groups(&by(Dimension::Model).await), [("gpt-4o-mini", 2), ("llama", 1)]);
        let keys = by(Dimension::Key).await;
        assert_eq!(groups(&keys), [(Uuid::nil().to_string().as_str(), 2), (key.to_string().as_str(), 1)]);
        assert_eq!(keys.groups[1].figures.latency.as_ref().expect("it was measured").p50, Duration::from_millis(80));
        assert_eq!(keys.other, None);
    }

    async fn figures_follow_the_filter(home: &Home) {
        let (store, key) = (home.store().await, Uuid::now_v7());
        let other = LogRecord { provider: "groq".to_owned(), model: "llama".to_owned(), key_id: Some(key), ..record() };
        deliver(&store, [record(), record(), other]).await;
        let counts = async |query| usage(&store, query).await.summary.requests;
        assert_eq!(counts(UsageQuery { key: Some(KeyFilter::Id(key)), ..day() }).await, 1);
        assert_eq!(counts(UsageQuery { key: Some(KeyFilter::None), ..day() }).await, 2);
        assert_eq!(counts(UsageQuery { provider: Some("groq".to_owned()), ..day() }).await, 1);
        assert_eq!(counts(UsageQuery { model: Some("gpt-4o-mini".to_owned()), ..day() }).await, 2);
        let keyed = UsageQuery { key: Some(KeyFilter::Id(key)), groups: Some(Dimension::Key), ..day() };
        assert_eq!(groups(&usage(&store, keyed).await), [(key.to_string().as_str(), 1)]);
    }

    async fn beyond_fifty_groups_the_rest_is_one(home: &Home) {
        let store = home.store().await;
        let of = |number: u64| LogRecord {
            model: format!("model-{number:02}"),
            duration: Duration::from_millis(if number < 50 { 10 } else { 1_000 }),
            ..record()
        };
        deliver(&store, (0..60).flat_map(|number| std::iter::repeat_n(number, if number < 50 { 2 } else { 1 })).map(of)).await;
        let told = usage(&store, UsageQuery { groups: Some(Dimension::Model), ..day() }).await;
        let other = told.other.expect("there is a rest");
        assert_eq!((told.groups.len(), told.groups[0].name.as_str(), other.requests), (50, "model-00", 10));
        let latency = other.latency.expect("it was measured");
        assert_eq!((latency.count, latency.max, latency.mean), (10, Duration::from_secs(1), Duration::from_secs(1)));
        assert!(latency.p50 > Duration::from_millis(950), "{latency:?}");
    }

    async fn ranges_over_days_are_whole_whatever_their_ends(home: &Home) {
        let store = home.store().await;
        let at = |hours: u32| LogRecord { started_at: NOON + HOUR * hours, ..record() };
        deliver(&store, (0..96).map(at)).await;
        for (since, until, count) in [(0, 96, 96), (5, 90, 85), (11, 13, 2), (12, 36, 24), (3, 12, 9)] {
            let query = UsageQuery {
                since: NOON + HOUR * since, until: NOON + HOUR * until, points: 240, groups: Some(Dimension::Provider), ..day()
            };
            let told = usage(&store, query).await;
            assert_eq!((told.summary.requests, groups(&told)), (count, vec![("openai", count)]), "{since} to {until}");
        }
    }

    async fn ragged_ends_are_widened_and_told(home: &Home) {
        let store = home.store().await;
        deliver(&store, [record()]).await;
        let query = UsageQuery { since: NOON + MINUTE * 20, until: NOON + MINUTE * 70, points: 60, ..day() };
        let told = usage(&store, query).await;
        // So long ago, minutes are not told apart any more.
        assert_eq!((told.since, told.until, told.step, told.summary.requests), (NOON, NOON + HOUR * 2, HOUR, 1));
    }

    async fn one_point_is_the_range_itself(home: &Home) {
        let store = home.store().await;
        deliver(&store, (0..30).map(|hour| LogRecord { started_at: NOON + HOUR * hour, ..record() })).await;
        let query = UsageQuery { since: NOON + HOUR * 2, until: NOON + HOUR * 26, points: 1, groups: Some(Dimension::Model), ..day() };
        let told = usage(&store, query).await;
        assert_eq!((told.since, told.until, told.step, told.series.len()), (NOON + HOUR * 2, NOON + HOUR * 26, HOUR * 24, 1));
        assert_eq!((told.summary.requests, told.series[0].figures.requests, groups(&told)), (24, 24, vec![("gpt-4o-mini", 24)]));
    }

    async fn what_was_lately_is_told_by_minutes(home: &Home) {
        let (store, now) = (home.store().await, OffsetDateTime::now_utc());
        deliver(&store, [LogRecord { started_at: now - MINUTE * 2, ..record() }, LogRecord { started_at: now, ..record() }]).await;
        let told = usage(&store, UsageQuery { since: now - MINUTE * 10, until: now, points: 10, ..day() }).await;
        let counts: Vec<u64> = told.series.iter().map(|step| step.figures.requests).filter(|count| *count > 0).collect();
        assert_eq!((told.step, counts), (MINUTE, vec![1, 1]));
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

    async fn a_sum_counts_for_its_key_and_its_hour_but_was_not_measured(home: &Home) {
        let (store, key) = (home.store().await, Uuid::now_v7());
        let item = LogItem { sequence: 1, entry: LogEntry::Sum(LogSum { key_id: Some(key), ..sum(20) }) };
        store.record(Uuid::now_v7(), 1, &[item]).await.expect("it is stored");
        let told = usage(&store, UsageQuery { key: Some(KeyFilter::Id(key)), ..day() }).await;
        let Figures { requests, errors, cost_nanos, unpriced, latency, .. } = &told.series[0].figures;
        assert_eq!((*requests, *errors, *cost_nanos, *unpriced, latency.is_none()), (20, 1, 9_000, 1, true));
        assert_eq!(store.key_usage().await.expect("it answers")[&key].requests, 20);
    }
}

on_lasting_databases! {
    async fn what_the_old_table_holds_is_carried_over(home: &Home) {
        home.store().await.close().await;
        for statement in ["DROP TABLE rollup", "DELETE FROM seaql_migrations WHERE version >= 'm0018_rollup'"] {
            home.execute(statement).await;
        }
        let minutes = NOON.unix_timestamp() / 60;
        for (minute, key) in [(minutes, 1), (minutes + 1, 1), (minutes + 61, 2)] {
            let key = Uuid::from_u128(key).simple();
            let key = if home.kind == Kind::Postgres { format!("'{key}'") } else { format!("x'{key}'") };
            let zeros = ["0"; 12].join(", ");
            let insert = format!(
                "INSERT INTO usage_minute VALUES ({minute}, {key}, 'openai', 'gpt-4o', 5, 1, 10, 0, 0, 0, 3, 0, 0, 0, 700, 2, {zeros})"
            );
            home.execute(&insert).await;
            let used = NOON.unix_timestamp() * 1_000_000;
            home.execute(&format!("INSERT INTO key_use VALUES ({key}, 5, {used}, 700, 2) ON CONFLICT DO NOTHING")).await;
        }
        let store = Store::open(&Areas::all_in(home.backend.clone())).await.expect("the store opens");
        let told = usage(&store, UsageQuery { groups: Some(Dimension::Key), ..day() }).await;
        assert_eq!(busy(&told), [(0, 10), (1, 5)]);
        assert_eq!((told.summary.cost_nanos, told.summary.unpriced, told.summary.errors), (2_100, 6, 3));
        assert_eq!(groups(&told), [(Uuid::from_u128(1).to_string().as_str(), 10), (Uuid::from_u128(2).to_string().as_str(), 5)]);
        assert!(told.summary.latency.is_none());
        deliver(&store, [LogRecord { model: "gpt-4o".to_owned(), ..record() }]).await;
        assert_eq!(busy(&usage(&store, day()).await), [(0, 11), (1, 5)]);
        let count = home.raw().await.execute_unprepared("DELETE FROM rollup WHERE grain = 0").await.expect("it answers");
        // Three minutes of a key, as many of all keys and of everything, and the new request's, of which two were there already.
        assert_eq!(count.rows_affected(), 10);
    }

    async fn figures_of_everything_are_made_of_those_that_were_there_before(home: &Home) {
        let store = home.store().await;
        let slow = LogRecord { model: "other".to_owned(), duration: Duration::from_secs(61), first_content: Some(MINUTE), ..record() };
        deliver(&store, [record(), record(), slow, failed("boom"), LogRecord { started_at: NOON + HOUR, ..record() }]).await;
        let before = usage(&store, day()).await;
        store.close().await;
        let everything = Uuid::from_u128(u128::MAX - 1);
        let everything = if home.kind == Kind::Postgres { format!("'{everything}'") } else { format!("x'{}'", everything.simple()) };
        home.execute(&format!("DELETE FROM rollup WHERE key_id = {everything}")).await;
        home.execute("DELETE FROM seaql_migrations WHERE version = 'm0019_everything'").await;
        let store = Store::open(&Areas::all_in(home.backend.clone())).await.expect("the store opens");
        assert_eq!(usage(&store, day()).await, before);
        deliver(&store, [record()]).await;
        assert_eq!(usage(&store, day()).await.summary.requests, 6);
    }
}

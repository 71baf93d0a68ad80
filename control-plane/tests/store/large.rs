//! A log of a hundred thousand requests: figures and lists agree, and whatever pages ask, an index leads to it.

use std::time::Duration;

use ferrogw_control_plane::store::{
    Areas, Beginning, Dimension, KeyFilter, LogFilter, LogRecord, Page, StatsFilter, StatusFilter, Store, UsageQuery,
};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::home::Home;
use crate::records::{NOON, deliver, failed, record};

const ALL: u32 = 100_000;
const STEP: Duration = Duration::from_millis(100);
const END: OffsetDateTime = NOON.saturating_add(time::Duration::milliseconds(100 * ALL as i64));

/// One of 35 keys, one of 20 models of 5 providers; every 40th failed, every second streamed.
fn request(number: u32) -> LogRecord {
    let model = number % 20;
    let base = if number.is_multiple_of(40) { failed("boom") } else { record() };
    LogRecord {
        started_at: NOON + STEP * number,
        key_id: Some(key(number % 7 * 5 + number % 5)),
        provider: format!("provider-{}", model % 5),
        model: format!("model-{model}"),
        stream: number.is_multiple_of(2),
        ..base
    }
}

fn key(number: u32) -> Uuid {
    Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0000 + u128::from(number))
}

async fn filled(home: &Home) -> Store {
    let store = home.store().await;
    for first in (0..ALL).step_by(2_000) {
        deliver(&store, (first..first + 2_000).map(request)).await;
    }
    home.execute("ANALYZE").await;
    store
}

/// How often the table was read from its beginning to its end. A connection tells what it did when it has ended.
async fn scans(home: &Home) -> i64 {
    let database = home.raw().await;
    let number = async |question: &str| -> i64 {
        let row = database.query_one_raw(Statement::from_string(DbBackend::Postgres, question)).await;
        row.expect("it answers").expect("there is a row").try_get_by_index(0).expect("a number")
    };
    let end_others = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() \
                      AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
    while number(end_others).await > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    number("SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'request_log'").await
}

async fn total(store: &Store, filter: LogFilter) -> (u64, bool) {
    let page = store.logs(&filter, Page::first(50), None).await.expect("it answers");
    (page.total, page.more)
}

on_databases! { [(on_postgres, Postgres)]
    async fn a_hundred_thousand_requests_are_told_alike_by_figures_and_lists(home: &Home) {
        filled(home).await.close().await;
        let before = scans(home).await;
        let store = Store::open(&Areas::all_in(home.backend.clone())).await.expect("the store opens");

        for dimension in [Dimension::Model, Dimension::Provider, Dimension::Key] {
            let query = UsageQuery {
                since: NOON, until: END, points: 72, groups: Some(dimension), key: None, provider: None, model: None,
            };
            let told = store.usage(&query).await.expect("it answers");
            let stepwise: u64 = told.series.iter().map(|step| step.figures.requests).sum();
            let grouped: u64 = told.groups.iter().map(|group| group.figures.requests).sum();
            assert_eq!((told.summary.requests, told.summary.errors, stepwise, grouped), (100_000, 2_500, 100_000, 100_000));
            assert_eq!(told.summary.latency.expect("it was measured").count, 100_000);
        }

        let of = LogFilter::default;
        assert_eq!(total(&store, of()).await, (10_000, true));
        assert_eq!(total(&store, LogFilter { model: Some("model-7".to_owned()), ..of() }).await, (5_000, false));
        assert_eq!(total(&store, LogFilter { key: Some(KeyFilter::Id(key(3))), ..of() }).await, (2_857, false));
        assert_eq!(total(&store, LogFilter { status: Some(StatusFilter::Failed), ..of() }).await, (2_500, false));
        assert_eq!(total(&store, LogFilter { status: Some(StatusFilter::Exactly(429)), ..of() }).await, (0, false));
        assert_eq!(total(&store, LogFilter { text: Beginning::parse("zzzz"), ..of() }).await, (0, false));
        let late = LogFilter { since: Some(END - STEP * 100), stream: Some(true), ..of() };
        assert_eq!(total(&store, late).await, (50, false));

        let (mut cursor, mut seen) = (None, 0);
        for _ in 0..20 {
            let (rows, next) = store.log_rows(&of(), 5_000, cursor).await.expect("it answers");
            (cursor, seen) = (next, seen + rows.len());
        }
        assert_eq!((seen, cursor), (100_000, None));

        store.close().await;
        assert_eq!(scans(home).await, before, "a page read the whole table");

        // No page asks for statistics, which may.
        let store = Store::open(&Areas::all_in(home.backend.clone())).await.expect("the store opens");
        let rows = LogFilter { since: Some(NOON), until: Some(END), ..of() };
        let stats = store.log_stats(&StatsFilter { rows, groups: 0, buckets: 10 }).await.expect("it answers");
        let points: u64 = stats.series.expect("a series").points.iter().map(|point| point.totals.requests).sum();
        assert_eq!((stats.summary.requests, stats.failed.requests, points), (100_000, 2_500, 100_000));
        assert_eq!((stats.by_provider.len(), stats.by_model.len()), (5, 20));
        assert_eq!(stats.latency.expect("it was measured").count, 100_000);
        let rows = LogFilter { model: Some("model-7".to_owned()), status: Some(StatusFilter::Succeeded), ..of() };
        let stats = store.log_stats(&StatsFilter { rows, groups: 0, buckets: 0 }).await.expect("it answers");
        assert_eq!((stats.summary.requests, stats.by_provider.len()), (5_000, 1));
    }
}
